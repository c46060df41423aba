export { type FactorModel, type PathMaker, pathMaker } from "./factor-model.f64.js";
export {
  lossesTogether,
  type SimulatedTail,
  simulatedTail,
  simulateBlock,
  type Simulation,
} from "./monte-carlo.f64.js";
export type { SimulatedPosition, VolatilityResponse } from "./revaluation.f64.js";
export { type MarketRisk, type PoolExposure, type RiskScore, riskScore } from "./risk-score.f64.js";
export { DimensionTooLarge, pseudoRandom, SOBOL_DIMENSION_MAX, sobol, type UniformDraws } from "./uniform-draws.f64.js";
