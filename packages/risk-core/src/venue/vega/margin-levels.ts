import { Decimal } from "@ballast/money";

/*
 * Vega's margin of one market: a requirement from a risk factor for the position and its orders and from slippage for
 * closing the position, and four levels around it. The levels are whole units of the settlement asset and there are four
 * so that money does not move at every tick: below `search` an account is topped up to `initial`, above `release` it is
 * given back down to `initial`, and in between nothing moves.
 *
 * Source: the protocol's specifications 0019 (margin calculator) and 0053 (perpetuals), and its public tests.
 */

export interface Market {
  readonly markPrice: Decimal;
  readonly linearSlippage: Decimal;
  readonly quadraticSlippage: Decimal;
  readonly riskFactorLong: Decimal;
  readonly riskFactorShort: Decimal;
}

/** All open orders of one side. */
export interface OrderSide {
  readonly volume: Decimal;
  /** What they are margined by: volume × mark while the market trades, in an auction what they would cost. */
  readonly value: Decimal;
}

export interface Exposure {
  /** Signed. */
  readonly position: Decimal;
  readonly buys: OrderSide;
  readonly sells: OrderSide;
}

/** Orders of one side while the market trades. */
export const tradingOrders = (volume: Decimal, markPrice: Decimal): OrderSide => ({
  volume,
  value: volume.mul(markPrice),
});

/**
 * Maintenance margin, not rounded: the larger of what the long and the short side would need. A side needs something only
 * if it could become a position: its share of the position is charged slippage and its risk factor, its orders the risk
 * factor.
 *
 * @method TIERS-13
 */
export function maintenanceMargin(market: Market, { position, buys, sells }: Exposure): Decimal {
  const long = sideMargin(market, position, buys, market.riskFactorLong);
  const short = sideMargin(market, position.neg(), sells, market.riskFactorShort);
  return Decimal.max(long, short);
}

function sideMargin(market: Market, position: Decimal, orders: OrderSide, riskFactor: Decimal): Decimal {
  if (position.add(orders.volume).lte(0)) return new Decimal(0);
  const held = Decimal.max(position, 0);
  const slippage = held.mul(market.linearSlippage).add(held.mul(held).mul(market.quadraticSlippage));
  return slippage.add(held.mul(riskFactor)).mul(market.markPrice).add(orders.value.mul(riskFactor));
}

/** Time-weighted averages of one funding period, and its terms. */
export interface Funding {
  readonly futureTwap: Decimal;
  readonly spotTwap: Decimal;
  /** Years. */
  readonly period: Decimal;
  readonly interestRate: Decimal;
  /** Bounds of the interest term as shares of the spot average; undefined where it is not clamped. */
  readonly clampLower?: Decimal | undefined;
  readonly clampUpper?: Decimal | undefined;
}

/**
 * What one unit long pays at the end of the period: the future's premium over spot, and an interest term that is clamped.
 *
 * @method TIERS-13
 */
export function fundingPayment(funding: Funding): Decimal {
  const { futureTwap, spotTwap, period, interestRate, clampLower, clampUpper } = funding;
  let interest = spotTwap.mul(period.mul(interestRate).add(1)).sub(futureTwap);
  if (clampLower !== undefined) interest = Decimal.max(interest, clampLower.mul(spotTwap));
  if (clampUpper !== undefined) interest = Decimal.min(interest, clampUpper.mul(spotTwap));
  return futureTwap.sub(spotTwap).add(interest);
}

/**
 * What a perpetual's margin adds for funding that a signed position is about to pay; nothing for one that will receive.
 *
 * @method TIERS-13
 */
export function fundingMargin(payment: Decimal, factor: Decimal, position: Decimal): Decimal {
  return Decimal.max(payment.mul(factor).mul(position), 0);
}

/** How many times maintenance each level is. */
export interface LevelScaling {
  readonly search: Decimal;
  readonly initial: Decimal;
  readonly release: Decimal;
}

/** Whole units of the settlement asset. */
export interface MarginLevels {
  readonly maintenance: Decimal;
  readonly search: Decimal;
  readonly initial: Decimal;
  readonly release: Decimal;
}

/** A scaling factor counts with so many places. */
const SCALING_PLACES = 5;

/**
 * The four levels of a requirement: maintenance rounded up to a whole unit, the others that times their factor, rounded
 * down.
 *
 * @method TIERS-16
 */
export function marginLevels(requirement: Decimal, scaling: LevelScaling): MarginLevels {
  const maintenance = requirement.ceil();
  const level = (factor: Decimal) =>
    factor.toDecimalPlaces(SCALING_PLACES, Decimal.ROUND_DOWN).mul(maintenance).floor();
  return {
    maintenance,
    search: level(scaling.search),
    initial: level(scaling.initial),
    release: level(scaling.release),
  };
}

/** Money that moves between the market's margin account and the party's general one. */
export interface MarginTransfer {
  readonly kind: "top-up" | "release" | "none";
  readonly amount: Decimal;
}

/**
 * What brings a margin account back between its levels. Nothing is released while the market is in an auction.
 *
 * @method TIERS-16
 */
export function marginTransfer(levels: MarginLevels, balance: Decimal, inAuction: boolean): MarginTransfer {
  if (balance.lt(levels.search)) return { kind: "top-up", amount: levels.initial.sub(balance) };
  if (balance.gt(levels.release) && !inAuction) return { kind: "release", amount: balance.sub(levels.initial) };
  return { kind: "none", amount: new Decimal(0) };
}

/**
 * The mark at which maintenance margin takes the whole collateral, for the bare position: closed form, since all of the
 * requirement is proportional to the mark. Null where equity and requirement move alike and there is no such price.
 *
 * @method TIERS-16
 */
export function liquidationMark(
  market: Market,
  position: Decimal,
  collateral: Decimal,
  fundingPerUnit: Decimal,
): Decimal | null {
  const size = position.abs();
  const riskFactor = position.gt(0) ? market.riskFactorLong : market.riskFactorShort;
  const rate = market.linearSlippage.add(market.quadraticSlippage.mul(size)).add(riskFactor);
  const slope = size.mul(rate).sub(position);
  if (slope.isZero()) return null;
  const funding = Decimal.max(position.mul(fundingPerUnit), 0);
  return collateral.sub(position.mul(market.markPrice)).sub(funding).div(slope);
}
