export * from "./account.js";
export * from "./client.js";
export * from "./lending.js";
export * from "./liquidation.js";
export * from "./weights.js";
