import type { Result } from "@ballast/model";
import { black76Call, black76Put } from "../pricing/black76.f64.js";
import { discreteGeometricAsian, type FixingSchedule } from "../pricing/geometric-asian.f64.js";
import { floatingLookback } from "../pricing/lookback.f64.js";
import { cumulativeNormal } from "../pricing/normal.f64.js";

/*
 * What one unit of a contract is worth in a scenario. Every kind of contract is one function here, and the scan sees
 * nothing but its numbers, so that a new listing is a new function and no new scan.
 *
 * Two rules make one table of them. A *value* may miss a constant that is the same in every scenario (a future is worth
 * the difference to its mark), because only differences to the base are read. And a value paid in coin is turned into the
 * numeraire at the coin's price *in that scenario*: that is what makes coin-margined longs convex.
 */

/** A contract in float64. `quantityUnit` of linear contracts and options: the underlying; of inverse ones: dollars. */
export interface ContractTerms {
  readonly kind: "spot" | "perpetual" | "future" | "option";
  /** What an option's pay-off remembers of the path; null for a European one and for everything delta-one. */
  readonly pathStyle: PathStyle | null;
  readonly inverse: boolean;
  /** Mark of a delta-one contract, in the quote. */
  readonly mark: number;
  readonly negativePrices: boolean;
  /** Of an option: +1 call, −1 put. */
  readonly right: number;
  readonly strike: number;
  readonly volatility: number;
  readonly yearsToExpiry: number;
  readonly daysToExpiry: number;
  readonly forward: number;
  readonly fixedForward: number;
  /** e^(−max(rate, 0)·T), or 1 where options are not discounted. */
  readonly discount: number;
}

/** An option that remembers. A lookback's strike is its extreme so far; an average has fixings to come, and known ones. */
export type PathStyle =
  | { readonly name: "floating-lookback" }
  | {
      readonly name: "geometric-average";
      readonly fixingYears: readonly number[];
      readonly fixed?: FixingSchedule["fixed"];
    };

/** How a scenario meets one underlying: prices become price × factor + shift. */
export interface PriceShock {
  readonly factor: number;
  readonly shift: number;
}

/** A scenario that leads a price where its contract cannot follow. */
export class PriceOutOfDomain extends Error {
  override readonly name = "PriceOutOfDomain";
  readonly code = "SCENARIO_PRICE_OUT_OF_DOMAIN";
  constructor(readonly price: number) {
    super(`expected every price in a scenario to be above zero; found ${price}`);
  }
}

/**
 * Value of one unit of a delta-one contract in a scenario, in the quote, up to a constant.
 *
 * Linear: its price. Inverse, one dollar of it: (1/mark − 1/price) coins at `coinPrice` each.
 *
 * @param coinPrice price of the settlement coin in this scenario; inverse contracts only
 * @throws PriceOutOfDomain when the price is not above zero and the contract does not say it may be.
 * @method SCENARIO-1
 */
export function deltaOneValue(terms: ContractTerms, shock: PriceShock, coinPrice: number): number {
  const price = terms.mark * shock.factor + shock.shift;
  if (price <= 0 && (terms.inverse || !terms.negativePrices)) throw new PriceOutOfDomain(price);
  return terms.inverse ? (1 / terms.mark - 1 / price) * coinPrice : price;
}

/**
 * Value of one option in a scenario, in the quote, ≥ 0. Only the part of the forward that no settlement average has fixed
 * moves. A coin-settled option is worth its premium in coin, price ÷ forward, at `coinPrice`.
 *
 * @param coinPrice price of the settlement coin in this scenario; coin-settled options only
 * @method SCENARIO-2
 */
export function optionValue(terms: ContractTerms, shock: PriceShock, volatility: number, coinPrice: number): number {
  const moving = terms.forward - terms.fixedForward;
  const forward = moving * shock.factor + shock.shift + terms.fixedForward;
  if (forward <= 0) throw new PriceOutOfDomain(forward);
  const undiscounted = undiscountedValue(terms, forward, volatility);
  return terms.inverse ? (undiscounted / forward) * coinPrice : undiscounted * terms.discount;
}

/** @throws PriceOutOfDomain for what has no price. @method SCENARIO-13 */
function undiscountedValue(terms: ContractTerms, forward: number, volatility: number): number {
  const { pathStyle, right, strike, yearsToExpiry } = terms;
  if (pathStyle === null) {
    const price = right > 0 ? black76Call : black76Put;
    return price(forward, strike, volatility * Math.sqrt(yearsToExpiry));
  }
  const type = right > 0 ? "call" : "put";
  const moving = { type, spot: forward, volatility, rate: 0, carryYield: 0, expiryYears: yearsToExpiry } as const;
  if (pathStyle.name === "floating-lookback") {
    // A move to a new extreme is one: the strike follows.
    const extreme = right > 0 ? Math.min(strike, forward) : Math.max(strike, forward);
    return priceOf(floatingLookback({ ...moving, extreme }), forward);
  }
  const { fixingYears, fixed } = pathStyle;
  const schedule = fixed === undefined ? { fixingYears } : { fixingYears, fixed };
  return priceOf(discreteGeometricAsian({ ...moving, strike }, schedule), forward);
}

function priceOf(priced: Result<number, unknown>, forward: number): number {
  if (!priced.ok) throw new PriceOutOfDomain(forward);
  return priced.value;
}

/**
 * Units of the underlying that one unit of a contract moves like: one for linear contracts, 1 ÷ mark for a dollar of an
 * inverse one, N(d1) or N(d1) − 1 for an option, less what a settlement average has already fixed.
 *
 * @method SCENARIO-10
 */
export function deltaOf(terms: ContractTerms): number {
  if (terms.kind !== "option") return terms.inverse ? 1 / terms.mark : 1;
  const { forward, strike, right } = terms;
  if (terms.pathStyle !== null) {
    // No closed form worth its length: a symmetric difference, good to nine digits.
    const step = 1e-4;
    const at = (factor: number) => optionValue(terms, { factor, shift: 0 }, terms.volatility, forward);
    return (at(1 + step) - at(1 - step)) / (2 * step * forward);
  }
  const deviation = terms.volatility * Math.sqrt(terms.yearsToExpiry);
  const moving = (forward - terms.fixedForward) / forward;
  if (deviation <= 0) return right * (forward - strike) > 0 ? right * moving : 0;
  const d1 = Math.log(forward / strike) / deviation + deviation / 2;
  return right * cumulativeNormal(right * d1) * moving * terms.discount;
}
