import { describe, expect, test } from "@jest/globals";
import { Decimal, printDecimal } from "@ballast/money";
import { fromNumeric, toNumeric } from "./numeric.js";

describe("STORE-1: an amount on its way to a column", () => {
  test.each(["0", "-0.000000000000000001", "99999999999999999999.999999999999999999"])(
    "%s arrives as it is",
    (text) => {
      expect(toNumeric(new Decimal(text))).toBe(text);
      expect(printDecimal(fromNumeric(text))).toBe(text);
    },
  );

  test.each(["0.0000000000000000001", "100000000000000000000", "NaN", "-Infinity"])("%s is refused", (text) => {
    expect(() => toNumeric(new Decimal(text))).toThrow("STORE-1");
  });
});
