export { type FactorModel } from "./factor-model.f64.js";
export {
  type ExchangeLosses,
  lossesOnMoves,
  lossesTogether,
  type PreparedSimulation,
  prepareSimulation,
  type Simulation,
} from "./monte-carlo.f64.js";
export { OptionNotSimulated, type SimulatedPool, simulatedPool } from "./simulated-pool.js";
export {
  type RevaluedBooks,
  type SimulatedPosition,
  STANDARD_VOLATILITY_RESPONSE,
  type VolatilityResponse,
} from "./revaluation.f64.js";
export {
  type HistoricalTail,
  historicalTail,
  joined,
  replicatedMean,
  replicatedTail,
  type SimulatedMean,
  simulatedMean,
  type SimulatedTail,
  simulatedTail,
} from "./simulated-tail.f64.js";
export { type MarketRisk, type PoolExposure, type RiskScore, riskScore } from "./risk-score.f64.js";
export { DimensionTooLarge, SEED_MAX, SOBOL_DIMENSION_MAX } from "./uniform-draws.f64.js";
