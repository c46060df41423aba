export { type MonotonicMillis, toMonotonicMillis } from "./monotonic-millis.js";
export {
  type IndexRules,
  loadIndexRules,
  type SourceId,
  sourceId,
  type SourceRole,
  type SourceRule,
} from "./index-rules.js";
export { exactPrice } from "./price-units.js";
export { type CappedMedian, cappedMedian, type WeightedPrice } from "./capped-median.js";
export type { Exclusion, ExclusionReason, PriceOf } from "./agreement.js";
export type { SourceQuote, SourceTick } from "./source-quote.js";
export {
  type FreezeReason,
  type IndexCondition,
  type IndexEvent,
  type IndexPrice,
  type IndexState,
  isUsable,
  reduceIndex,
  silentIndex,
  UnknownSource,
} from "./index-price.js";
