import { ok, type Result, reject } from "@ballast/model";
import { type OptionType, type OutsideDomain, outsideDomain, outsideGrowth, outsideUnlessZero } from "./domain.f64.js";
import { exponential } from "./elementary.f64.js";
import { type OnTheKink, optionGreeks } from "./price-option.f64.js";

/*
 * An option on a spot price with a rate and a carry yield, both continuously compounded: Black-76 on the forward
 * F = S·e^{(r − q)T}, with the greeks carried over from the forward to the spot by the chain rule.
 */

export interface SpotOptionTerms {
  readonly type: OptionType;
  readonly spot: number;
  readonly strike: number;
  /** Years of 365 days. */
  readonly expiryYears: number;
  /** 1.00 is 100 % a year. */
  readonly volatility: number;
  readonly rate: number;
  /** What the underlying itself pays: staking or lending yield, dividends. */
  readonly carryYield: number;
}

/** Derivatives of the price, by the spot where a forward stood in `OptionGreeks`. */
export interface SpotOptionGreeks {
  readonly price: number;
  readonly delta: number;
  readonly gamma: number;
  /** For 1.00 of volatility. */
  readonly vega: number;
  /** By the passing of a year, everything else held. */
  readonly theta: number;
  /** By the rate, spot held. */
  readonly rho: number;
  /** By the carry yield. */
  readonly carryRho: number;
}

/**
 * Price and greeks of a European option on a spot price (Black, Scholes and Merton).
 *
 * Rejects with PRICING_INPUT_OUTSIDE_DOMAIN, GREEKS_UNDEFINED_ON_STRIKE.
 *
 * @method PRICING-5
 */
export function spotOptionGreeks(terms: SpotOptionTerms): Result<SpotOptionGreeks, OutsideDomain | OnTheKink> {
  const { type, spot, strike, expiryYears, volatility, rate, carryYield } = terms;
  const outside =
    outsideDomain("spot", spot) ??
    outsideUnlessZero("expiryYears", expiryYears) ??
    outsideGrowth("rate", rate, expiryYears) ??
    outsideGrowth("carryYield", carryYield, expiryYears);
  if (outside !== null) return reject(outside);
  const growth = exponential((rate - carryYield) * expiryYears);
  const onForward = optionGreeks({ type, forward: spot * growth, strike, expiryYears, volatility, rate });
  if (!onForward.ok) return onForward;
  const { price, gamma, vega, exerciseProbability } = onForward.value;
  const sign = type === "call" ? 1 : -1;
  const delta = onForward.value.delta * growth;
  const discountedStrike = sign * strike * exponential(-rate * expiryYears) * exerciseProbability;
  const decay = expiryYears === 0 ? 0 : (0.5 * vega * volatility) / expiryYears;
  return ok({
    price,
    delta,
    gamma: gamma * growth * growth,
    vega,
    theta: carryYield * spot * delta - rate * discountedStrike - decay,
    rho: expiryYears * discountedStrike,
    carryRho: -expiryYears * spot * delta,
  });
}
