import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { priceOption } from "./price-option.f64.js";
import { averageDeviation, type SettlingOption, type SettlingTerms, settlingOption } from "./settlement-average.f64.js";

const HALF_HOUR = 1_800 / 31_536_000;
const terms: SettlingTerms = {
  type: "call",
  forward: 1649,
  strike: 1640,
  expiryYears: HALF_HOUR / 2,
  volatility: 0.8,
  rate: 0,
  windowYears: HALF_HOUR,
  fixedForward: 823,
};

function settling(change: Partial<SettlingTerms>): SettlingOption {
  const option = settlingOption({ ...terms, ...change });
  if (!option.ok) throw new Error(option.rejection.code);
  return option.value;
}

describe("PRICING-11: an option that settles at an average", () => {
  test("PRICING-11: the deviation of an average has its second moment", () => {
    // ∫∫ e^{σ²·min(x, y)} over the window, exactly: 2(e^v − 1 − v)/v². Here v = 0.09 and 4, in 30-digit arithmetic.
    expect(averageDeviation(0.3, 1, 1) ** 2).toBeCloseTo(0.03022589485067875, 14);
    expect(averageDeviation(2, 1, 1) ** 2).toBeCloseTo(1.8245119936366005, 13);
    expect(averageDeviation(0.3, 3, 1) ** 2).toBeCloseTo(0.18 + 0.03022589485067875, 14);
  });

  test("PRICING-11: nothing jumps between the series and the closed form", () => {
    expect(averageDeviation(1 + 1e-12, 1, 1)).toBeCloseTo(averageDeviation(1, 1, 1), 11);
  });

  test("PRICING-11: with a window that is next to nothing the option is the plain one", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 800, max: 3000, noNaN: true }),
        fc.constantFrom("call" as const, "put" as const),
        (strike, type) => {
          const { type: _, windowYears, fixedForward, ...rest } = { ...terms, strike, expiryYears: 0.2, rate: 0.05 };
          const plain = priceOption({ ...rest, type });
          const settled = settling({ strike, type, expiryYears: 0.2, rate: 0.05, windowYears: 1e-12, fixedForward: 0 });
          return plain.ok && Math.abs(settled.price - plain.value) <= 1e-9;
        },
      ),
    );
  });

  test("PRICING-11: a call less a put is the forward less the strike, before, inside and at the end of the window", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 3, noNaN: true }),
        fc.double({ min: 800, max: 3000, noNaN: true }),
        (windows, strike) => {
          fc.pre(windows === 0 || windows > 1e-6);
          const fixedForward = windows < 1 ? 1649 * (1 - windows) : 0;
          const at = { expiryYears: windows * HALF_HOUR, strike, fixedForward };
          const [call, put] = [settling({ ...at, type: "call" }), settling({ ...at, type: "put" })];
          return (
            Math.abs(call.price - put.price - (1649 - strike)) <= 1e-11 &&
            Math.abs(call.delta - put.delta - call.openShare) <= 1e-14
          );
        },
      ),
    );
  });

  //  when                    share of the window left   fixed   delta of a call deep in the money
  test.each([
    ["before the window", 2, 0, 1],
    ["as it opens", 1, 0, 1],
    ["half-way", 0.5, 823, 0.5],
    ["near its end", 0.1, 1481.4, 0.1],
    ["at expiry", 0, 1646, 0],
  ])("PRICING-11: delta falls in a straight line through the window: %s", (_, left, fixedForward, delta) => {
    const deep = settling({ strike: 1000, expiryYears: left * HALF_HOUR, fixedForward });
    expect(deep.delta).toBeCloseTo(delta, 12);
    expect(deep.openShare).toBeCloseTo(Math.min(1, left), 12);
  });

  test("PRICING-11: delta is the slope by the index, whose move counts with the open share", () => {
    // The index moves by a dollar; the forward of the average by half of one.
    const slope = settling({ forward: 1649.5 }).price - settling({ forward: 1648.5 }).price;
    expect(settling({}).delta * 2).toBeCloseTo(slope, 3);
  });

  test("PRICING-11: once the fixed part has passed the strike the call is certain and the put is gone", () => {
    expect(settling({ strike: 800 })).toEqual({ price: 849, delta: 0.5, openShare: 0.5 });
    expect(settling({ strike: 800, type: "put" })).toEqual({ price: 0, delta: 0, openShare: 0.5 });
  });

  test.each([
    ["a fixed part before the window opens", { expiryYears: 1, fixedForward: 10 }, "FIXED_FORWARD_REFUSED"],
    ["a fixed part below zero", { fixedForward: -1 }, "FIXED_FORWARD_REFUSED"],
    ["a fixed part beyond the forward", { fixedForward: 2000 }, "FIXED_FORWARD_REFUSED"],
    ["a fixed part that is no number", { fixedForward: NaN }, "FIXED_FORWARD_REFUSED"],
    ["a window without length", { windowYears: 0 }, "PRICING_INPUT_OUTSIDE_DOMAIN"],
    ["an expiry in the past", { expiryYears: -1e-9 }, "PRICING_INPUT_OUTSIDE_DOMAIN"],
    ["no volatility", { volatility: 0 }, "PRICING_INPUT_OUTSIDE_DOMAIN"],
  ])("PRICING-11: %s is refused", (_, change, code) => {
    expect(settlingOption({ ...terms, ...change })).toMatchObject({ ok: false, rejection: { code } });
  });
});
