import type { Ratio, Usd } from "@ballast/money";
import type { Asset } from "./asset.js";
import type { EstimatesDocument } from "./hybrid-estimates.js";
import type { AssetId, InstrumentId } from "./ids.js";
import type { Instrument } from "./instrument.js";

/** One bracket of a marginal table: applies to the part of the size above `from`, up to the next bracket's `from`. */
export interface HaircutTier {
  /** Dollars of the asset held, at the index. The first tier starts at 0. */
  readonly from: Usd;
  /** Share of value removed, 0…1, not falling with size. */
  readonly haircut: Ratio;
}

export interface MarginTier {
  /** Dollars of notional in one instrument. The first tier starts at 0. */
  readonly from: Usd;
  readonly initialRate: Ratio;
  /** Not above `initialRate`; neither falls with size. */
  readonly maintenanceRate: Ratio;
}

export interface LiquidationParameters {
  /** Equity ÷ maintenance margin that a partial liquidation restores. Above 1. */
  readonly target: Ratio;
  /** Below this multiple of maintenance margin the account is taken over instead. Below 1. */
  readonly takeoverBelow: Ratio;
  /** Share of liquidated notional paid to the insurance fund, never more than the account has left. */
  readonly feeRate: Ratio;
  /** Share of notional paid to the insurance fund on takeover, never more than the account has left. */
  readonly takeoverFeeRate: Ratio;
  /** Half the bid–ask spread as a share of the mark. */
  readonly halfSpread: Ratio;
  /** Largest part of an instrument's one-per-cent depth that one liquidation order may take. */
  readonly depthShareMax: Ratio;
  /** The same for the insurance fund selling what it took over, a tick. */
  readonly disposalDepthShare: Ratio;
  /** How manner, target and pace follow the market; absent: always `target` and `depthShareMax`. */
  readonly policy?: LiquidationPolicyParameters;
}

/** What the liquidation policy decides by. Speeds are shares a minute, displacements shares of the price. */
export interface LiquidationPolicyParameters {
  /** Daily volatility of the days before the last one, mean by open interest: published anew with each version. */
  readonly dailyVolatility: Ratio;
  /** From this daily volatility on accounts are closed whole. */
  readonly stormVolatility: Ratio;
  /** Equity ÷ maintenance margin that a plan restores; in a fast fall; and in a storm, of what is planned there. */
  readonly target: Ratio;
  readonly targetFast: Ratio;
  readonly targetStorm: Ratio;
  /** From this speed on a fall is fast. */
  readonly fastSpeed: Ratio;
  /** How far liquidations may move a mark in all, and in a step although it has been moved so far. */
  readonly displacementMax: Ratio;
  readonly displacementMin: Ratio;
}

/** What portfolio accounts are margined by. */
export interface PortfolioMarginParameters {
  /** The money that their margin is counted in and that needs no haircut: the stablecoin of the linear contracts. */
  readonly quote: AssetId;
  /** A rate for every underlying and a haircut for every other asset of the parameter set. */
  readonly estimates: EstimatesDocument;
}

/**
 * Everything that decides a requirement and is not a price: one immutable version, validated when it is loaded.
 */
export interface RiskParameters {
  readonly version: number;
  readonly assets: ReadonlyMap<AssetId, Asset>;
  readonly instruments: ReadonlyMap<InstrumentId, Instrument>;
  /** Ascending `from`; an asset without an entry is no collateral (haircut 1), but its debt still counts in full. */
  readonly haircuts: ReadonlyMap<AssetId, readonly HaircutTier[]>;
  /** Ascending `from`; every instrument has an entry. */
  readonly marginTiers: ReadonlyMap<InstrumentId, readonly MarginTier[]>;
  readonly liquidation: LiquidationParameters;
  /** Absent: there are no estimates, nobody may become a portfolio account, and who is one is margined as STANDARD. */
  readonly portfolioMargin?: PortfolioMarginParameters;
}
