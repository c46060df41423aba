import { Decimal } from "@ballast/money";

/*
 * Vega: profit of the network party, which takes over positions of distressed accounts and disposes of them. Source: the
 * protocol's published specification of position resolution.
 */

/** What the network party holds and has made. */
export interface NetworkPosition {
  /** Signed units. */
  readonly quantity: Decimal;
  /** Average price at which they were taken over; zero when there are none. */
  readonly entryPrice: Decimal;
  readonly realised: Decimal;
}

export const EMPTY_NETWORK: NetworkPosition = {
  quantity: new Decimal(0),
  entryPrice: new Decimal(0),
  realised: new Decimal(0),
};

/**
 * The position after units were taken over (signed) at a mark: what makes it smaller realises profit, what makes it larger
 * moves the average entry, what turns it round does both.
 *
 * @method LIQUIDATION-28
 */
export function afterTakeover(
  { quantity, entryPrice, realised }: NetworkPosition,
  units: Decimal,
  markPrice: Decimal,
): NetworkPosition {
  const next = quantity.add(units);
  const isSameSide = quantity.isZero() || units.isZero() || quantity.gt(0) === units.gt(0);
  if (isSameSide) {
    const cost = quantity.mul(entryPrice).add(units.mul(markPrice));
    return { quantity: next, entryPrice: next.isZero() ? new Decimal(0) : cost.div(next), realised };
  }
  const closed = Decimal.min(quantity.abs(), units.abs()).mul(quantity.gt(0) ? 1 : -1);
  const made = closed.mul(markPrice.sub(entryPrice));
  const turned = next.gt(0) !== quantity.gt(0);
  return {
    quantity: next,
    entryPrice: next.isZero() ? new Decimal(0) : turned ? markPrice : entryPrice,
    realised: realised.add(made),
  };
}

/** Profit at a mark that is not realised yet. */
export function unrealisedAt({ quantity, entryPrice }: NetworkPosition, markPrice: Decimal): Decimal {
  return quantity.mul(markPrice.sub(entryPrice));
}
