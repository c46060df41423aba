import { describe, expect, test } from "@jest/globals";
import { Decimal } from "@ballast/money";
import { anyText, propertyRuns } from "@ballast/money/testing";
import fc from "fast-check";
import {
  type Correlations,
  correlationAggregate,
  IndefiniteCorrelation,
  type RiskFactor,
} from "./correlation-aggregate.js";

const d = (text: string) => new Decimal(text);
const flat = (within: string, across: string): Correlations => ({ within: () => d(within), across: () => d(across) });
const factor = (bucket: string, net: string, weight = "1", concentrationThreshold = "1e30"): RiskFactor => ({
  bucket,
  net: d(net),
  weight: d(weight),
  concentrationThreshold: d(concentrationThreshold),
});

const anyFactors = fc.array(
  fc.record({
    bucket: fc.constantFrom("metals", "energy", "grains"),
    net: anyText({ min: "-1000000", max: "1000000", scale: 2 }).map(d),
    weight: anyText({ min: "1", max: "60", scale: 0 }).map(d),
    concentrationThreshold: anyText({ min: "1000", max: "1000000000", scale: 0 }).map(d),
  }),
  { minLength: 1, maxLength: 7 },
);
const anyFlat = fc
  .tuple(anyText({ min: "0", max: "1", scale: 2 }), anyText({ min: "0", max: "1", scale: 2 }))
  .map(([within, across]) => flat(within, across));
const near = (left: Decimal, right: Decimal) => left.sub(right).abs().lte(left.abs().add(1).mul("1e-40"));

describe("a bucketed aggregate", () => {
  //  what                                              factors                                          within  across  aggregate
  test.each([
    ["one factor is its weight", [factor("a", "-300", "20")], "0", "0", "6000"],
    ["nothing in common adds as squares", [factor("a", "3"), factor("a", "4")], "0", "0", "5"],
    ["the same thing twice adds", [factor("a", "3"), factor("a", "4")], "1", "0", "7"],
    ["the same thing, opposite, offsets", [factor("a", "3"), factor("a", "-4")], "1", "0", "1"],
    ["buckets that move together add", [factor("a", "3"), factor("b", "4")], "1", "1", "7"],
    ["a concentrated factor weighs more by the root", [factor("a", "400", "1", "100")], "0", "0", "800"],
    ["different concentrations offset less", [factor("a", "4", "1", "1"), factor("a", "-8")], "1", "0", "8"],
    ["no factors, no margin", [], "0", "0", "0"],
  ])("TIERS-15: %s", (_, factors, within, across, aggregate) => {
    expect(correlationAggregate(factors, flat(within, across)).toFixed()).toBe(aggregate);
  });

  // Two factors of one bucket and their published total: weight 25, correlation 0.97, −10,000,000 and −1,000,000.
  test("TIERS-15: a published two-factor bucket", () => {
    const factors = [factor("4", "-10000000", "25", "1700000000"), factor("4", "-1000000", "25", "1700000000")];
    expect(correlationAggregate(factors, flat("0.97", "0")).toFixed(0)).toBe("274317334");
  });

  test("TIERS-15: the order of factors does not matter, nor does turning all of them round", () => {
    fc.assert(
      fc.property(anyFactors, anyFlat, (factors, correlations) => {
        const aggregate = correlationAggregate(factors, correlations);
        const turned = factors.map((each) => ({ ...each, net: each.net.neg() })).reverse();
        expect(near(aggregate, correlationAggregate(turned, correlations))).toBe(true);
      }),
      propertyRuns(100),
    );
  });

  test("TIERS-15: never more than the sum of the parts, never less than zero", () => {
    fc.assert(
      fc.property(anyFactors, anyFlat, (factors, correlations) => {
        const parts = factors.map((each) => correlationAggregate([each], correlations));
        const sum = parts.reduce((total, part) => total.add(part), d("0"));
        const aggregate = correlationAggregate(factors, correlations);
        expect(aggregate.gte(0) && aggregate.lte(sum.mul("1.000000000001"))).toBe(true);
      }),
      propertyRuns(100),
    );
  });

  test("TIERS-15: correlations that give a negative variance are refused, with where", () => {
    const three = [factor("a", "1"), factor("a", "1"), factor("a", "1")];
    expect(() => correlationAggregate(three, flat("-0.9", "0"))).toThrow(IndefiniteCorrelation);
    expect(() => correlationAggregate(three, flat("-0.9", "0"))).toThrow("bucket a");
  });
});
