import { ok, type Result } from "@ballast/model";
import type { OptionType, OutsideDomain } from "./domain.f64.js";
import { priceInverseOption } from "./inverse-option.f64.js";

/*
 * Is a published option chain one market? Two questions that need no model of volatility beyond Black's formula: does
 * each published volatility give the published price, and do call and put of the same strike agree on the forward. A feed
 * whose errors jump is not to be margined on, whatever each quote looks like by itself.
 */

/** One option of a coin-settled chain as published. */
export interface ChainQuote {
  readonly type: OptionType;
  /** Any number that is the same for all options of one expiry, such as its time stamp. */
  readonly expiry: number;
  readonly strike: number;
  readonly forward: number;
  readonly expiryYears: number;
  readonly volatility: number;
  /** In coins. */
  readonly price: number;
}

/** Errors in coins, at or above zero, in the order of the quotes. */
export interface ChainConsistency {
  /** |price of the published volatility − published price|, one a quote. */
  readonly repriceErrors: Float64Array;
  /** |call − put − (1 − K/F)|, one for each call and put of the same expiry, strike and forward. */
  readonly parityErrors: Float64Array;
}

/**
 * How far the quotes of a chain contradict Black's formula and each other.
 *
 * Rejects with PRICING_INPUT_OUTSIDE_DOMAIN for the first quote without a price. Cost: one price a quote.
 *
 * @method PRICING-12
 */
export function chainConsistency(quotes: readonly ChainQuote[]): Result<ChainConsistency, OutsideDomain> {
  const repriceErrors = new Float64Array(quotes.length);
  const parityErrors: number[] = [];
  const unpaired = new Map<string, ChainQuote>();
  for (const [at, quote] of quotes.entries()) {
    const model = priceInverseOption(quote);
    if (!model.ok) return model;
    repriceErrors[at] = Math.abs(model.value - quote.price);
    const key = `${quote.expiry} ${quote.strike} ${quote.forward}`;
    const other = unpaired.get(key);
    if (other === undefined || other.type === quote.type) {
      unpaired.set(key, quote);
      continue;
    }
    unpaired.delete(key);
    parityErrors.push(parityError(quote, other));
  }
  return ok({ repriceErrors, parityErrors: Float64Array.from(parityErrors) });
}

function parityError(one: ChainQuote, other: ChainQuote): number {
  const [call, put] = one.type === "call" ? [one, other] : [other, one];
  return Math.abs(call.price - put.price - (1 - call.strike / call.forward));
}
