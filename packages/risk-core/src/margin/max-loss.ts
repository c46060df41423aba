import { Decimal } from "@ballast/money";

/*
 * What fully covers a book of options of one underlying and one expiry, whatever happens until then: its largest possible
 * loss, held in cash and in the underlying itself.
 *
 * At expiry the book's value is a line between any two neighbouring strikes, so it is worst at a strike, at price zero, or
 * it falls for ever above the last one. That last fall is as steep as the net number of short calls, and only the
 * underlying can follow it: so many units are needed. With them held, what still falls short at zero or at some strike is
 * needed in cash. Both are the smallest amounts that do it: at the strike that decides, nothing is left.
 *
 * A book of calls alone is asked for the underlying only, as its writer holds that: enough to be worth the payoff at every
 * strike.
 */

export interface OptionLeg {
  readonly strike: Decimal;
  /** Options on one unit of the underlying; signed, short below zero. */
  readonly amount: Decimal;
}

export interface OptionBook {
  readonly puts: readonly OptionLeg[];
  readonly calls: readonly OptionLeg[];
}

/** What covers a book. Neither is rounded. */
export interface CoveringCollateral {
  readonly cash: Decimal;
  /** Units of the underlying. */
  readonly underlying: Decimal;
}

const ZERO = new Decimal(0);

/**
 * The collateral with which cash + underlying × price + payoff is not below zero at any price.
 *
 * @method TIERS-14
 */
export function maxLossCollateral(book: OptionBook): CoveringCollateral {
  const shortCalls = book.calls.reduce((net, { amount }) => net.sub(amount), ZERO);
  const needed = Decimal.max(shortCalls, 0);
  const strikes = [...book.puts, ...book.calls].map(({ strike }) => strike);
  if (book.puts.length === 0) {
    const perUnit = strikes.map((strike) => payoffAt(book, strike).neg().div(strike));
    return { cash: ZERO, underlying: Decimal.max(needed, ...perUnit) };
  }
  const shortfalls = [ZERO, ...strikes].map((price) => payoffAt(book, price).add(needed.mul(price)).neg());
  return { cash: Decimal.max(0, ...shortfalls), underlying: needed };
}

/**
 * What the book pays at expiry at a price; negative is owed.
 *
 * @method TIERS-14
 */
export function payoffAt({ puts, calls }: OptionBook, price: Decimal): Decimal {
  const put = (sum: Decimal, { strike, amount }: OptionLeg) => sum.add(Decimal.max(strike.sub(price), 0).mul(amount));
  const call = (sum: Decimal, { strike, amount }: OptionLeg) => sum.add(Decimal.max(price.sub(strike), 0).mul(amount));
  return calls.reduce(call, puts.reduce(put, ZERO));
}
