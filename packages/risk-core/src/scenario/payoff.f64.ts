import { black76Call, black76Put } from "../pricing/black76.f64.js";
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
  const price = terms.right > 0 ? black76Call : black76Put;
  const undiscounted = price(forward, terms.strike, volatility * Math.sqrt(terms.yearsToExpiry));
  return terms.inverse ? (undiscounted / forward) * coinPrice : undiscounted * terms.discount;
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
  const deviation = terms.volatility * Math.sqrt(terms.yearsToExpiry);
  const moving = (forward - terms.fixedForward) / forward;
  if (deviation <= 0) return right * (forward - strike) > 0 ? right * moving : 0;
  const d1 = Math.log(forward / strike) / deviation + deviation / 2;
  return right * cumulativeNormal(right * d1) * moving * terms.discount;
}
