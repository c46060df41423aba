/*
 * Published rules of venues about liquidation and deleveraging, each under the venue's name. They are there to be compared with;
 * the house has its own rules.
 */
export * as bitmex from "./bitmex.js";
export * as bybit from "./bybit.js";
export * as hyperliquid from "./hyperliquid.js";
export * as paradex from "./paradex.js";
export * as vega from "./vega.js";
