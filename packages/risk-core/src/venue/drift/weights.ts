import { magnitudeOf, scaledByTen, wholeMax, wholeMin, wholeRoot } from "../whole-numbers.js";

/*
 * Drift v2's weights and margin ratios: what a token counts for, what a liability must be covered by, and how both get
 * worse with size, by a square root. Whole numbers: prices and quote 1e-6, base 1e-9, weights and ratios 1e-4, size factors
 * 1e-6; every division cuts towards zero.
 *
 * Source: the protocol's public tests.
 */

export const RATIO = 10_000n;
export const PRICE = 1_000_000n;
export const BASE = 1_000_000_000n;
const BASE_DIGITS = 9n;
/** What the square root of ten times a size, in base units, is divided by before it counts as a ratio. */
const PREMIUM_SCALE = 10_000_000n;
const DISCOUNT_SCALE = 100_000n;

/** Opening and withdrawing, filling, staying. */
export type MarginKind = "initial" | "fill" | "maintenance";

const sizeRoot = (size: bigint): bigint => wholeRoot(size * 10n + 1n);

/** A fifth off the weight, and the root of the size back on; a weight without size factor stays as it is. */
function premiumWeight(weight: bigint, size: bigint, sizeFactor: bigint): bigint {
  return sizeFactor === 0n ? weight : weight - weight / 5n + (sizeRoot(size) * sizeFactor) / PREMIUM_SCALE;
}

/**
 * Weight of a liability of a size in base units: grows with the root of the size, never below the weight.
 *
 * @method TIERS-22
 */
export function liabilityWeightOf(weight: bigint, size: bigint, sizeFactor: bigint): bigint {
  return wholeMax(weight, premiumWeight(weight, size, sizeFactor));
}

/**
 * Weight of an asset of a size in base units: falls with the root of the size, never above the weight.
 *
 * @method TIERS-22
 */
export function assetWeightOf(weight: bigint, size: bigint, sizeFactor: bigint): bigint {
  if (sizeFactor === 0n) return weight;
  const discounted = (1_100_000n * RATIO) / (1_000_000n + (sizeRoot(size) * sizeFactor) / DISCOUNT_SCALE);
  return wholeMin(weight, discounted);
}

/** Two weights of one thing; filling takes their mean. */
function weightOf(kind: MarginKind, initial: bigint, maintenance: bigint): bigint {
  return kind === "initial" ? initial : kind === "maintenance" ? maintenance : (initial + maintenance) / 2n;
}

/** A token that can be deposited and borrowed. */
export interface SpotMarket {
  /** The quote token: weights of one, valued in itself. */
  readonly isQuote: boolean;
  readonly decimals: bigint;
  readonly initialAssetWeight: bigint;
  readonly maintenanceAssetWeight: bigint;
  readonly initialLiabilityWeight: bigint;
  readonly maintenanceLiabilityWeight: bigint;
  readonly sizeFactor: bigint;
  /** Quote value of all deposits from which the initial asset weight falls; zero: never. */
  readonly scaleStart: bigint;
  /** All deposits, tokens. */
  readonly deposits: bigint;
}

/** Quote value of an amount of tokens at a price, cut towards zero. */
export const tokenValue = (tokens: bigint, price: bigint, decimals: bigint): bigint =>
  (tokens * price) / 10n ** decimals;

/**
 * Initial asset weight when the whole market's deposits are worth more than its limit: falls in proportion.
 *
 * @method TIERS-22
 */
export function scaledInitialWeight(market: SpotMarket, price: bigint): bigint {
  const value = tokenValue(market.deposits, price, market.decimals);
  if (market.scaleStart === 0n || value < market.scaleStart) return market.initialAssetWeight;
  return (market.initialAssetWeight * market.scaleStart) / value;
}

/** Size of an amount of tokens on the base grid. */
const onBaseGrid = (tokens: bigint, decimals: bigint): bigint =>
  scaledByTen(magnitudeOf(tokens), BASE_DIGITS - decimals);

/** What so many tokens (≥ 0) of a deposit count for. */
export function spotAssetWeight(market: SpotMarket, tokens: bigint, price: bigint, kind: MarginKind): bigint {
  if (market.isQuote) return RATIO;
  const weight = weightOf(kind, scaledInitialWeight(market, price), market.maintenanceAssetWeight);
  return assetWeightOf(weight, onBaseGrid(tokens, market.decimals), market.sizeFactor);
}

/** By how much of its value a debt of so many tokens must be covered. */
export function spotLiabilityWeight(market: SpotMarket, tokens: bigint, kind: MarginKind): bigint {
  if (market.isQuote) return RATIO;
  const weight = weightOf(kind, market.initialLiabilityWeight, market.maintenanceLiabilityWeight);
  return liabilityWeightOf(weight, onBaseGrid(tokens, market.decimals), market.sizeFactor);
}

/** A perpetual market. */
export interface PerpMarket {
  readonly price: bigint;
  /** A contract that pays between nothing and one: a short owes one less the price. */
  readonly isPrediction: boolean;
  readonly initialRatio: bigint;
  readonly maintenanceRatio: bigint;
  /** Ratios of an account in high-leverage mode; zero where the market has none. */
  readonly highLeverageInitialRatio: bigint;
  readonly highLeverageMaintenanceRatio: bigint;
  readonly sizeFactor: bigint;
  readonly profitInitialWeight: bigint;
  readonly profitMaintenanceWeight: bigint;
  readonly profitSizeFactor: bigint;
}

/**
 * Margin ratio of a position of a size in base units. In high-leverage mode maintenance is the mode's own with its premium;
 * initial rises from the mode's ratio to the normal one as the normal one's premium comes up to it, and follows that beyond.
 *
 * @method TIERS-22
 */
export function perpMarginRatio(market: PerpMarket, size: bigint, kind: MarginKind, isHighLeverage: boolean): bigint {
  const normal = weightOf(kind, market.initialRatio, market.maintenanceRatio);
  if (!isHighLeverage || market.highLeverageInitialRatio === 0n) {
    return liabilityWeightOf(normal, size, market.sizeFactor);
  }
  const high = weightOf(kind, market.highLeverageInitialRatio, market.highLeverageMaintenanceRatio);
  if (kind === "maintenance" || market.sizeFactor === 0n) return liabilityWeightOf(high, size, market.sizeFactor);
  const premium = premiumWeight(normal, size, market.sizeFactor);
  if (premium >= normal) return premium;
  const start = normal - normal / 5n;
  return high + ((normal - high) * (premium - start)) / (normal - start);
}

/**
 * What an unrealised profit counts for: less with its size; a loss counts in full.
 *
 * @method TIERS-22
 */
export function profitWeight(market: PerpMarket, profit: bigint, kind: MarginKind): bigint {
  if (profit <= 0n) return RATIO;
  const weight = weightOf(kind, market.profitInitialWeight, market.profitMaintenanceWeight);
  return kind === "maintenance" ? weight : assetWeightOf(weight, profit * 1000n, market.profitSizeFactor);
}
