export { type Assessment, assessAccount } from "./pipeline.js";
export {
  type PortfolioBreakdown,
  type PortfolioLevel,
  portfolioParametersOf,
} from "./portfolio-account/portfolio-margin.js";
export { MissingPrice } from "./mark/prices.js";
export type { CollateralLine } from "./collateral/equity.js";
export { notionalOf } from "./position/exposure.js";
export { unrealisedProfit } from "./position/unrealised-profit.js";
export { afterFill, type ImaginedFill } from "./position/after-fill.js";
export { assessHealth, assessPrepared } from "./scan/assess-health.js";
export { type PreparedMarket, prepareMarket } from "./scan/prepared-market.js";
export { healthState, isHouse } from "./decision/health.js";
export { admit, isNoRiskier } from "./decision/admit.js";
export { admitMarginMode } from "./decision/margin-mode.js";
export { creditMarket } from "./decision/credit-market.js";
export { admitAtFrozenPrices, isReduction, releaseAtFrozenPrices } from "./decision/frozen-price.js";
export { checkWithdrawal } from "./decision/withdraw.js";
export { executionPrice, type MarketOrder } from "./liquidation/execution-price.js";
export { type ChargedTrade, liquidationFee } from "./liquidation/liquidation-fee.js";
export type { PlanChoice, PlannedLiquidation } from "./liquidation/planned-liquidation.js";
export { isClosedWhole, planForAccount } from "./liquidation/plan-for-account.js";
export { type AppliedPolicy, policyFor, SPEED_MS, standardPolicyParameters } from "./liquidation/applied-policy.js";
export { InvalidParameters } from "./parameters/invalid-parameters.js";
export type { Json } from "./parameters/fields.js";
export { loadRiskParameters } from "./parameters/load.js";
export { printRiskParameters } from "./parameters/print.js";
export { standardParameters } from "./parameters/standard.js";
export { bankruptcyPrices } from "./liquidation/bankruptcy-price.js";
export { adlCandidates, afterClosing, type Side } from "./liquidation/adl/candidates.js";
export { type LossShare, socialise, type WeightedHolder } from "./liquidation/socialise.js";
export type { CoveragePayment, WaterfallLayers } from "./liquidation/coverage.js";
export type { DeleveragingLine, TakeoverFill } from "./liquidation/deleverage.js";
export type { Debt } from "./liquidation/solvency.js";
export { exceedsFund, planTakeover, type TakeoverConversion, type TakeoverPlan } from "./liquidation/takeover.js";
export { planDisposal } from "./liquidation/disposal.js";
export * from "./liquidation/planner/index.js";
export { type Netting, type NettedFill, netOrders, type PendingOrder } from "./liquidation/netting.js";
export {
  ALTERNATIVE_POLICIES,
  choosePolicy,
  type LiquidationPolicy,
  type MarketCondition,
  type PolicyReason,
  type PolicyRules,
  settledVolatility,
  STANDARD_POLICY,
} from "./liquidation/policy.f64.js";
export {
  type AuctionBid,
  type AuctionedAccount,
  auctionFee,
  type AuctionRules,
  bidFor,
  bufferMargin,
  insolventPrice,
  insolventTake,
  largestShare,
  priceFactor,
  wholePrice,
} from "./liquidation/auction.js";
export {
  type AuctionOffer,
  type AuctionSale,
  type AuctionStanding,
  auctionStanding,
  type AuctionTerms,
  planAuctionSale,
  type RunningAuction,
  STANDARD_AUCTION,
} from "./liquidation/takeover-auction.js";
export {
  disposalSize,
  type DisposalPace,
  type MarketCap,
  type StressBudget,
  type TakeoverShare,
  takeoverShare,
} from "./liquidation/backstop.js";
export {
  type AccountDebt,
  type BrakeVerdict,
  debtAfter,
  type DeficitLayer,
  type FundTarget,
  fundTarget,
  type LayeredPayment,
  payInLayers,
  repay,
  sharedWithdrawalFee,
  type StressDeficit,
  withdrawalBrake,
} from "./liquidation/fund.js";
export { type StressScenario, stressDeficitsOf, stressScenarios } from "./liquidation/fund-stress.js";
export { type AdlCandidate, type AdlRank, rankAdl } from "./liquidation/adl/rank.js";
export { type AdlNeed, type AdlPlan, type AdlShare, type AfterAdl, allocateAdl } from "./liquidation/adl/allocate.js";
export * as venueLiquidation from "./liquidation/venue-rules/index.js";
/** A venue with an order book and everything that may go wrong, as a value. */
export * as orderBook from "./liquidation/order-book/index.js";
export * from "./estimate/index.js";
export * as venue from "./venue/index.js";
export {
  type CoveringCollateral,
  maxLossCollateral,
  type OptionBook,
  type OptionLeg,
  payoffAt,
} from "./margin/max-loss.js";
export {
  type Correlations,
  correlationAggregate,
  IndefiniteCorrelation,
  type RiskFactor,
} from "./margin/correlation-aggregate.js";
export { haircutValue } from "./collateral/haircut.js";

export type {
  CollateralBalance,
  ExpiryQuote,
  Holding,
  MarginContract,
  OptionContract,
  Portfolio,
  RestingOrder,
  UnderlyingQuote,
} from "./portfolio/portfolio.js";
export type { PriceMove, ScanRule, Scenario, VolatilityMove, VolatilityShockRule } from "./scenario/scenario.js";
export { type MarketColumns, marketColumns } from "./scenario/columns.js";
export type { MarginModel } from "./margin/model.js";
export { assessPortfolio, type LevelMargin, levelNamed, type PortfolioMargin } from "./margin/assess-portfolio.js";
export {
  type DerivePm1Parameters,
  type DerivePm2Parameters,
  type DeriveSrmParameters,
  derivePm1,
  derivePm2,
  deriveSrm,
} from "./margin/presets/derive.js";
export * from "./market/index.js";
export * from "./mark/index.js";
export * as pricing from "./pricing/index.js";
export {
  PORTFOLIO_DOCUMENT,
  type PortfolioDocument,
  PortfolioRefused,
  printPortfolio,
  readPortfolio,
} from "./portfolio/portfolio-document.js";
export { InvalidModel, MARGIN_MODEL, readModel } from "./margin/model-document.js";
export { type MarginReceipt, marginReceipt, printReceipt, recomputeReceipt } from "./margin/receipt.js";
export {
  type DeadlinePhase,
  deadlinePhase,
  endsOrder,
  nextMove,
  type OrderKnowledge,
  type StepMove,
  type VenuePromises,
} from "./liquidation-case/step-protocol.js";
export {
  earlyStage,
  type ReduceVerdict,
  reduceVerdict,
  type Stage,
  type StageRule,
  STANDARD_STAGES,
} from "./liquidation-case/stages.js";
export * from "./hybrid/index.js";
export { DERIBIT_BTC, type DeribitPortfolioParameters, deribitPortfolio } from "./margin/presets/deribit.js";
export { OKX_2025, OKX_REDUCTION_TIERS, type OkxPortfolioParameters, okxPortfolio } from "./margin/presets/okx.js";
export { evenMoves, grid, NO_SHOCK, PLAIN_SCAN } from "./margin/presets/template.js";
export * as kernel from "./kernel/index.js";
export { ESTIMATED_PRESETS, PRESETS } from "./margin/presets/index.js";
export * as score from "./score/index.js";
export type { EstimatesDocument, HaircutEstimates, HybridEstimates, UnderlyingEstimate } from "@ballast/model";
export { DEFAULT_ESTIMATES } from "./margin/presets/estimates-default.js";
export {
  estimatesOf,
  HYBRID_ESTIMATES,
  InvalidEstimates,
  readEstimates,
} from "./margin/presets/estimates-document.js";
export {
  COLLATERAL_CLASSES,
  type EstimateRequest,
  estimatesFromHistory,
} from "./margin/presets/estimates-from-history.f64.js";
export { MissingEstimate } from "./margin/components/missing-estimate.js";
export * from "./inverse/index.js";
export { type RequirementTerm, requirementTree } from "./margin/requirement-tree.js";
export { type DebtToOther, planRecovery, type RecoveryPlan } from "./liquidation-case/recovery.js";
export {
  type AccountRecord,
  closesWhole,
  recordReduction,
  type ReductionRecord,
  accountOfRecord,
  recordAccount,
  recordPlan,
  type Replay,
  replayReduction,
} from "./liquidation-case/case-record.js";
