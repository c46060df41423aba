import { Decimal } from "./decimal.js";
import { parseDecimal } from "./decimal-string.js";

declare const unit: unique symbol;
type Unit<Name extends string> = Decimal & { readonly [unit]: Name };

/** Money in US dollars, signed. What equity, margin and notional are measured in. */
export type Usd = Unit<"usd">;
/** Dollars for one unit of an underlying (index, mark, fill price). Positive for every instrument listed today. */
export type Price = Unit<"price">;
/** Contracts, signed: long above zero, short below. */
export type Quantity = Unit<"quantity">;
/** Linear: units of the underlying in one contract. Inverse: dollars in one contract. Positive. */
export type ContractSize = Unit<"contract-size">;
/** A dimensionless share or multiple: haircut, margin rate, target. */
export type Ratio = Unit<"ratio">;
/** A rate per interval (funding), signed. */
export type Rate = Unit<"rate">;
/** An amount of some asset, signed; which asset stands beside it (a map key, a column, `AssetAmount`). */
export type Amount = Unit<"amount">;

/** What a unit can be made from: our decimal, or text in the decimal grammar. Numbers are refused by the compiler. */
export type DecimalSource = Decimal | string;

export const usd = (value: DecimalSource): Usd => read(value) as Usd;
export const price = (value: DecimalSource): Price => read(value) as Price;
export const quantity = (value: DecimalSource): Quantity => read(value) as Quantity;
export const contractSize = (value: DecimalSource): ContractSize => read(value) as ContractSize;
export const ratio = (value: DecimalSource): Ratio => read(value) as Ratio;
export const rate = (value: DecimalSource): Rate => read(value) as Rate;
export const amount = (value: DecimalSource): Amount => read(value) as Amount;

export const ZERO_USD: Usd = usd("0");
export const ZERO_AMOUNT: Amount = amount("0");
export const ZERO_QUANTITY: Quantity = quantity("0");

function read(value: DecimalSource): Decimal {
  return typeof value === "string" ? parseDecimal(value) : value;
}
