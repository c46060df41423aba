import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import {
  type AverageTerms,
  continuousGeometricAsian,
  discreteGeometricAsian,
  type FixingSchedule,
} from "./geometric-asian.f64.js";

type Case = { readonly in: AverageTerms & Partial<FixingSchedule>; readonly out: { readonly price: number } };

const { cases } = JSON.parse(
  readFileSync(new URL("../../../../vectors/pricing/geometric-asian.json", import.meta.url), "utf8"),
) as { readonly cases: readonly Case[] };

test.each(cases)("PRICING-10: $in.type S $in.spot K $in.strike fixings $in.fixingYears", ({ in: given, out }) => {
  const { fixingYears, fixed, ...terms } = given;
  const value =
    fixingYears === undefined
      ? continuousGeometricAsian(terms)
      : discreteGeometricAsian(terms, fixed === undefined ? { fixingYears } : { fixingYears, fixed });
  const floor = 1e-15 * Math.max(terms.spot, terms.strike);
  expect(value.ok && Math.abs(value.value - out.price)).toBeLessThanOrEqual(Math.max(floor, 1e-12 * out.price));
});

const terms: AverageTerms = {
  type: "call",
  spot: 100,
  strike: 90,
  expiryYears: 0.5,
  volatility: 0.6,
  rate: 0,
  carryYield: 0,
};

test("PRICING-10: when every fixing is known, what is left is the payoff", () => {
  const known = discreteGeometricAsian(terms, { fixingYears: [], fixed: { count: 4, geometricMean: 97 } });
  expect(known.ok && known.value).toBeCloseTo(7, 12);
});

test("PRICING-10: ever more fixings come to watching continuously", () => {
  const fixingYears = Array.from({ length: 4000 }, (_, at) => (0.5 * (at + 0.5)) / 4000);
  const [often, always] = [discreteGeometricAsian(terms, { fixingYears }), continuousGeometricAsian(terms)];
  expect(often.ok && always.ok && Math.abs(often.value - always.value)).toBeLessThan(1e-6);
});

test.each([
  ["no fixing at all", { fixingYears: [] }],
  ["a fixing before now", { fixingYears: [-0.1, 0.2] }],
  ["fixings out of order", { fixingYears: [0.2, 0.1] }],
  ["a fixing after expiry", { fixingYears: [0.2, 0.6] }],
  ["a fixing that is no number", { fixingYears: [NaN] }],
  ["half a fixing", { fixingYears: [0.2], fixed: { count: 0.5, geometricMean: 100 } }],
  ["a known mean of zero", { fixingYears: [0.2], fixed: { count: 2, geometricMean: 0 } }],
])("PRICING-10: %s is refused", (_, schedule) => {
  expect(discreteGeometricAsian(terms, schedule)).toEqual({
    ok: false,
    rejection: { code: "FIXINGS_REFUSED", schedule },
  });
});

test("PRICING-10: a spot of zero is outside the domain", () => {
  const refused = { ok: false, rejection: { code: "PRICING_INPUT_OUTSIDE_DOMAIN", input: "spot" } };
  expect(continuousGeometricAsian({ ...terms, spot: 0 })).toMatchObject(refused);
  expect(discreteGeometricAsian({ ...terms, spot: 0 }, { fixingYears: [0.1] })).toMatchObject(refused);
});
