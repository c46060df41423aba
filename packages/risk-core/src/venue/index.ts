/*
 * The published rules of venues. What every venue has in some form, tier tables and the price at which a position is
 * liquidated, stands here by its own name; what only one venue does stands under the venue's.
 */
export {
  type AboveLastTier,
  type Boundary,
  chargeOf,
  type DeductionTier,
  type LeverageTier,
  leverageMaxFor,
  marginalCharge,
  type RateTier,
  tierIndex,
  withDeductions,
} from "./tier-table.js";
export {
  type LiquidationPrice,
  type LiquidationQuestion,
  liquidationPrice,
  notionalAt,
  priceInTier,
} from "./liquidation-price.js";
export {
  LIQUIDATION_RULES,
  type LiquidationRule,
  stopBefore,
  type VenueTier,
  venueLiquidationPrice,
} from "./liquidation-rules.js";
export { type PayoffRule, profitBetween } from "./profit.js";
export {
  collateralSoldFor,
  fundingReceived,
  INTEREST_RULES,
  type InterestRule,
  type LeveragedTrade,
  loanInterest,
  type TradeProfit,
  tradeProfit,
} from "./leveraged-trade.js";
export { type LinearRate, linearRateMargin, type SteppedRate, steppedRates } from "./size-rates.js";
export * as binance from "./binance.js";
export * as drift from "./drift/index.js";
export * as dydx from "./dydx/index.js";
export * as hyperliquid from "./hyperliquid.js";
export * as mango from "./mango/index.js";
export * as okx from "./okx.js";
export * as paradex from "./paradex.js";
export * as synthetix from "./synthetix.js";
export * as vega from "./vega/index.js";
export {
  type ArrayScenario,
  type CommodityParts,
  commodityRequirement,
  futureArray,
  portfolioArray,
  scanRisk,
} from "./risk-array.js";
export { flooredMargin, futureContingency, nettedShortOptions, offsetFutures } from "./contingency.js";
export * as derive from "./derive.js";
