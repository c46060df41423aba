import { assertInvariant } from "@ballast/model";
import { type Decimal, LEDGER_SCALE, parseDecimal, printDecimal } from "@ballast/money";

/** Values are below this size: twenty digits before the point, as in the grammar of amounts. */
const DIGITS_BEFORE_POINT_MAX = 20;

/**
 * The text of a value for a NUMERIC(38,18) column.
 *
 * PostgreSQL rounds a nineteenth digit away without a word, and the two legs of a journal would then differ from what
 * was hashed. So a value that does not fit is refused here, before it is sent.
 *
 * @throws InvariantViolation when the value is not finite, has more than 18 digits after the point or 21 before it.
 * @method STORE-1 STORE-10
 */
export function toNumeric(value: Decimal): string {
  const fits = value.isFinite() && value.decimalPlaces() <= LEDGER_SCALE && value.e < DIGITS_BEFORE_POINT_MAX;
  assertInvariant(fits, "STORE-1 an amount fits its column", () => ({ found: value.toString().slice(0, 80) }));
  return printDecimal(value);
}

/** The value of a NUMERIC column, read as text so that no digit passes through a float. */
export function fromNumeric(text: string): Decimal {
  return parseDecimal(text);
}
