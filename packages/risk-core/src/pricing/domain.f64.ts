/*
 * What a pricing door lets in.
 *
 * A formula answers anything with something: a forward below zero, a volatility of zero because a feed was silent, a NaN
 * that a `max` swallowed. Inside the domain below every formula of this folder stays finite and within its stated error;
 * outside it the doors answer with a rejection and its facts, never with a number. The kernels behind the doors do not
 * check.
 */

export type OptionType = "call" | "put";

/** Closed ranges. A strike of zero and an expiry of now are let in beside them where they have a price. */
export const PRICING_DOMAIN = {
  spot: { least: 1e-30, most: 1e30 },
  forward: { least: 1e-30, most: 1e30 },
  strike: { least: 1e-30, most: 1e30 },
  /** The lowest or highest price so far. */
  extreme: { least: 1e-30, most: 1e30 },
  /** From thirty microseconds to a century. */
  expiryYears: { least: 1e-12, most: 100 },
  /** Of a settlement average. */
  windowYears: { least: 1e-12, most: 1 },
  volatility: { least: 1e-6, most: 1e3 },
  /** Continuously compounded, a year. Over the life of the option a rate may make at most a factor e^±100. */
  rate: { least: -1e3, most: 1e3 },
  /** What the underlying itself pays, continuously compounded, a year. */
  carryYield: { least: -1e3, most: 1e3 },
  /** The price of an option, where it is the input. */
  price: { least: -1e30, most: 1e30 },
} as const;

export type PricedInput = keyof typeof PRICING_DOMAIN;

const GROWTH_EXPONENT_MAX = 100;

/** Why there is no price. */
export interface OutsideDomain {
  readonly code: "PRICING_INPUT_OUTSIDE_DOMAIN";
  readonly input: PricedInput;
  readonly received: number;
  readonly least: number;
  readonly most: number;
}

/** The rejection when an input is outside its range or not a number, otherwise null. Allocates for a rejection only. */
export function outsideDomain(input: PricedInput, received: number): OutsideDomain | null {
  const { least, most } = PRICING_DOMAIN[input];
  if (received >= least && received <= most) return null;
  return { code: "PRICING_INPUT_OUTSIDE_DOMAIN", input, received, least, most };
}

/** The same for inputs whose zero is a limit with a price. */
export function outsideUnlessZero(input: "strike" | "expiryYears", received: number): OutsideDomain | null {
  return received === 0 ? null : outsideDomain(input, received);
}

/** The rejection when a rate is outside its range or grows by more than e^±100 until expiry, otherwise null. */
export function outsideGrowth(input: "rate" | "carryYield", rate: number, expiryYears: number): OutsideDomain | null {
  const outside = outsideDomain(input, rate);
  if (outside !== null || Math.abs(rate * expiryYears) <= GROWTH_EXPONENT_MAX) return outside;
  const most = GROWTH_EXPONENT_MAX / expiryYears;
  return { code: "PRICING_INPUT_OUTSIDE_DOMAIN", input, received: rate, least: -most, most };
}
