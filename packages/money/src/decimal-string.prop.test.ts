import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { isDecimalString, MalformedDecimal, parseDecimal, printDecimal } from "./decimal-string.js";
import { anyAmount, anyDecimalText } from "./testing.js";

const RUNS = { numRuns: 600 };

describe("NUMBERS-1: text", () => {
  test("every text of the grammar becomes a decimal, and its canonical text is in the grammar again", () => {
    fc.assert(
      fc.property(anyDecimalText, (text) => {
        const canonical = printDecimal(parseDecimal(text));
        expect(isDecimalString(canonical)).toBe(true);
        expect(printDecimal(parseDecimal(canonical))).toBe(canonical);
        expect(parseDecimal(canonical).eq(parseDecimal(text))).toBe(true);
      }),
      RUNS,
    );
  });

  test("every amount survives text, decimal, text", () => {
    fc.assert(
      fc.property(anyAmount({ min: "-99999999999999999999", max: "99999999999999999999" }), (value) => {
        expect(parseDecimal(printDecimal(value)).eq(value)).toBe(true);
      }),
      RUNS,
    );
  });

  test("whatever is not in the grammar is refused, whatever it is", () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withNullPrototype: true, withTypedArray: true }), (value) => {
        fc.pre(typeof value !== "string");
        expect(() => parseDecimal(value)).toThrow(MalformedDecimal);
      }),
      RUNS,
    );
  });

  test("a character put anywhere into an amount makes an amount only if it is a digit, a point or a minus sign", () => {
    const character = fc.string({ unit: "binary", minLength: 1, maxLength: 1 });
    fc.assert(
      fc.property(anyDecimalText, character, fc.nat(), (text, inserted, where) => {
        const at = where % (text.length + 1);
        return /^[-.0-9]$/.test(inserted) || !isDecimalString(text.slice(0, at) + inserted + text.slice(at));
      }),
      { numRuns: 2_000 },
    );
  });
});
