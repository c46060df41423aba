import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { cumulativeNormal, normalDensity, normalQuantile, scaledTail } from "./normal.f64.js";

const { cumulative, quantile } = JSON.parse(
  readFileSync(new URL("../../../../vectors/pricing/normal.json", import.meta.url), "utf8"),
) as {
  readonly cumulative: readonly { readonly x: number; readonly cumulative: number; readonly density: number }[];
  readonly quantile: readonly { readonly probability: number; readonly x: number }[];
};

test.each(cumulative)("PRICING-2: N($x) within 2e-16, and within 3e-15 of itself", ({ x, cumulative: expected }) => {
  const error = Math.abs(cumulativeNormal(x) - expected);
  expect(error).toBeLessThanOrEqual(Math.min(2e-16, 3e-15 * expected));
});

test.each(cumulative)("PRICING-2: φ($x) within 3e-15 of itself", ({ x, density }) => {
  expect(Math.abs(normalDensity(x) - density)).toBeLessThanOrEqual(3e-15 * density);
});

test.each(quantile)("PRICING-2: the quantile of $probability", ({ probability, x }) => {
  // A probability next to 1 is what it is: the reference is the quantile of the float itself.
  expect(Math.abs(normalQuantile(probability) - x)).toBeLessThanOrEqual(2e-15 * Math.max(1, Math.abs(x)));
});

test.each([
  ["certainty of nothing", 0, -Infinity],
  ["certainty", 1, Infinity],
  ["the middle", 0.5, 0],
  ["less than nothing", -0.1, NaN],
  ["more than everything", 1.1, NaN],
  ["no number", NaN, NaN],
])("PRICING-2: the quantile of %s", (_, probability, x) => {
  expect(normalQuantile(probability)).toBe(x);
});

test.each([
  ["the far left", -40, 0],
  ["the left end", -Infinity, 0],
  ["the right end", Infinity, 1],
  ["the middle", 0, 0.5],
  ["no number", NaN, NaN],
])("PRICING-2: N at %s", (_, x, expected) => {
  expect(cumulativeNormal(x)).toBe(expected);
});

test("PRICING-2: the scaled tail falls from a half towards nothing, far beyond where the tail itself is a float", () => {
  expect(scaledTail(0)).toBe(0.5);
  // 1/(z√2π)·(1 − 1/z²): what is left out is 3/z⁴.
  expect(scaledTail(1e4)).toBeCloseTo((0.3989422804014327 / 1e4) * (1 - 1e-8), 19);
  expect(scaledTail(1e30)).toBeLessThan(5e-26);
  expect(scaledTail(Infinity)).toBeGreaterThanOrEqual(0);
});
