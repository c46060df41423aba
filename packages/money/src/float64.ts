import { Decimal, plain } from "./decimal.js";
import { USD_SCALE } from "./rounding.js";
import type { Amount, Price, Quantity, Rate, Ratio, Usd } from "./units.js";

/*
 * The two border posts between decimals (what is stored, compared, shown) and float64 (what is scanned).
 * Nothing else in the house may call toNumber(), Number() or parseFloat() on money.
 */

/** A float64 that does not stand for an amount: not finite, or beyond what a scan may produce. */
export class NotAnAmount extends Error {
  override readonly name = "NotAnAmount";
  readonly code = "FLOAT_NOT_AN_AMOUNT";
  constructor(readonly received: number) {
    super(`expected a finite float64 of at most 1e20 in size; found ${received}`);
  }
}

/**
 * In: the float64 nearest to a decimal. Relative error at most 2^-53.
 *
 * Up to fourteen digits the decimal's own words make it: both the words' integer and the power of ten are exact floats
 * then, and one division or product of exact floats is the nearest float. It is ten times as fast as by way of text, and
 * a portfolio is a thousand conversions. Longer decimals go by way of text.
 *
 * @method NUMBERS-2
 */
export function toFloat64(value: Usd | Amount | Price | Quantity | Ratio | Rate): number {
  const { d: words, e: exponent, s: sign } = value;
  if (words === null || words.length > 2) return value.toNumber();
  // By index: taking an array apart walks an iterator.
  const high = words[0] as number;
  const low = words[1];
  const integer = low === undefined ? high : high * WORD + low;
  const power = exponent - digitsOf(high) + 1 - (low === undefined ? 0 : WORD_DIGITS);
  if (power > 22 || power < -22) return value.toNumber();
  return sign * (power < 0 ? integer / (POWERS[-power] as number) : integer * (POWERS[power] as number));
}

/** decimal.js keeps a decimal in words of seven digits. */
const WORD = 1e7;
const WORD_DIGITS = 7;
/** Powers of ten that are exact floats. */
const POWERS = Array.from({ length: 23 }, (_, power) => 10 ** power);

function digitsOf(word: number): number {
  if (word < 1_000) return word < 10 ? 1 : word < 100 ? 2 : 3;
  return word < 10_000 ? 4 : word < 100_000 ? 5 : word < 1_000_000 ? 6 : 7;
}

/**
 * Out: a scanned loss (positive is a loss) as a decimal, rounded *up* to `scale` digits after the point; dollars have
 * `USD_SCALE`. A float is read as the shortest decimal that denotes it.
 *
 * @throws NotAnAmount when the float is not finite or larger than 1e20 in size.
 * @method NUMBERS-2
 */
export function lossFromFloat64(loss: number, scale: number = USD_SCALE): Usd {
  requireAmount(loss);
  return plain(new Decimal(loss).toDecimalPlaces(scale, Decimal.ROUND_CEIL)) as unknown as Usd;
}

/** Refuses a float that `lossFromFloat64` would refuse, for whoever crosses later. @throws NotAnAmount */
export function requireAmount(float: number): void {
  if (!Number.isFinite(float) || Math.abs(float) > 1e20) throw new NotAnAmount(float);
}
