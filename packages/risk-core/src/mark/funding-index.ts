import type { Decimal, Price, Quantity } from "@ballast/money";

/*
 * Funding that accrues with every second. Instead of paying everybody at once, one number per instrument grows by what a
 * long of one unit owes, and an account settles the difference since it last did, before its position changes. Whoever
 * holds for a minute pays a minute, and nobody trades around the payment.
 */

/** A stretch of time with one mark and one index. */
export interface PremiumStretch {
  readonly mark: Price;
  readonly index: Price;
  /** In the unit of the period. */
  readonly elapsed: Decimal;
}

/**
 * The funding index after a stretch: grown by (mark − index) × elapsed ÷ period, in dollars a unit. Not rounded.
 *
 * @param period what the premium stands for
 * @method MARK-13
 */
export function accruedFunding(
  fundingIndex: Decimal,
  { mark, index, elapsed }: PremiumStretch,
  period: Decimal,
): Decimal {
  return fundingIndex.add(mark.sub(index).mul(elapsed).div(period));
}

/**
 * What a position receives for the time between two values of the funding index; longs pay when it has grown. Not rounded.
 *
 * @method MARK-13
 */
export function fundingSince(quantity: Quantity, settledAt: Decimal, fundingIndex: Decimal): Decimal {
  return settledAt.sub(fundingIndex).mul(quantity);
}
