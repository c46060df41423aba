import { Decimal, LEDGER_SCALE, plain } from "./decimal.js";
import type { Amount, ContractSize, Price, Quantity, Ratio, Usd } from "./units.js";

/*
 * The table of legal operations. A brand stops a price from being handed over as an amount; it does not stop
 * `usd(a.add(price))`, because a Decimal's own methods accept any Decimal. So sums and products of units are
 * written with these, and a product that is not in this table has no meaning here (NUMBERS-6).
 */

/** Sum of two quantities of the same unit. */
export function add<T extends Usd | Amount | Quantity>(left: T, right: T): T {
  return left.add(right) as T;
}

/** Difference of two quantities of the same unit. */
export function sub<T extends Usd | Amount | Quantity>(left: T, right: T): T {
  return left.sub(right) as T;
}

/** The opposite sign of the same unit; zero stays plain zero. */
export function negate<T extends Usd | Amount | Quantity>(value: T): T {
  return plain(value.neg() as T);
}

/** The size of a value without its sign, same unit. */
export function magnitude<T extends Usd | Amount | Quantity>(value: T): T {
  return value.abs() as T;
}

/** A share or multiple of a value, same unit, exact to 60 digits and not rounded. */
export function scale<T extends Usd | Amount | Quantity | Price>(value: T, factor: Ratio): T {
  return plain(value.mul(factor) as T);
}

/** The smaller of two values of the same unit. */
export function min<T extends Usd | Amount | Quantity | Price | Ratio>(left: T, right: T): T {
  return left.lte(right) ? left : right;
}

/** The larger of two values of the same unit. */
export function max<T extends Usd | Amount | Quantity | Price | Ratio>(left: T, right: T): T {
  return left.gte(right) ? left : right;
}

/** Dollars that an amount of an asset is worth at its index price; signed like the amount, not rounded. */
export function valueOf(amount: Amount, indexPrice: Price): Usd {
  return amount.mul(indexPrice) as unknown as Usd;
}

/** Amount of an asset that `value` dollars buy at its index price; 60 digits, not rounded. `indexPrice` is positive. */
export function amountFor(value: Usd, indexPrice: Price): Amount {
  return value.div(indexPrice) as unknown as Amount;
}

/** Exposure of a linear position: signed dollars, quantity × units per contract × price. */
export function exposure(quantity: Quantity, size: ContractSize, markPrice: Price): Usd {
  return quantity.mul(size).mul(markPrice) as unknown as Usd;
}

/**
 * Value of linear contracts at a price, in the settlement asset: quantity × size × price, rounded half-even to the
 * ledger's 18 digits (exact for every listed size and tick, so both legs of a fill carry the same text).
 *
 * @method POSITION-1
 */
export function linearContractValue(quantity: Quantity, size: ContractSize, at: Price): Amount {
  return plain(quantity.mul(size).mul(at).toDecimalPlaces(LEDGER_SCALE)) as unknown as Amount;
}

/**
 * Value of inverse contracts at a price, in coin: −quantity × size ÷ price, rounded half-even to 18 digits. The sign makes
 * a long gain when the price rises: its value −q·s/p grows. `at` is positive.
 *
 * @method POSITION-2
 */
export function inverseContractValue(quantity: Quantity, size: ContractSize, at: Price): Amount {
  return plain(quantity.mul(size).div(at).toDecimalPlaces(LEDGER_SCALE).neg()) as unknown as Amount;
}

export const ONE: Ratio = new Decimal(1) as unknown as Ratio;
