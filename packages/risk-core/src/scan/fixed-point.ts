import { Decimal } from "@ballast/money";
import { carry, isNegative, negate, type ShiftedWords, WORD, type Words } from "./words.f64.js";

/*
 * Between Decimals and exact whole numbers, for the scan.
 *
 * Judging an account is a few dozen products and sums. In decimal.js each costs 100–250 ns, most of it for finding a
 * rounding that never happens: our figures have at most some forty digits and the Decimal keeps sixty. So the scan reads
 * Decimals into units of 10^-n, adds whole numbers, which cannot round at all (`words.f64.ts`), and makes five Decimals at
 * the end. BigInt is for the table of a snapshot, and for what has to be divided.
 *
 * Reading and making use what decimal.js documents: a value is sign `s`, decimal exponent `e`, and words `d` of seven digits,
 * aligned to the decimal point: no division, no text. Everything here either is exact or says that it cannot be, and
 * the scan then asks the pipeline; `assess-health.prop.test.ts` holds the two to the same answer, digit for digit.
 */

/** Decimal digits in one word of a Decimal. */
export const WORD_DIGITS = 7;
const WORD_UNITS = BigInt(WORD);

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

/** Quotient rounded to the nearest, halves to the even one, as the Decimal does; both are above or at zero. */
export function divideHalfEven(units: bigint, by: bigint): bigint {
  const quotient = units / by;
  const twice = (units - quotient * by) * 2n;
  if (twice < by) return quotient;
  return twice > by || (quotient & 1n) === 1n ? quotient + 1n : quotient;
}

/** A whole number as words, carried: as many as it needs, one at least. */
export function wordRow(units: bigint): Words {
  const words: number[] = [];
  for (let left = units < 0n ? -units : units; left > 0n || words.length === 0; left /= WORD_UNITS) {
    words.push(exactNumber(left % WORD_UNITS));
  }
  return Float64Array.from(words, (word) => (units < 0n ? 0 - word : word));
}

/** The same without the zeros at its low end; below zero, every word is. */
export function shiftedWords(units: bigint): ShiftedWords {
  const row = wordRow(units);
  const at = row.findIndex((word) => word !== 0);
  return at < 0 ? { at: 0, words: new Float64Array(0) } : { at, words: row.subarray(at).slice() };
}

/** A whole number below 2^53, exactly. */
function exactNumber(units: bigint): number {
  // oxlint-disable-next-line ballast/no-float-money -- a whole number below 2^53 is exact
  return Number(units);
}

/** Sizes below this are whole numbers of two words, and are judged as numbers. */
const SIZE_MAX = WORD * WORD;

/** A limit for sizes as a number; infinite when no size that is judged as a number reaches it. */
export function judgedSize(units: bigint): number {
  return units < BigInt(SIZE_MAX) ? exactNumber(units) : Number.POSITIVE_INFINITY;
}

/**
 * `value` in units of 10^-(7 × words), as a number: exact, or NaN when it has more digits after the point than that, or is
 * not below 10^14 units.
 */
export function wordSize(value: Decimal, words: number): number {
  const { d, e, s } = value;
  const after = words + Math.floor(e / WORD_DIGITS) - d.length + 1;
  if (d[0] === 0) return 0;
  if (after < 0 || d.length + after > 2) return Number.NaN;
  const size = d.length === 1 ? (after === 0 ? wordAt(d, 0) : wordAt(d, 0) * WORD) : wordAt(d, 0) * WORD + wordAt(d, 1);
  return s * size;
}

/** Adds `value` to a sum in units of 10^-(7 × words). Answers false, and has added nothing, when it does not fit exactly. */
export function addDecimal(sum: Words, value: Decimal, words: number): boolean {
  const { d, e, s } = value;
  if (d[0] === 0) return true;
  const first = words + Math.floor(e / WORD_DIGITS);
  const last = first - d.length + 1;
  if (last < 0 || first >= sum.length - 1) return false;
  for (let word = 0; word < d.length; word++) sum[first - word] = (sum[first - word] as number) + s * wordAt(d, word);
  return true;
}

/** What stands below the eighth digit after the point, in the second word after it. */
const BELOW_USD = 1_000_000;

/**
 * A carried sum of dollars with `words` words after the point as a Decimal of eight digits after the point, digit for digit what
 * `new Decimal(text)` would make of it. The sum is used up.
 */
export function usdFromWords(sum: Words, words: number, side: "FLOOR" | "CEIL"): Decimal {
  const second = words - 2;
  let isCut = false;
  for (let place = 0; place < second; place++) {
    if (sum[place] !== 0) isCut = true;
    sum[place] = 0;
  }
  const below = (sum[second] as number) % BELOW_USD;
  sum[second] = (sum[second] as number) - below;
  // The rest of a carried number is never below zero: leaving it out rounds down on either side of zero.
  if (side === "CEIL" && (isCut || below > 0)) {
    sum[second] = (sum[second] as number) + BELOW_USD;
    carry(sum);
  }
  const sign = isNegative(sum) ? -1 : 1;
  if (sign < 0) negate(sum);
  let top = sum.length - 1;
  while (top >= second && sum[top] === 0) top--;
  const made = new Decimal(0) as { -readonly [Key in keyof Decimal]: Decimal[Key] };
  if (top < second) return made as Decimal;
  let low = second;
  while (sum[low] === 0) low++;
  const digits: number[] = [];
  for (let place = top; place >= low; place--) digits.push(sum[place] as number);
  let exponent = (top - words) * WORD_DIGITS;
  for (let head = wordAt(digits, 0); head >= 10; head /= 10) exponent++;
  made.s = sign;
  made.e = exponent;
  made.d = digits;
  return made as Decimal;
}
