import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { type OptionGreeks, type OptionTerms, optionGreeks, priceOption } from "./price-option.f64.js";

interface Case {
  readonly in: OptionTerms;
  readonly out: Omit<OptionGreeks, "exerciseProbability">;
}

const { cases } = JSON.parse(
  readFileSync(new URL("../../../../vectors/pricing/black76.json", import.meta.url), "utf8"),
) as { readonly cases: readonly Case[] };

test.each(cases)("PRICING-3: $in.type F $in.forward K $in.strike T $in.expiryYears σ $in.volatility", (reference) => {
  const { in: terms, out } = reference;
  const price = priceOption(terms);
  expect(price.ok && Math.abs(price.value - out.price)).toBeLessThanOrEqual(
    1e-15 * Math.max(terms.forward, terms.strike),
  );
});

test.each(
  cases.filter(({ in: { type, forward, strike } }) => (type === "call" ? strike >= forward : strike <= forward)),
)(
  "PRICING-3: out of the money, the digits of $in.type F $in.forward K $in.strike T $in.expiryYears σ $in.volatility",
  ({ in: terms, out }) => {
    const price = priceOption(terms);
    expect(price.ok && Math.abs(price.value - out.price)).toBeLessThanOrEqual(2e-12 * out.price);
  },
);

test.each(cases)(
  "PRICING-4: greeks of $in.type F $in.forward K $in.strike T $in.expiryYears σ $in.volatility",
  ({ in: terms, out }) => {
    const greeks = optionGreeks(terms);
    if (!greeks.ok) throw new Error(greeks.rejection.code);
    const { forward, expiryYears, volatility } = terms;
    const rootYears = Math.sqrt(expiryYears);
    // What a greek may be off by where it has all but vanished: the rounding of its largest size.
    const floors = {
      delta: 1e-14,
      gamma: 1e-14 / (forward * volatility * rootYears),
      vega: 1e-14 * forward * rootYears,
      theta: (1e-14 * forward * volatility) / rootYears,
      rho: 1e-14 * forward * expiryYears,
      vanna: 1e-14 / volatility,
      volga: (1e-14 * forward * rootYears) / volatility,
    };
    for (const [greek, floor] of Object.entries(floors)) {
      const [got, expected] = [greeks.value[greek as "delta"], out[greek as "delta"]];
      expect({
        greek,
        got,
        expected,
        within: Math.abs(got - expected) <= Math.max(floor, 1e-11 * Math.abs(expected)),
      }).toEqual(expect.objectContaining({ greek, within: true }));
    }
  },
);
