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
export {
  type CalmAndStressed,
  type MarketRisk,
  type PoolExposure,
  type RiskScore,
  riskScore,
} from "./risk-score.f64.js";
export { type EstimatedRisk, estimatedRisk } from "./estimated-risk.f64.js";
export { type ScoreRule, STANDARD_SCORE_RULE } from "./score-rule.js";
export { type ScoredAccount, type ScoredMarket, scoredMarket, type ScoreSetting } from "./scored-account.js";
export { DimensionTooLarge, SEED_MAX, SOBOL_DIMENSION_MAX } from "./uniform-draws.f64.js";
