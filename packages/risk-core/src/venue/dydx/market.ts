import { ceilDivide, floorDivide, scaledByTen, wholeMax, wholeMin } from "../whole-numbers.js";

/*
 * dYdX v4's margin of one market, in its whole numbers: sizes in base quantums, money in quote quantums (millionths of a
 * dollar), rates in millionths. Requirements round up. Open interest and a market's popularity raise the initial rate only:
 * maintenance never moves under a holder.
 *
 * Source: the protocol's public behaviour and test tables.
 */

export const MILLION = 1_000_000n;
const QUOTE_RESOLUTION = 6n;

/** Rates of a market, in millionths. */
export interface LiquidityTier {
  readonly initialRate: bigint;
  /** Maintenance as a share of initial margin. */
  readonly maintenanceShare: bigint;
  /** Between these notionals of open interest the initial rate grows to one. No scaling where the upper one is zero. */
  readonly openInterestLower: bigint;
  readonly openInterestUpper: bigint;
}

export interface Market extends LiquidityTier {
  /** price × 10^exponent dollars for a whole coin. */
  readonly price: bigint;
  readonly exponent: bigint;
  /** One base quantum is 10^this of a coin. */
  readonly atomicResolution: bigint;
  /** Base quantums open on one side. */
  readonly openInterest: bigint;
  readonly fundingIndex: bigint;
}

/**
 * Signed notional of a size in quote quantums, cut towards zero.
 *
 * @method TIERS-19
 */
export function notionalOf({ price, exponent, atomicResolution }: Market, quantums: bigint): bigint {
  return scaledByTen(quantums * price, exponent + atomicResolution + QUOTE_RESOLUTION);
}

/**
 * Maintenance rate in millionths, rounded down.
 *
 * @method TIERS-19
 */
export function maintenanceRate({ initialRate, maintenanceShare }: LiquidityTier): bigint {
  return floorDivide(initialRate * maintenanceShare, MILLION);
}

/**
 * Largest funding rate in millionths: so many times the distance from maintenance to initial rate.
 *
 * @method TIERS-19
 */
export function fundingClamp(tier: LiquidityTier, factor: bigint): bigint {
  return floorDivide(factor * (tier.initialRate - maintenanceRate(tier)), MILLION);
}

/**
 * Initial rate at a notional of open interest: the base up to the lower bound, one from the upper bound on, and a straight
 * line between, rounded down.
 *
 * @method TIERS-19
 */
export function effectiveInitialRate(tier: LiquidityTier, openInterestNotional: bigint): bigint {
  const { initialRate, openInterestLower, openInterestUpper } = tier;
  if (openInterestUpper === 0n || openInterestNotional <= openInterestLower) return initialRate;
  if (openInterestNotional >= openInterestUpper) return MILLION;
  const risen = (MILLION - initialRate) * (openInterestNotional - openInterestLower);
  return wholeMin(initialRate + floorDivide(risen, openInterestUpper - openInterestLower), MILLION);
}

/** What a position must have, quote quantums. */
export interface Requirement {
  readonly initial: bigint;
  readonly maintenance: bigint;
}

/**
 * Margin of a notional (≥ 0) when the market's open interest is worth `openInterestNotional`; each product rounded up.
 *
 * @method TIERS-19
 */
export function requirementOf(tier: LiquidityTier, notional: bigint, openInterestNotional: bigint): Requirement {
  const base = ceilDivide(notional * tier.initialRate, MILLION);
  return {
    initial: ceilDivide(notional * effectiveInitialRate(tier, openInterestNotional), MILLION),
    maintenance: ceilDivide(base * tier.maintenanceShare, MILLION),
  };
}

/**
 * Margin of a signed position in a market.
 *
 * @method TIERS-19
 */
export function positionRequirement(market: Market, quantums: bigint): Requirement {
  const notional = notionalOf(market, quantums);
  return requirementOf(market, notional < 0n ? -notional : notional, notionalOf(market, market.openInterest));
}

/**
 * Funding that a position is owed, in millionths of a quote quantum: what the index rose is paid by longs.
 *
 * @method TIERS-19
 */
export function fundingOwed(market: Market, quantums: bigint, fundingIndex: bigint): bigint {
  return -(market.fundingIndex - fundingIndex) * quantums;
}

/**
 * Change of open interest when one account gives `delta` to another: of what each holds long.
 *
 * @method TIERS-19
 */
export function openInterestChange(first: bigint, second: bigint, delta: bigint): bigint {
  const long = (size: bigint) => wholeMax(size, 0n);
  return long(first + delta) - long(first) + long(second - delta) - long(second);
}
