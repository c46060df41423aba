import { Decimal as LibraryDecimal } from "decimal.js";

/**
 * The one Decimal of the house: 60 significant digits, half-even, never exponent notation.
 *
 * A clone, so that nobody else's global settings reach our money. `instanceof` is never used across packages:
 * a decimal from another copy of the library crosses as text, through `parseDecimal`.
 */
export const Decimal = LibraryDecimal.clone({
  precision: 60,
  rounding: LibraryDecimal.ROUND_HALF_EVEN,
  toExpNeg: -9e15,
  toExpPos: 9e15,
});
export type Decimal = LibraryDecimal;

/** Number of digits after the point that the ledger keeps: NUMERIC(38,18). */
export const LEDGER_SCALE = 18;

/**
 * The same value, minus zero as plain zero. Rounding a small loss, or a product with zero, leaves a zero with a minus sign,
 * which is equal to zero and yet says `isNegative()`.
 *
 * @method NUMBERS-5
 */
export function plain<Value extends Decimal>(value: Value): Value {
  return value.isZero() && value.isNegative() ? (value.abs() as Value) : value;
}
