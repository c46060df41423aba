import { Decimal } from "./decimal.js";

/**
 * The text form of an amount: at most 20 digits before the point, at most 18 after it, ASCII, no exponent.
 *
 * Everything that is not of this form is refused *before* a Decimal is made: decimal.js accepts `0x1F`, `1_000`
 * and `1e10000000`, and arithmetic on the last costs minutes.
 *
 * @method NUMBERS-1
 */
export const DECIMAL_GRAMMAR = /^-?(0|[1-9]\d{0,19})(\.\d{1,18})?$/;

/** The longest text that can match the grammar, in bytes; longer text is refused without looking at it. */
export const DECIMAL_BYTES_MAX = 40;

/** Text that is not an amount. The message names the rule, never echoes more than the first 40 characters. */
export class MalformedDecimal extends Error {
  override readonly name = "MalformedDecimal";
  readonly code = "DECIMAL_MALFORMED";
  constructor(readonly received: string) {
    super(
      "expected a decimal string: at most 20 digits, then at most 18 after the point, no exponent; found " + received,
    );
  }
}

/**
 * Is `text` a string in the decimal grammar? False for every non-string, so it can face unparsed JSON.
 *
 * @method NUMBERS-1
 */
export function isDecimalString(text: unknown): text is string {
  return typeof text === "string" && text.length <= DECIMAL_BYTES_MAX && DECIMAL_GRAMMAR.test(text);
}

/**
 * Returns the decimal that `text` spells; minus zero becomes zero.
 *
 * @throws MalformedDecimal when the text is not in the grammar, whatever it is.
 * @method NUMBERS-1
 */
export function parseDecimal(text: unknown): Decimal {
  if (!isDecimalString(text)) throw new MalformedDecimal(describe(text));
  const value = new Decimal(text);
  return value.isZero() ? new Decimal(0) : value;
}

/**
 * Returns the canonical text of a decimal: no exponent, no trailing zeros, no minus zero. `parseDecimal` reads it back
 * to the same value whenever it has at most 18 digits after the point.
 */
export function printDecimal(value: Decimal): string {
  return value.isZero() ? "0" : value.toFixed();
}

function describe(text: unknown): string {
  if (text === null || text === undefined) return String(text);
  if (Array.isArray(text)) return "an array";
  if (typeof text !== "string") return `${/^[aeiou]/.test(typeof text) ? "an" : "a"} ${typeof text}`;
  return JSON.stringify(text.length > DECIMAL_BYTES_MAX ? text.slice(0, DECIMAL_BYTES_MAX) + "…" : text);
}
