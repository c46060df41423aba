import type { UtcMillis } from "@ballast/model";

/** Dependency-injection names of what is not a class. */
export const STORE = Symbol("store");
export const CONFIG = Symbol("config");
export const CLOCK = Symbol("clock");
export const MARKET_RULES = Symbol("market-rules");

/** The only place the API reads the time from. */
export type Clock = () => UtcMillis;

/** The margin method that this build computes with; part of the snapshot that every margin answer names. */
export const ENGINE_VERSION = "standard-cross-1";
/** The version of the HTTP API's document. */
export const API_VERSION = "0.1.0";
