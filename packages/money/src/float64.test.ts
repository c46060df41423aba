import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Decimal } from "./decimal.js";
import { lossFromFloat64, NotAnAmount, toFloat64 } from "./float64.js";
import { anyUsd } from "./testing.js";
import { price, usd } from "./units.js";

describe("NUMBERS-2: the border posts", () => {
  //  a loss as scanned  as money
  test.each([
    [0, "0"],
    [-0, "0"],
    [0.1, "0.1"],
    [1 / 3, "0.33333334"],
    [1e-300, "0.00000001"],
    [-1e-300, "0"],
    [-1 / 3, "-0.33333333"],
    [1e20, "100000000000000000000"],
  ])("out: a loss of %p is %s dollars", (scanned, money) => {
    const loss = lossFromFloat64(scanned);
    expect(loss.toFixed()).toBe(money);
    expect(loss.isZero() && loss.isNegative()).toBe(false);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e21, -1e21])(
    "%p is no loss",
    (scanned) => {
      expect(() => lossFromFloat64(scanned)).toThrow(NotAnAmount);
    },
  );

  test("in: the nearest float64", () => {
    expect(toFloat64(usd("0.1"))).toBe(0.1);
    expect(toFloat64(price("65000.5"))).toBe(65000.5);
    expect(toFloat64(usd("9007199254740993"))).toBe(9007199254740992);
  });

  test("a loss that went in and came out is never smaller, and larger by less than a part in 1e15 and a last digit", () => {
    fc.assert(
      fc.property(anyUsd(), (value) => {
        const back = lossFromFloat64(toFloat64(value));
        const slack = value.abs().mul("1e-15");
        expect(back.gte(value.sub(slack))).toBe(true);
        expect(back.sub(value).lte(slack.add("0.00000001"))).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

test("NUMBERS-2: the short way to a float gives the same float as the way by text", () => {
  const digits = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
  fc.assert(
    fc.property(digits, fc.integer({ min: 0, max: 18 }), (integer, places) => {
      const value = price(new Decimal(integer.toString()).div(new Decimal(10).pow(places)));
      expect(toFloat64(value)).toBe(Number(value.toFixed()));
    }),
    { numRuns: 2000 },
  );
});
