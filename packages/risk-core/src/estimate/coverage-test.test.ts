import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  kupiecTest,
  kupiecVerdict,
  largestRise,
  peakToTrough,
  testCoverage,
  worstWindow,
} from "./coverage-test.f64.js";
import { NoEstimate } from "./no-estimate.js";
import { normalTailLoss, portfolioDeviation } from "./parametric-loss.f64.js";
import { squareMatrix } from "./square-matrix.f64.js";

const days = (count: number, ...exceptions: readonly number[]): boolean[] =>
  Array.from({ length: count }, (_, day) => exceptions.includes(day));

describe("ESTIMATE-16: does a model keep its promise", () => {
  // The zones of the Basel committee for 250 days at 99 %: green to four, yellow from five, red from ten.
  test.each([
    [0, "GREEN"],
    [4, "GREEN"],
    [5, "YELLOW"],
    [9, "YELLOW"],
    [10, "RED"],
    [250, "RED"],
  ] as const)("%d exceptions in 250 days at 99 % are %s", (count, zone) => {
    expect(testCoverage(days(250, ...Array.from({ length: count }, (_, at) => at)), 0.01).zone).toBe(zone);
  });

  // The upper ends at 5 % are those of Kupiec (1995), table 2: fewer than 7 of 255, fewer than 11 of 510.
  test.each([
    [0, 255, 0.01, "TOO_FEW"],
    [1, 255, 0.01, "ACCEPTED"],
    [6, 255, 0.01, "ACCEPTED"],
    [7, 255, 0.01, "TOO_MANY"],
    [1, 510, 0.01, "TOO_FEW"],
    [2, 510, 0.01, "ACCEPTED"],
    [10, 510, 0.01, "ACCEPTED"],
    [11, 510, 0.01, "TOO_MANY"],
  ] as const)("%d of %d days at %d: %s", (exceptions, count, promised, verdict) => {
    expect(kupiecVerdict(exceptions, count, promised)).toBe(verdict);
  });

  test("as many exceptions as promised are a ratio of nothing", () => {
    expect(kupiecTest(5, 1000, 0.005)).toEqual({ ratio: 0, probability: 1 });
  });

  test("exceptions in a row are not independent; the same number apart are", () => {
    const together = testCoverage(days(500, 100, 101, 102, 103, 104), 0.01);
    const apart = testCoverage(days(500, 50, 150, 250, 350, 450), 0.01);
    expect(together.kupiec).toEqual(apart.kupiec);
    expect(together.independence.probability).toBeLessThan(1e-6);
    expect(apart.independence.probability).toBeGreaterThan(0.5);
    expect(together.conditionalCoverage.ratio).toBeCloseTo(together.kupiec.ratio + together.independence.ratio, 12);
  });

  test("every probability is one, for any series", () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }),
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        (exceeded, promised) => {
          const { kupiec, independence, conditionalCoverage, cumulativeProbability } = testCoverage(exceeded, promised);
          for (const { ratio, probability } of [kupiec, independence, conditionalCoverage]) {
            expect(ratio).toBeGreaterThanOrEqual(0);
            expect(probability).toBeGreaterThanOrEqual(0);
            expect(probability).toBeLessThanOrEqual(1);
          }
          expect(cumulativeProbability).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  test("the worst window counts what falls into it, and all days when there are fewer", () => {
    const exceeded = days(20, 0, 4, 5, 9, 19);
    expect([1, 5, 6, 10, 20, 100].map((window) => worstWindow(exceeded, window))).toEqual([1, 2, 3, 4, 5, 5]);
  });

  test("no days and a promise of nothing are refused", () => {
    expect(() => testCoverage([], 0.01)).toThrow(NoEstimate);
    expect(() => kupiecTest(1, 10, 0)).toThrow("PARAMETER_OUT_OF_RANGE");
    expect(() => kupiecTest(11, 10, 0.1)).toThrow("PARAMETER_OUT_OF_RANGE");
  });
});

describe("ESTIMATE-17: how far a margin swings", () => {
  test("a peak and a trough count in either order, inside the window only", () => {
    const margins = [0.2, 0.3, 0.1, 0.1, 0.1, 0.4];
    expect([1, 2, 3, 4].map((window) => peakToTrough(margins, window))).toEqual([1, expect.closeTo(4, 12), 4, 4]);
    expect(largestRise(margins)).toBeCloseTo(3, 12);
    expect(largestRise([3, 2, 1])).toBe(0);
  });

  test("a margin of zero is refused: nothing is a multiple of it", () => {
    expect(() => peakToTrough([0.1, 0], 2)).toThrow(NoEstimate);
  });
});

describe("ESTIMATE-15: a normal book", () => {
  const correlation = squareMatrix([
    [1, 0.5],
    [0.5, 1],
  ]);

  test("hand-worked: 3 and 4 at a correlation of a half are √37, and the parts sum to it", () => {
    const { sigma, contributions } = portfolioDeviation([30, 40], [0.1, 0.1], correlation);
    expect(sigma).toBeCloseTo(Math.sqrt(37), 12);
    expect((contributions[0] as number) + (contributions[1] as number)).toBeCloseTo(sigma, 12);
  });

  test("a hedge contributes less than nothing", () => {
    expect(portfolioDeviation([30, -5], [0.1, 0.1], correlation).contributions[1]).toBeLessThan(0);
  });

  test("a book that a correlation would give a negative variance is refused, not answered with zero", () => {
    const impossible = squareMatrix([
      [1, 2],
      [2, 1],
    ]);
    expect(() => portfolioDeviation([1, -1], [0.1, 0.1], impossible)).toThrow("PARAMETER_OUT_OF_RANGE");
  });

  test("2.3263 and 2.6652 sigma at 99 %", () => {
    const { valueAtRisk, expectedShortfall } = normalTailLoss(1, 0.99);
    expect(valueAtRisk).toBeCloseTo(2.3263478740408408, 12);
    expect(expectedShortfall).toBeCloseTo(2.665214220345808, 12);
  });
});
