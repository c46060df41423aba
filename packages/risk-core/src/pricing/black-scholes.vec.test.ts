import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { type SpotOptionGreeks, type SpotOptionTerms, spotOptionGreeks } from "./black-scholes.f64.js";

const { cases } = JSON.parse(
  readFileSync(new URL("../../../../vectors/pricing/black-scholes.json", import.meta.url), "utf8"),
) as { readonly cases: readonly { readonly in: SpotOptionTerms; readonly out: SpotOptionGreeks }[] };

test.each(cases)("PRICING-5: $in.type S $in.spot K $in.strike T $in.expiryYears", ({ in: terms, out }) => {
  const greeks = spotOptionGreeks(terms);
  if (!greeks.ok) throw new Error(greeks.rejection.code);
  const { price, ...rest } = out;
  expect(Math.abs(greeks.value.price - price)).toBeLessThanOrEqual(1e-14 * Math.max(terms.spot, terms.strike));
  for (const [greek, expected] of Object.entries(rest)) {
    const off = Math.abs(greeks.value[greek as "delta"] - expected);
    expect({ greek, off, within: off <= 1e-10 * Math.abs(expected) }).toEqual({ greek, off, within: true });
  }
});

test.each([
  ["a spot below zero", { spot: -1 }, "spot"],
  ["a spot that is no number", { spot: NaN }, "spot"],
  ["a yield that would grow beyond e^100 by expiry", { carryYield: 101 }, "carryYield"],
  ["a volatility of zero", { volatility: 0 }, "volatility"],
])("PRICING-5: %s has no price", (_, change, input) => {
  const terms: SpotOptionTerms = {
    type: "call",
    spot: 100,
    strike: 100,
    expiryYears: 1,
    volatility: 0.5,
    rate: 0.05,
    carryYield: 0,
    ...change,
  };
  expect(spotOptionGreeks(terms)).toMatchObject({
    ok: false,
    rejection: { code: "PRICING_INPUT_OUTSIDE_DOMAIN", input },
  });
});

test("PRICING-5: at expiry the greeks are those of the payoff", () => {
  const terms: SpotOptionTerms = {
    type: "put",
    spot: 90,
    strike: 100,
    expiryYears: 0,
    volatility: 0.5,
    rate: 0.05,
    carryYield: 0.02,
  };
  expect(spotOptionGreeks(terms)).toEqual({
    ok: true,
    // Interest on the strike is earned at the rate, the yield on the coin is forgone.
    value: { price: 10, delta: -1, gamma: 0, vega: 0, theta: 3.2, rho: expect.closeTo(0), carryRho: 0 },
  });
});
