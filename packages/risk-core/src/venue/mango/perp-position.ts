import { Decimal } from "@ballast/money";

/*
 * How Mango keeps a perpetual position: entry price, break-even and realised profit of one trade after another.
 */

export interface PerpTrade {
  /** Base, signed; above zero bought. */
  readonly base: Decimal;
  /** Quote, signed the other way: what was paid is below zero. */
  readonly quote: Decimal;
}

export interface PositionState {
  readonly base: Decimal;
  /** Average price of what is open; zero when flat. */
  readonly entryPrice: Decimal;
  /** Quote of all trades since the position was last opened. */
  readonly runningQuote: Decimal;
  /** Profit realised since then. */
  readonly realised: Decimal;
}

const ZERO = new Decimal(0);

/** A position of this size that was opened at one price. */
export const openedAt = (base: Decimal, entryPrice: Decimal): PositionState => ({
  base,
  entryPrice,
  runningQuote: base.mul(entryPrice).neg(),
  realised: ZERO,
});

/**
 * The position after a trade, and what the trade realised. Growing averages the entry price, shrinking keeps it and realises
 * the difference on what is closed, a flip starts anew at the trade's price, and a flat position has none.
 *
 * @method TIERS-28
 */
export function afterTrade(state: PositionState, { base, quote }: PerpTrade) {
  const price = quote.div(base).neg();
  const after = state.base.add(base);
  if (state.base.mul(base).gte(0)) {
    const opened = state.base.isZero() ? { ...state, runningQuote: ZERO, realised: ZERO } : state;
    const entryPrice = opened.base.mul(opened.entryPrice).add(base.mul(price)).div(after);
    return {
      realised: ZERO,
      state: { ...opened, base: after, entryPrice, runningQuote: opened.runningQuote.add(quote) },
    };
  }
  const closed = Decimal.min(base.abs(), state.base.abs());
  const gain = state.base.gt(0) ? price.sub(state.entryPrice) : state.entryPrice.sub(price);
  const realised = closed.mul(gain);
  if (after.mul(state.base).lt(0)) {
    return {
      realised,
      state: { base: after, entryPrice: price, runningQuote: after.mul(price).neg(), realised: ZERO },
    };
  }
  const kept = {
    base: after,
    entryPrice: after.isZero() ? ZERO : state.entryPrice,
    runningQuote: state.runningQuote.add(quote),
    realised: state.realised.add(realised),
  };
  return { realised, state: kept };
}

/** The price at which closing would make the position's trades come out at nothing; zero when flat. */
export function breakEvenPrice({ base, runningQuote }: PositionState): Decimal {
  return base.isZero() ? ZERO : runningQuote.div(base).neg();
}
