export * from "./bank.js";
export * from "./health.js";
export * from "./perp-position.js";
export * from "./perp-liquidation.js";
