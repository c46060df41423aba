/* The inner door of pricing, in the order of docs/method/pricing.md. */
export { exponential, logRatio } from "./elementary.f64.js";
export { cumulativeNormal, normalDensity, normalQuantile, scaledTail } from "./normal.f64.js";
export { black76Call, black76CallDelta, black76Put } from "./black76.f64.js";
export { black76Column, type OptionColumns } from "./black76-column.f64.js";
export { type OptionType, type OutsideDomain, PRICING_DOMAIN, type PricedInput } from "./domain.f64.js";
export { type OnTheKink, type OptionGreeks, optionGreeks, type OptionTerms, priceOption } from "./price-option.f64.js";
export { type SpotOptionGreeks, spotOptionGreeks, type SpotOptionTerms } from "./black-scholes.f64.js";
export {
  type InverseOptionGreeks,
  inverseOptionGreeks,
  type InverseOptionTerms,
  priceInverseOption,
} from "./inverse-option.f64.js";
export { impliedVolatility, type NoVolatility, type PricedOption } from "./implied-volatility.f64.js";
export {
  type SmileRefused,
  smileRefused,
  type SviPoint,
  sviPoint,
  type SviSmile,
  sviTotalVariance,
  sviVolatility,
} from "./svi.f64.js";
export { type ExtremeNotReached, fixedLookback, floatingLookback, type LookbackTerms } from "./lookback.f64.js";
export { type ChainConsistency, chainConsistency, type ChainQuote } from "./chain-consistency.f64.js";
export {
  type AverageTerms,
  continuousGeometricAsian,
  discreteGeometricAsian,
  type FixingSchedule,
  type FixingsRefused,
} from "./geometric-asian.f64.js";
export {
  averageDeviation,
  type FixedForwardRefused,
  type SettlingOption,
  settlingOption,
  type SettlingTerms,
} from "./settlement-average.f64.js";
