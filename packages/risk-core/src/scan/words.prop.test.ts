import { describe, expect, test } from "@jest/globals";
import { Decimal } from "@ballast/money";
import fc from "fast-check";
import {
  addDecimal,
  decimalUnits,
  divideFloor,
  divideHalfEven,
  judgedSize,
  shiftedWords,
  usdFromWords,
  wordRow,
  wordSize,
  wordUnits,
} from "./fixed-point.js";
import { addProduct, addRow, addWords, carry, isAtMost, isNegative, isZero, negate, type Words } from "./words.f64.js";

describe("whole numbers", () => {
  const units = fc.oneof(
    fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
    fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }),
    fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }),
    fc
      .tuple(fc.bigInt({ min: -999n, max: 999n }), fc.nat({ max: 20 }))
      .map(([head, zeros]) => head * 10n ** BigInt(zeros)),
  );

  /** Rows of twelve words, as they are between carries: any whole numbers that ninety products may come to. */
  const row = (units: bigint): Words => {
    const words = new Float64Array(12);
    addWords(words, shiftedWords(units));
    return words;
  };
  const total = (words: Words): bigint => words.reduceRight((sum, word) => sum * 10_000_000n + BigInt(word), 0n);

  test("a sum of dollars becomes the Decimal that its text would, cut after the eighth digit to its side", () => {
    fc.assert(
      fc.property(units, fc.integer({ min: 2, max: 5 }), fc.constantFrom("FLOOR", "CEIL"), (count, words, side) => {
        const sum = row(count);
        carry(sum);
        const made = usdFromWords(sum, words, side);
        const wanted = new Decimal(count.toString())
          .div(`1e${7 * words}`)
          .toDecimalPlaces(8, side === "FLOOR" ? Decimal.ROUND_FLOOR : Decimal.ROUND_CEIL);
        const sign = wanted.isZero() ? 1 : wanted.s;
        expect({ s: made.s, e: made.e, d: made.d }).toEqual({ s: sign, e: wanted.e, d: wanted.d });
        expect(made.add(1).toFixed()).toBe(wanted.add(1).toFixed());
      }),
      { numRuns: 2000 },
    );
  });

  test("a carried row is the same number, with its sign in the last word alone", () => {
    const word = fc.oneof(
      fc.integer({ min: -9e15, max: 9e15 }),
      // Next to a multiple of a word, where a division is most likely to round to the wrong side.
      fc.tuple(fc.integer({ min: -9e8, max: 9e8 }), fc.integer({ min: -1, max: 1 })).map(([k, by]) => k * 1e7 + by),
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 2, maxLength: 10 }), (words) => {
        const carried = Float64Array.from([...words.map((each) => each * (1 - 2 ** -20)).map(Math.trunc), 0]);
        const before = total(carried);
        carry(carried);
        expect(total(carried)).toBe(before);
        expect(carried.slice(0, -1).every((each) => each >= 0 && each < 1e7)).toBe(true);
        expect(isNegative(carried)).toBe(before < 0n);
        expect(isZero(carried)).toBe(before === 0n);
        negate(carried);
        expect(total(carried)).toBe(-before);
      }),
      { numRuns: 2000 },
    );
  });

  test("products, sums and comparisons of rows are those of whole numbers", () => {
    const small = fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n });
    fc.assert(
      fc.property(small, units, units, (left, right, other) => {
        const [one, two] = [row(left), row(other)];
        carry(one);
        carry(two);
        const sum = new Float64Array(20);
        addProduct(sum, one, shiftedWords(right));
        addWords(sum, shiftedWords(other));
        carry(sum);
        expect(total(sum)).toBe(left * right + other);
        addRow(two, one);
        expect(total(two)).toBe(left + other);
        const size = left < 0n ? -left : left;
        const limit = other < 0n ? -other : other;
        expect(isAtMost(row(size), wordRow(limit))).toBe(size <= limit);
        expect(isAtMost(row(limit), wordRow(limit))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("a Decimal is read into a size or a sum exactly, or is refused", () => {
    fc.assert(
      fc.property(units, fc.nat({ max: 24 }), fc.nat({ max: 3 }), (count, places, words) => {
        const value = new Decimal(count.toString()).div(`1e${places}`);
        const exact = wordUnitsByText(value, words);
        const isSize = exact !== null && exact < 10n ** 14n && exact > -(10n ** 14n);
        expect(wordSize(value, words)).toBe(isSize ? Number(exact) : Number.NaN);
        const sum = new Float64Array(6);
        const isRead = exact !== null && exact < 10n ** 35n && exact > -(10n ** 35n);
        expect(addDecimal(sum, value, words)).toBe(isRead);
        expect(total(sum)).toBe(isRead ? exact : 0n);
        expect(judgedSize(count)).toBe(count < 10n ** 14n ? Number(count) : Number.POSITIVE_INFINITY);
      }),
      { numRuns: 2000 },
    );
  });

  test("a Decimal becomes units of whole words exactly, or is refused", () => {
    fc.assert(
      fc.property(units, fc.nat({ max: 24 }), fc.nat({ max: 3 }), (count, places, words) => {
        const value = new Decimal(count.toString()).div(`1e${places}`);
        expect(wordUnits(value, words)).toBe(wordUnitsByText(value, words));
      }),
      { numRuns: 2000 },
    );
  });

  test("quotients round as the Decimal does", () => {
    const divisor = fc.bigInt({ min: 1n, max: 10n ** 12n });
    fc.assert(
      fc.property(units, divisor, fc.boolean(), (count, by, tie) => {
        const exact = tie ? count - (count % (2n * by)) + by : count;
        const divided = tie ? 2n * by : by;
        const quotient = new Decimal(exact.toString()).div(divided.toString());
        const rounded = (mode: 3 | 6) => quotient.toDecimalPlaces(0, mode).toFixed();
        expect(divideFloor(exact, divided).toString()).toBe(rounded(Decimal.ROUND_FLOOR).replace(/^-0$/, "0"));
        if (exact >= 0n) expect(divideHalfEven(exact, divided).toString()).toBe(rounded(Decimal.ROUND_HALF_EVEN));
      }),
      { numRuns: 1000 },
    );
  });
});

/** Null exactly when a digit that is not zero stands behind the last whole word. */
function wordUnitsByText(value: Decimal, words: number): bigint | null {
  const cut = value.mul(new Decimal("1e7").pow(words));
  const lastWordStart = Math.ceil(value.decimalPlaces() / 7);
  return lastWordStart > words ? null : decimalUnits(cut, 0);
}
