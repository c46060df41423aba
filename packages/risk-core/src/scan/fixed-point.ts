import { Decimal } from "@ballast/money";

/*
 * Exact whole numbers for the scan.
 *
 * Judging an account is a few dozen products and sums. In decimal.js each costs 100–250 ns, most of it for finding a
 * rounding that never happens: our figures have at most some forty digits and the Decimal keeps sixty. The same sums
 * in BigInt, counted in units of 10^-n, cost 10–30 ns each and cannot round at all. So the scan reads Decimals into
 * units, adds units, and makes five Decimals at the end.
 *
 * Reading uses what decimal.js documents: a value is sign `s`, decimal exponent `e`, and words `d` of seven digits,
 * aligned to the decimal point. Counted in whole words after the point a Decimal is its words read as one number, with
 * zeros behind: no division, no text. Everything here either is exact or says that it cannot be (null), and
 * the scan then asks the pipeline; `assess-health.prop.test.ts` holds the two to the same answer, digit for digit.
 */

/** Decimal digits in one word of a Decimal. */
export const WORD_DIGITS = 7;
const WORD = 10_000_000;

/** Powers of ten as whole numbers: `tenTo(3)` is 1000. `exponent` ≥ 0. */
export function tenTo(exponent: number): bigint {
  return 10n ** BigInt(exponent);
}

/**
 * `value` in units of 10^-(7 × words): exact, or null when it has more digits after the point than that.
 *
 * Cost: about 10 ns and one allocation for values of up to two words.
 */
export function wordUnits(value: Decimal, words: number): bigint | null {
  const { d, e, s } = value;
  const length = d.length;
  // How many words of zeros follow the last word, down to the unit.
  const after = words + Math.floor(e / WORD_DIGITS) - length + 1;
  if (after < 0) return d[0] === 0 ? 0n : null;
  // Two words are below 10^14 and therefore exact as a number: one BigInt for each pair.
  const odd = length % 2;
  let units = BigInt(s * (odd === 1 ? wordAt(d, 0) : wordAt(d, 0) * WORD + wordAt(d, 1)));
  for (let at = 2 - odd; at < length; at += 2) {
    units = units * PAIR_UNITS + BigInt(s * (wordAt(d, at) * WORD + wordAt(d, at + 1)));
  }
  return after === 0 ? units : units * (WORD_POWERS[after] ?? tenTo(after * WORD_DIGITS));
}

const PAIR_UNITS = tenTo(2 * WORD_DIGITS);
const WORD_POWERS: readonly bigint[] = Array.from({ length: 8 }, (_, at) => tenTo(at * WORD_DIGITS));

function wordAt(words: readonly number[], at: number): number {
  return words[at] as number;
}

/** `value` in units of 10^-digits. For the table, not for the scan: it goes through text. Null when it is not whole. */
export function decimalUnits(value: Decimal, digits: number): bigint | null {
  const units = value.mul(`1e${digits}`);
  return units.isInteger() ? BigInt(units.toFixed(0)) : null;
}

/** Quotient rounded towards minus infinity; `by` is above zero. */
export function divideFloor(units: bigint, by: bigint): bigint {
  return units < 0n ? (units - by + 1n) / by : units / by;
}

/** Quotient rounded towards plus infinity; `by` is above zero. */
export function divideCeil(units: bigint, by: bigint): bigint {
  return units > 0n ? (units + by - 1n) / by : units / by;
}

/** Quotient rounded to the nearest, halves to the even one, as the Decimal does; both are above or at zero. */
export function divideHalfEven(units: bigint, by: bigint): bigint {
  const quotient = units / by;
  const twice = (units - quotient * by) * 2n;
  if (twice < by) return quotient;
  return twice > by || (quotient & 1n) === 1n ? quotient + 1n : quotient;
}

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * A figure counted in units of 10^-8 as a Decimal, digit for digit what `new Decimal(text)` would make of it.
 *
 * Up to ninety million the words are set directly: going through text costs several times as much, and there are five
 * figures an account.
 */
export function usdFromUnits(units: bigint): Decimal {
  if (units > SAFE || units < -SAFE) return new Decimal(units.toString()).mul("1e-8");
  // oxlint-disable-next-line ballast/no-float-money -- a whole number below 2^53 is exact, and only its digits are read
  const signed = Number(units);
  const whole = signed < 0 ? -signed : signed;
  // 10^-8 is the first digit of the second word after the point.
  const tens = Math.floor(whole / 10);
  const second = (whole - tens * 10) * (WORD / 10);
  const integer = Math.floor(tens / WORD);
  const first = tens - integer * WORD;
  const high = integer < WORD ? 0 : Math.floor(integer / WORD);
  const low = integer - high * WORD;
  const words = high > 0 ? [high, low, first, second] : low > 0 ? [low, first, second] : [first, second];
  let exponent = (high > 0 ? 1 : low > 0 ? 0 : -1) * WORD_DIGITS;
  if (words[0] === 0) {
    if (second === 0) return new Decimal(0);
    words.shift();
    exponent -= WORD_DIGITS;
  }
  while (words[words.length - 1] === 0) words.pop();
  for (let head = wordAt(words, 0); head >= 10; head /= 10) exponent++;
  const made = new Decimal(0) as { -readonly [Key in keyof Decimal]: Decimal[Key] };
  made.s = signed < 0 ? -1 : 1;
  made.e = exponent;
  made.d = words;
  return made as Decimal;
}
