export {
  BALLAST_BOOKS,
  BALLAST_HYBRID,
  BALLAST_HYBRID_2,
  type BookRecipe,
  type RateRecipe,
  YOUNG_RULE,
  type YoungRule,
} from "./recipe.js";
export {
  type DayMove,
  observeDay,
  UNSEEN,
  type VolatilityForecast,
  volatilityForecast,
  type VolatilityState,
} from "./volatility-state.f64.js";
export {
  horizonLogRate,
  limitedLogRate,
  longRate,
  shortRate,
  steppedLogRate,
  type Volatilities,
  volatilitiesOf,
  widthOf,
} from "./rate.f64.js";
export {
  type AssetRate,
  type DayRates,
  rateStream,
  type RateStream,
  type StandardisedHistory,
} from "./rate-stream.f64.js";
export {
  calmCorrelation,
  type JointHistory,
  jointHistory,
  jointScenarios,
  type JointShortfall,
  jointShortfall,
  linearLegLosses,
  shortfallOf,
} from "./joint-history.f64.js";
export { type BookLeg, type InsideLoss } from "./leg-profile.f64.js";
export { BOOK_VIEWS, type BookMargin, type BookView, bookViews } from "./book-views.f64.js";
export { type LinearBookMargin, linearBookMargin, linearLeg } from "./linear-book.f64.js";
export { shockedVolatility, type ShockedVolatility, skewShock } from "./volatility-shock.f64.js";
export { haircutOf, PEG_PARTS, type PegClass, type PegPart } from "./haircut.f64.js";
export {
  benchmarkModels,
  hybridModel,
  meanMarginAt,
  rateJudge,
  type RateJudge,
  type RateModel,
} from "./rate-backtest.f64.js";
export { bookJudge, type BookJudge, type BookResult, type JudgedBook } from "./book-backtest.f64.js";
export {
  type BookHorizonScore,
  type HorizonScore,
  type HourlyCloses,
  scoreBookHorizon,
  scoreHorizon,
} from "./horizon-backtest.f64.js";
export type { EstimatedFrom, Proposal, ProposalWarning } from "./proposal/proposal.f64.js";
export { proposeScanRange, type ScanRange } from "./proposal/scan-range.f64.js";
export { type CollateralHaircut, type CollateralHistory, proposeHaircut } from "./proposal/collateral-haircut.f64.js";
export {
  type ExpiryBucket,
  proposeVolatilityShock,
  type VolatilityChange,
  type VolatilityShock,
} from "./proposal/volatility-shock.f64.js";
export { type CorrelationRegimes, proposeCorrelationRegimes } from "./proposal/correlation-regimes.f64.js";
export {
  type OpenInterestCap,
  type OpenInterestHistory,
  type OpenInterestRules,
  proposeOpenInterestCap,
} from "./proposal/open-interest-cap.f64.js";
