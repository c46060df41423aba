import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { exponential, logRatio } from "./elementary.f64.js";

const references = JSON.parse(
  readFileSync(new URL("../../../../vectors/pricing/elementary.json", import.meta.url), "utf8"),
) as {
  readonly exponential: readonly { readonly x: number; readonly exponential: number }[];
  readonly logRatio: readonly { readonly numerator: number; readonly denominator: number; readonly logRatio: number }[];
};

test.each(references.exponential)("PRICING-1: e^$x within a unit in the last place", ({ x, exponential: expected }) => {
  expect(Math.abs(exponential(x) - expected)).toBeLessThanOrEqual(2.3e-16 * expected);
});

test.each(references.logRatio)(
  "PRICING-1: ln($numerator / $denominator) within two units in the last place, however close to zero",
  ({ numerator, denominator, logRatio: expected }) => {
    expect(Math.abs(logRatio(numerator, denominator) - expected)).toBeLessThanOrEqual(4.5e-16 * Math.abs(expected));
  },
);

test.each([
  ["below the smallest float", -746, 0],
  ["minus infinity", -Infinity, 0],
  ["above the largest float", 709.9, Infinity],
  ["infinity", Infinity, Infinity],
  ["no number", NaN, NaN],
  ["the smallest float", -744.4400719213812, 5e-324],
])("PRICING-1: e^x at %s", (_, x, expected) => {
  expect(exponential(x)).toBe(expected);
});
