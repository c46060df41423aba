import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { propertyRuns } from "@ballast/money/testing";
import fc from "fast-check";
import { black76Call, black76Put } from "./black76.f64.js";
import { impliedVolatility, type PricedOption } from "./implied-volatility.f64.js";
import { normalDensity } from "./normal.f64.js";

const { cases } = JSON.parse(
  readFileSync(new URL("../../../../vectors/pricing/implied-volatility.json", import.meta.url), "utf8"),
) as { readonly cases: readonly { readonly in: PricedOption; readonly out: { readonly volatility: number } }[] };

const EPSILON = 2 ** -52;

/** How well a price out of the money can know its volatility: its relative error, over its elasticity to volatility. */
function precisionOf({ forward, strike, expiryYears, price }: PricedOption, volatility: number): number {
  const deviation = volatility * Math.sqrt(expiryYears);
  const distance = Math.log(forward / strike) / deviation;
  const vega = forward * normalDensity(distance + deviation / 2) * Math.sqrt(expiryYears);
  const relativeError = EPSILON * (64 + 8 * distance * distance);
  return (relativeError * price) / vega + 8 * EPSILON * volatility;
}

describe("PRICING-7: the volatility that explains a price", () => {
  test.each(cases)(
    "PRICING-7: $in.type F $in.forward K $in.strike T $in.expiryYears at $out.volatility",
    ({ in: option, out }) => {
      const found = impliedVolatility(option);
      expect(found.ok && Math.abs(found.value - out.volatility)).toBeLessThanOrEqual(
        precisionOf(option, out.volatility),
      );
    },
  );

  //  what is asked                               type    F    K    T     price   answer
  test.each([
    ["a call below intrinsic value", "call", 100, 80, 0.25, 19, "PRICE_BELOW_INTRINSIC"],
    ["a call at intrinsic value", "call", 100, 80, 0.25, 20, "NO_TIME_VALUE"],
    ["a call worth nothing", "call", 100, 120, 0.25, 0, "NO_TIME_VALUE"],
    ["a call worth next to nothing", "call", 100, 120, 0.25, 1e-300, "NO_TIME_VALUE"],
    ["a call worth the forward", "call", 100, 80, 0.25, 100, "PRICE_NOT_BELOW_CEILING"],
    ["a call worth more than the forward", "call", 100, 80, 0.25, 100.5, "PRICE_NOT_BELOW_CEILING"],
    ["a put worth more than the strike", "put", 100, 120, 0.25, 120.5, "PRICE_NOT_BELOW_CEILING"],
    ["a put of negative value", "put", 100, 80, 0.25, -0.1, "PRICE_BELOW_INTRINSIC"],
    ["an option at expiry", "call", 100, 120, 0, 0, "NO_TIME_LEFT"],
    ["an option after expiry", "call", 100, 120, -0.1, 1, "PRICING_INPUT_OUTSIDE_DOMAIN"],
    ["a forward of zero", "put", 0, 120, 0.25, 1, "PRICING_INPUT_OUTSIDE_DOMAIN"],
    ["a strike of zero", "call", 100, 0, 0.25, 99, "PRICING_INPUT_OUTSIDE_DOMAIN"],
    ["a price that is no number", "call", 100, 120, 0.25, NaN, "PRICING_INPUT_OUTSIDE_DOMAIN"],
    ["an endless price", "call", 100, 120, 0.25, Infinity, "PRICING_INPUT_OUTSIDE_DOMAIN"],
    ["seconds that would need 400,000 % a year", "call", 100, 100, 1e-8, 16, "PRICING_INPUT_OUTSIDE_DOMAIN"],
  ] as const)("PRICING-7: %s", (_, type, forward, strike, expiryYears, price, code) => {
    expect(impliedVolatility({ type, forward, strike, expiryYears, price })).toMatchObject({
      ok: false,
      rejection: { code },
    });
  });

  const option = fc.record({
    forward: fc.double({ min: -3, max: 6, noNaN: true }).map((power) => 10 ** power),
    expiryYears: fc.double({ min: -6, max: 1, noNaN: true }).map((power) => 10 ** power),
    volatility: fc.double({ min: -2, max: 1.3, noNaN: true }).map((power) => 10 ** power),
    // In deviations from the forward, wings included.
    distance: fc.oneof(fc.double({ min: -3, max: 3, noNaN: true }), fc.double({ min: -36, max: 36, noNaN: true })),
  });

  test("PRICING-7: a price out of the money leads back to its volatility, from seconds to ten years and 36 deviations out", () => {
    fc.assert(
      fc.property(option, ({ forward, expiryYears, volatility, distance }) => {
        const deviation = volatility * Math.sqrt(expiryYears);
        const strike = forward * Math.exp(distance * deviation);
        fc.pre(strike > 1e-30 && strike < 1e30);
        const type = strike >= forward ? "call" : "put";
        const price = (type === "call" ? black76Call : black76Put)(forward, strike, deviation);
        fc.pre(price > 1e-280 * Math.max(1, forward) && price < Math.min(forward, strike) * (1 - 1e-9));
        const priced = { type, forward, strike, expiryYears, price } as const;
        const found = impliedVolatility(priced);
        return found.ok && Math.abs(found.value - volatility) <= precisionOf(priced, volatility);
      }),
      propertyRuns(2000),
    );
  });

  test("PRICING-7: a price in the money leads back to itself, whatever its volatility", () => {
    fc.assert(
      fc.property(option, ({ forward, expiryYears, volatility, distance }) => {
        const deviation = volatility * Math.sqrt(expiryYears);
        const strike = forward * Math.exp(distance * deviation);
        fc.pre(strike > 1e-30 && strike < 1e30);
        const type = strike >= forward ? "put" : "call";
        const reprice = type === "call" ? black76Call : black76Put;
        const price = reprice(forward, strike, deviation);
        const found = impliedVolatility({ type, forward, strike, expiryYears, price });
        if (!found.ok) return ["NO_TIME_VALUE", "PRICE_NOT_BELOW_CEILING"].includes(found.rejection.code);
        const again = reprice(forward, strike, found.value * Math.sqrt(expiryYears));
        return Math.abs(again - price) <= 16 * EPSILON * Math.max(forward, strike);
      }),
      propertyRuns(1000),
    );
  });
});
