import type { UtcMillis } from "@ballast/model";

/** Dependency-injection names of what is not a class. */
export const STORE = Symbol("store");
export const CONFIG = Symbol("config");
export const CLOCK = Symbol("clock");
export const MARKET_RULES = Symbol("market-rules");
export const MONOTONIC = Symbol("monotonic");

/** The only place the API reads the time from. */
export type Clock = () => UtcMillis;

/** Milliseconds on a clock that only runs forward, from an origin that means nothing: for ages, never for dates. */
export type MonotonicClock = () => number;

/** The margin method that this build computes with; part of the snapshot that every margin answer names. */
export const ENGINE_VERSION = "standard-cross-1";
/** The version of the HTTP API's document. */
export const API_VERSION = "0.1.0";
