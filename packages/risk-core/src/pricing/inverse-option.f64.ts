import { ok, type Result } from "@ballast/model";
import type { OutsideDomain } from "./domain.f64.js";
import { type OnTheKink, type OptionTerms, optionGreeks, priceOption } from "./price-option.f64.js";

/*
 * A coin-settled option pays its dollar payoff divided by the settlement price. Its fair price in coins is the
 * undiscounted Black-76 price divided by the forward.
 *
 * It has two deltas. `delta` is the one of Black: dollars of option value for a dollar of forward. `netDelta` counts that
 * the premium itself is held in coins: F times the slope of the coin price, which is `delta` less the coin price. A
 * long call of a coin never gains more than a coin, so its net delta goes back to zero far in the money.
 */

export type InverseOptionTerms = Omit<OptionTerms, "rate">;

export interface InverseOptionGreeks {
  /** In coins of the underlying for an option on one coin. */
  readonly price: number;
  readonly delta: number;
  readonly netDelta: number;
  /** Of the coin price by the forward: coins for a dollar. */
  readonly slope: number;
  /** Of the dollar price, twice by the forward. */
  readonly gamma: number;
  /** Of the coin price, for 1.00 of volatility. */
  readonly vega: number;
  /** Of the coin price, by the passing of a year. */
  readonly theta: number;
}

/**
 * Price of a coin-settled European option, in coins for an option on one coin.
 *
 * Rejects with PRICING_INPUT_OUTSIDE_DOMAIN.
 *
 * @method PRICING-6
 */
export function priceInverseOption(terms: InverseOptionTerms): Result<number, OutsideDomain> {
  const dollars = priceOption({ ...terms, rate: 0 });
  return dollars.ok ? ok(dollars.value / terms.forward) : dollars;
}

/**
 * Price and greeks of a coin-settled European option.
 *
 * Rejects with PRICING_INPUT_OUTSIDE_DOMAIN, GREEKS_UNDEFINED_ON_STRIKE.
 *
 * @method PRICING-6
 */
export function inverseOptionGreeks(terms: InverseOptionTerms): Result<InverseOptionGreeks, OutsideDomain | OnTheKink> {
  const dollars = optionGreeks({ ...terms, rate: 0 });
  if (!dollars.ok) return dollars;
  const { forward } = terms;
  const { delta, gamma, vega, theta } = dollars.value;
  const price = dollars.value.price / forward;
  const netDelta = delta - price;
  return ok({
    price,
    delta,
    netDelta,
    slope: netDelta / forward,
    gamma,
    vega: vega / forward,
    theta: theta / forward,
  });
}
