export { type DisposalRule, disposalSize, type Loser, type SharedLoss, shareLoss } from "./close-out.js";
export {
  isolatedIncrease,
  isolatedOrderMargin,
  type IsolatedSwitch,
  isolatedTransfer,
  type IsolatedTransfer,
  type OpenOrder,
  orderMargin,
  type PositionChange,
  type SwitchRefused,
  switchToIsolated,
  type Trade,
} from "./isolated-margin.js";
export {
  type Exposure,
  type Funding,
  fundingMargin,
  fundingPayment,
  type LevelScaling,
  liquidationMark,
  maintenanceMargin,
  type MarginLevels,
  marginLevels,
  type MarginTransfer,
  marginTransfer,
  type Market,
  type OrderSide,
  tradingOrders,
} from "./margin-levels.js";
export { logNormalRiskFactors, type RiskFactors } from "./risk-factors.f64.js";
