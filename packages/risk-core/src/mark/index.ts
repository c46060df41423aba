/* The inner door of the mark. */
export { bookPrice, type OwnBook } from "./own-book.js";
export { type AveragedBasis, averagedUntil, noBasis, observeBasis } from "./averaged-basis.js";
export type { Mark, MarkForms } from "./mark-forms.js";
export { fairPerpetual, markPerpetual, type PerpetualMarkRules, type PerpetualQuote } from "./perpetual-mark.js";
export { type DatedFutureMarkRules, type DatedFutureQuote, markDatedFuture } from "./dated-future-mark.js";
export { type Samples, type SamplesTooFew, type SamplingRules, NO_SAMPLES } from "./regular-samples.js";
export {
  openShare,
  sampleSettlement,
  settlementBlend,
  settlementPrice,
  type SettlingDelta,
  settlingDelta,
} from "./settlement.js";
export { followStable, type StablePrice, type StablePriceRules } from "./stable-price.js";
export {
  damped,
  fundingRate,
  type FundingRules,
  impactNotional,
  type ImpactPrices,
  premiumOf,
  samplePremium,
} from "./funding-rate.js";
export {
  type FundedContract,
  type FundedPosition,
  type Funding,
  fundingOf,
  type FundingPayment,
  fundingPayments,
} from "./funding-payments.js";
export { accruedFunding, fundingSince, type PremiumStretch } from "./funding-index.js";
export {
  type LiveMarketRules,
  liveMarketRules,
  type MarkedDatedFuture,
  type MarkedInstrument,
  type MarkedPerpetual,
  MarketRulesMismatch,
} from "./live-market-rules.js";
export { loadLiveMarketRules } from "./live-market-document.js";
export { STANDARD_SOURCES, standardMarketRules } from "./standard-market.js";
export { printLiveMarket, readLiveMarket } from "./live-market-record.js";
export {
  type MadeMarket,
  madeTicks,
  MalformedTickFile,
  type MarketFeed,
  playFeed,
  replayTicks,
} from "./market-feed.js";
export {
  type EndedFunding,
  type FundingLook,
  impactPrices,
  type LiveFundingRules,
  lookAtFunding,
  type RunningFunding,
} from "./live-funding.js";
export {
  type FundingOf,
  isComplete,
  type LiveMarket,
  type LiveSnapshot,
  liveSnapshot,
  type MarketEvent,
  type Moment,
  reduceMarket,
  silentMarket,
  takeFundings,
  UnknownInMarket,
} from "./live-market.js";
export { type ExpiryQuotes, type OptionQuote, type UnusableQuote, type VolPoint, volPoints } from "./vol-points.f64.js";
export type { QuadraticSmile, Smile } from "./smile.f64.js";
export { type FitQuality, fitSmile, type FittedSmile } from "./fit-smile.f64.js";
export {
  type ExpiryReport,
  fitSurface,
  type SurfaceExpiry,
  type SurfaceRules,
  surfaceVolatility,
  type VolatilityUnknown,
  type VolSurface,
} from "./vol-surface.f64.js";
export { type MarkedOption, markOption, type OptionToMark } from "./option-mark.f64.js";
export {
  type ParityCosts,
  type ParityDeviation,
  type ParityReport,
  parityReport,
} from "./put-call-parity.f64.js";
