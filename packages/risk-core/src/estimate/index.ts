export { NoEstimate, type NoEstimateCode } from "./no-estimate.js";
export {
  type Candle,
  type History,
  HISTORY_RULES,
  type HistoryFinding,
  type HistoryRules,
  readHistory,
} from "./candles.f64.js";
export { type AcrossHoles, logMoves, type Moves } from "./returns.f64.js";
export { type RangeEstimator, rangeVariance, rollingRangeVariance } from "./range-volatility.f64.js";
export {
  ewmaCorrelation,
  ewmaCovariance,
  ewmaVariances,
  nextEwma,
  nextEwmaCovariance,
  normalisedEwmaVariance,
} from "./ewma.f64.js";
export {
  fitGarch,
  garchForecast,
  type GarchFit,
  garchLogLikelihood,
  type GarchParameters,
  garchVariances,
  nextGarch,
  PERSISTENCE_MAX,
} from "./garch.f64.js";
export { filteredScenarios, standardisedMoves } from "./filtered-history.f64.js";
export {
  kendallCorrelation,
  pearsonCorrelation,
  sampleCovariance,
  spearmanCorrelation,
} from "./covariance.f64.js";
export {
  ledoitWolfCorrelation,
  ledoitWolfCovariance,
  oasCovariance,
  type Shrunk,
  shrunkCorrelation,
} from "./shrinkage.f64.js";
export {
  clippedCorrelation,
  eigenvalues,
  nearestCorrelation,
  type RepairedCorrelation,
} from "./nearest-correlation.f64.js";
export { correlationOf, matrixRows, type SquareMatrix, squareMatrix } from "./square-matrix.f64.js";
export { decayFreeMean, growingStressedMean, stressedMean, type Window } from "./stressed-window.f64.js";
export { tailDependence, type TailDependence } from "./tail-dependence.f64.js";
export { quantile, type SortedSample, sortedSample } from "./quantile.f64.js";
export { linearLosses, tailLoss, type TailLoss } from "./historical-loss.f64.js";
export { normalTailLoss, type PortfolioDeviation, portfolioDeviation } from "./parametric-loss.f64.js";
export {
  type CoverageTest,
  kupiecTest,
  kupiecVerdict,
  type KupiecVerdict,
  largestRise,
  type LikelihoodRatio,
  peakToTrough,
  testCoverage,
  type TrafficLight,
  worstWindow,
} from "./coverage-test.f64.js";
export {
  type BenchmarkRate,
  type BenchmarkTail,
  ewmaRate,
  filteredHistoricalRate,
  historicalRate,
} from "./benchmark-rates.f64.js";
export {
  equalSafetyFactor,
  type MarginScore,
  type MarginSeries,
  scoreMargins,
  sumYears,
  SWING_DAYS,
  VERDICT_DAYS,
  type WindowVerdict,
  worstYear,
  type YearCount,
} from "./margin-score.f64.js";
export {
  type EventMultiplier,
  eventCalendar,
  InvalidEvent,
  largestMultiplier,
  type MarginEvent,
  multiplierAt,
} from "./event-calendar.js";
export { EVENT_CALENDAR, readEventCalendar } from "./event-document.js";
