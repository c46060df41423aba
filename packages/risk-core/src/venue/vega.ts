import { Decimal } from "@ballast/money";

/*
 * Vega: maintenance margin from a risk factor for the position and its orders, and from slippage for closing the position;
 * isolated margin from one factor. Source: the protocol's specifications 0019 (margin calculator), 0053 (perpetuals).
 */

export interface Market {
  readonly markPrice: Decimal;
  readonly linearSlippage: Decimal;
  readonly quadraticSlippage: Decimal;
  readonly riskFactorLong: Decimal;
  readonly riskFactorShort: Decimal;
}

/** Signed position; orders as totals ≥ 0. */
export interface Exposure {
  readonly position: Decimal;
  readonly buys: Decimal;
  readonly sells: Decimal;
}

/**
 * Maintenance margin in the settlement asset, not rounded: the larger of what the long and the short side would need. A
 * side needs something only if it could become a position: its share of the position is charged slippage and its risk
 * factor, its orders the risk factor.
 *
 * @method TIERS-13
 */
export function maintenanceMargin(market: Market, { position, buys, sells }: Exposure): Decimal {
  const long = sideMargin(market, position, buys, market.riskFactorLong);
  const short = sideMargin(market, position.neg(), sells, market.riskFactorShort);
  return Decimal.max(long, short);
}

function sideMargin(market: Market, position: Decimal, orders: Decimal, riskFactor: Decimal): Decimal {
  if (position.add(orders).lte(0)) return new Decimal(0);
  const held = Decimal.max(position, 0);
  const slippage = held.mul(market.linearSlippage).add(held.mul(held).mul(market.quadraticSlippage));
  return held.add(orders).mul(riskFactor).add(slippage).mul(market.markPrice);
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

/**
 * Isolated order margin of one order at its limit price.
 *
 * @method TIERS-13
 */
export function isolatedOrderMargin(limitPrice: Decimal, size: Decimal, marginFactor: Decimal): Decimal {
  return limitPrice.mul(size).mul(marginFactor);
}
