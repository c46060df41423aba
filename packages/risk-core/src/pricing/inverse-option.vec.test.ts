import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { type InverseOptionGreeks, type InverseOptionTerms, inverseOptionGreeks } from "./inverse-option.f64.js";

const { cases } = JSON.parse(
  readFileSync(new URL("../../../../vectors/pricing/inverse-option.json", import.meta.url), "utf8"),
) as { readonly cases: readonly { readonly in: InverseOptionTerms; readonly out: InverseOptionGreeks }[] };

test.each(cases)("PRICING-6: $in.type F $in.forward K $in.strike T $in.expiryYears", ({ in: terms, out }) => {
  const greeks = inverseOptionGreeks(terms);
  if (!greeks.ok) throw new Error(greeks.rejection.code);
  const absolute: Partial<Record<string, number>> = { price: 1e-14, delta: 1e-12, netDelta: 1e-12 };
  for (const [greek, expected] of Object.entries(out)) {
    const off = Math.abs(greeks.value[greek as "price"] - expected);
    const within = off <= (absolute[greek] ?? 1e-10 * Math.abs(expected));
    expect({ greek, off, within }).toEqual({ greek, off, within: true });
  }
});

test("PRICING-6: a call of a coin is never worth more than the coin, and its net delta goes back to zero", () => {
  const terms: InverseOptionTerms = { type: "call", forward: 1e7, strike: 10_000, expiryYears: 0.1, volatility: 0.6 };
  const deep = inverseOptionGreeks(terms);
  expect(deep).toMatchObject({ ok: true, value: { price: 0.999, delta: 1 } });
  expect(deep.ok && deep.value.netDelta).toBeCloseTo(0.001, 12);
});

test("PRICING-6: a forward of zero has no coin price", () => {
  expect(
    inverseOptionGreeks({ type: "put", forward: 0, strike: 10_000, expiryYears: 0.1, volatility: 0.6 }),
  ).toMatchObject({ ok: false, rejection: { code: "PRICING_INPUT_OUTSIDE_DOMAIN", input: "forward" } });
});
