import { describe, expect, test } from "@jest/globals";
import { DECIMAL_BYTES_MAX, isDecimalString, MalformedDecimal, parseDecimal, printDecimal } from "./decimal-string.js";
import { HOSTILE_TEXTS, HOSTILE_VALUES } from "./testing.js";

describe("NUMBERS-1: text from outside", () => {
  //  text                                       canonical
  test.each([
    ["0", "0"],
    ["-0", "0"],
    ["-0.000", "0"],
    ["1", "1"],
    ["1.0", "1"],
    ["-1.50", "-1.5"],
    ["10", "10"],
    ["0.10", "0.1"],
    ["99999999999999999999", "99999999999999999999"],
    ["-99999999999999999999.99999999999999999", "-99999999999999999999.99999999999999999"],
    ["99999999999999999999.999999999999999999", "99999999999999999999.999999999999999999"],
    ["-99999999999999999999.999999999999999999", "-99999999999999999999.999999999999999999"],
    ["0.000000000000000001", "0.000000000000000001"],
    ["-0.000000000000000001", "-0.000000000000000001"],
  ])("%s is %s", (text, canonical) => {
    expect(isDecimalString(text)).toBe(true);
    expect(printDecimal(parseDecimal(text))).toBe(canonical);
  });

  test.each(HOSTILE_TEXTS)("%s is refused", (_, text) => {
    expect(isDecimalString(text)).toBe(false);
    expect(() => parseDecimal(text)).toThrow(MalformedDecimal);
  });

  test.each(HOSTILE_VALUES)("%s is no text", (_, value) => {
    expect(isDecimalString(value)).toBe(false);
    expect(() => parseDecimal(value)).toThrow(MalformedDecimal);
  });

  test("the longest amounts have 40 characters, and one more is too many", () => {
    const longest = `-${"9".repeat(20)}.${"9".repeat(18)}`;
    expect(longest.length).toBe(DECIMAL_BYTES_MAX);
    expect(isDecimalString(longest)).toBe(true);
    expect(isDecimalString(`${longest}9`)).toBe(false);
  });

  test("minus zero is plain zero", () => {
    expect(parseDecimal("-0").isNegative()).toBe(false);
    expect(Object.is(parseDecimal("-0.0").toNumber(), 0)).toBe(true);
    expect(printDecimal(parseDecimal("0").neg())).toBe("0");
  });

  test("a refusal names the rule and echoes at most forty characters of what it was sent", () => {
    const refusalOf = (value: unknown): MalformedDecimal => {
      try {
        parseDecimal(value);
      } catch (refusal) {
        if (refusal instanceof MalformedDecimal) return refusal;
      }
      throw new Error(`${typeof value} was not refused`);
    };
    expect(refusalOf("1e5").message).toBe(
      'expected a decimal string: at most 20 digits, then at most 18 after the point, no exponent; found "1e5"',
    );
    expect(refusalOf(["1"]).message).toMatch(/found an array$/);
    expect(refusalOf(null).message).toMatch(/found null$/);
    expect(refusalOf(1).message).toMatch(/found a number$/);
    expect(refusalOf("7".repeat(1_000_000)).received).toBe(`"${"7".repeat(DECIMAL_BYTES_MAX)}…"`);
    expect(refusalOf("1\u0000\n").message).toMatch(/found "1\\u0000\\n"$/);
    expect(refusalOf("+1").code).toBe("DECIMAL_MALFORMED");
  });
});
