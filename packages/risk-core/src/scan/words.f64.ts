/*
 * Exact whole numbers as rows of words of seven decimal digits, the least word first: the numbers of the scan.
 *
 * Judging an account is some hundred products and sums of numbers of up to thirty-five digits. In BigInt each of them makes a new
 * number on the heap, at 30 to 60 ns, and ten positions cost 9 µs. Words of seven digits are what a Decimal is made of already;
 * a product of two is below 10^14 and so exact as a float64, ninety of them may be summed before 2^53, and a row that is written
 * over again and again costs no memory. Between carries a word may hold any whole number below 2^53, of either sign.
 *
 * Everything here is a whole number below 2^53 in every step, which makes float64 exact; `words.prop.test.ts` holds it to BigInt.
 */

/** One more than the largest word. */
export const WORD = 10_000_000;

/** A whole number: the sum of words[i] × WORD^i. */
export type Words = Float64Array;

/** A whole number without the zeros at its low end: words[i] stands at place `at` + i. */
export interface ShiftedWords {
  readonly at: number;
  readonly words: Words;
}

/** Products that may be added to one word before it is carried: 90 × 10^14 is below 2^53. */
export const PRODUCTS_MAX = 90;

/** Adds `factor` × `scale` to `sum`, `factor` standing at place `place`; |factor| is below WORD. Two products a word at most. */
export function addTimes(sum: Words, scale: ShiftedWords, factor: number, place: number): void {
  const { at, words } = scale;
  for (let word = 0; word < words.length; word++) {
    sum[place + at + word] = (sum[place + at + word] as number) + factor * (words[word] as number);
  }
}

/** Adds a number to a sum that is at least as long. */
export function addWords(sum: Words, { at, words }: ShiftedWords): void {
  for (let word = 0; word < words.length; word++) {
    sum[at + word] = (sum[at + word] as number) + (words[word] as number);
  }
}

/** Adds a row to another one of its length, word by word. */
export function addRow(sum: Words, row: Words): void {
  for (let word = 0; word < sum.length; word++) sum[word] = (sum[word] as number) + (row[word] as number);
}

/** Adds `row` × `scale`, `row` being carried: at most as many products a word as the shorter of them has words. */
export function addProduct(sum: Words, row: Words, scale: ShiftedWords): void {
  for (let place = 0; place < row.length; place++) {
    const factor = row[place] as number;
    if (factor !== 0) addTimes(sum, scale, factor, place);
  }
}

/**
 * Brings every word but the last into 0 … WORD − 1; the last one then carries the sign of the whole. A number below zero
 * is thereby written as the next multiple below it plus a positive rest: −1 is 9999999, 9999999, …, −1.
 */
export function carry(sum: Words): void {
  // The quotient is below 2^30, where floats are closer than two thirds of 1 ÷ WORD: it never rounds up to a whole number.
  let over = 0;
  const last = sum.length - 1;
  for (let place = 0; place < last; place++) {
    const value = (sum[place] as number) + over;
    over = Math.floor(value / WORD);
    sum[place] = value - over * WORD;
  }
  sum[last] = (sum[last] as number) + over;
}

/** Turns the sign of a row and carries it. */
export function negate(row: Words): void {
  // From zero, so that no word becomes −0.
  for (let place = 0; place < row.length; place++) row[place] = 0 - (row[place] as number);
  carry(row);
}

/** Whether a carried number is below zero. */
export function isNegative(row: Words): boolean {
  return (row[row.length - 1] as number) < 0;
}

/** Whether a carried number is zero. */
export function isZero(row: Words): boolean {
  for (let place = 0; place < row.length; place++) if (row[place] !== 0) return false;
  return true;
}

/** Whether a carried number, zero or above, is at most another one of any length. */
export function isAtMost(row: Words, limit: Words): boolean {
  for (let place = Math.max(row.length, limit.length) - 1; place >= 0; place--) {
    const difference = (row[place] ?? 0) - (limit[place] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return true;
}
