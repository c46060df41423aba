import { ok, type Result, reject } from "@ballast/model";
import { black76Call, black76Put } from "./black76.f64.js";
import { type OptionType, type OutsideDomain, outsideDomain, outsideGrowth, outsideUnlessZero } from "./domain.f64.js";
import { exponential, logRatio } from "./elementary.f64.js";
import { cumulativeNormal, normalDensity } from "./normal.f64.js";

/* The checked door of Black-76: a price or greeks for inputs inside the domain, a typed rejection for all others. */

export interface OptionTerms {
  readonly type: OptionType;
  readonly forward: number;
  readonly strike: number;
  /** Years of 365 days. */
  readonly expiryYears: number;
  /** 1.00 is 100 % a year. */
  readonly volatility: number;
  /** Continuously compounded, a year; 0 leaves the price undiscounted. */
  readonly rate: number;
}

/** Derivatives of the discounted price. */
export interface OptionGreeks {
  readonly price: number;
  /** By the forward. */
  readonly delta: number;
  /** Twice by the forward. */
  readonly gamma: number;
  /** By volatility, for 1.00 of it. */
  readonly vega: number;
  /** By the passing of a year, forward and rate held: below zero for what decays. */
  readonly theta: number;
  /** By the rate, forward held. */
  readonly rho: number;
  /** By forward and volatility. */
  readonly vanna: number;
  /** Twice by volatility. */
  readonly volga: number;
  /** Risk-neutral: N(d2) of a call, N(−d2) of a put. */
  readonly exerciseProbability: number;
}

/** At expiry a forward that stands on the strike is a kink: the price has no slope there. */
export interface OnTheKink {
  readonly code: "GREEKS_UNDEFINED_ON_STRIKE";
  readonly forward: number;
}

/**
 * The discounted Black-76 value of a European option on a forward, within 1e-15 of max(forward, strike) before
 * discounting.
 *
 * Rejects with PRICING_INPUT_OUTSIDE_DOMAIN.
 *
 * @method PRICING-3 PRICING-4
 */
export function priceOption(terms: OptionTerms): Result<number, OutsideDomain> {
  const outside = outsideTerms(terms);
  return outside === null ? ok(discountedPrice(terms)) : reject(outside);
}

/**
 * Price and greeks of a European option on a forward.
 *
 * Where nothing is left to chance (at expiry, or with a strike of zero) the price is a straight line in the forward and
 * the greeks are those of the line.
 *
 * Rejects with PRICING_INPUT_OUTSIDE_DOMAIN, GREEKS_UNDEFINED_ON_STRIKE.
 *
 * @method PRICING-4
 */
export function optionGreeks(terms: OptionTerms): Result<OptionGreeks, OutsideDomain | OnTheKink> {
  const outside = outsideTerms(terms);
  if (outside !== null) return reject(outside);
  const { forward, strike, expiryYears } = terms;
  if (expiryYears > 0 && strike > 0) return ok(greeksOf(terms));
  return forward === strike ? reject({ code: "GREEKS_UNDEFINED_ON_STRIKE", forward }) : ok(greeksOfLine(terms));
}

function outsideTerms({ forward, strike, expiryYears, volatility, rate }: OptionTerms): OutsideDomain | null {
  return (
    outsideDomain("forward", forward) ??
    outsideUnlessZero("strike", strike) ??
    outsideUnlessZero("expiryYears", expiryYears) ??
    outsideDomain("volatility", volatility) ??
    outsideGrowth("rate", rate, expiryYears)
  );
}

function discountedPrice({ type, forward, strike, expiryYears, volatility, rate }: OptionTerms): number {
  const deviation = volatility * Math.sqrt(expiryYears);
  const price = type === "call" ? black76Call(forward, strike, deviation) : black76Put(forward, strike, deviation);
  return exponential(-rate * expiryYears) * price;
}

function greeksOf(terms: OptionTerms): OptionGreeks {
  const { type, forward, strike, expiryYears, volatility, rate } = terms;
  const sign = type === "call" ? 1 : -1;
  const discount = exponential(-rate * expiryYears);
  const rootYears = Math.sqrt(expiryYears);
  const deviation = volatility * rootYears;
  const h = logRatio(forward, strike) / deviation;
  const d1 = h + 0.5 * deviation;
  const d2 = h - 0.5 * deviation;
  const density = discount * normalDensity(d1);
  const price = discountedPrice(terms);
  const vega = forward * density * rootYears;
  return {
    price,
    delta: sign * discount * cumulativeNormal(sign * d1),
    gamma: density / (forward * deviation),
    vega,
    theta: rate * price - (0.5 * vega * volatility) / expiryYears,
    rho: -expiryYears * price,
    vanna: (-density * d2) / volatility,
    volga: (vega * d1 * d2) / volatility,
    exerciseProbability: cumulativeNormal(sign * d2),
  };
}

function greeksOfLine(terms: OptionTerms): OptionGreeks {
  const { type, forward, strike, expiryYears, rate } = terms;
  const price = discountedPrice(terms);
  const exerciseProbability = (type === "call" ? forward > strike : forward < strike) ? 1 : 0;
  return {
    price,
    delta: (type === "call" ? 1 : -1) * exerciseProbability * exponential(-rate * expiryYears),
    gamma: 0,
    vega: 0,
    theta: rate * price,
    rho: -expiryYears * price,
    vanna: 0,
    volga: 0,
    exerciseProbability,
  };
}
