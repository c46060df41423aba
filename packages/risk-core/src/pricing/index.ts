/* The inner door of pricing: what other chapters of the risk core may use. */
export { exponential, logRatio } from "./elementary.f64.js";
export { cumulativeNormal, normalDensity, normalQuantile, scaledTail } from "./normal.f64.js";
export { black76Call, black76Put } from "./black76.f64.js";
