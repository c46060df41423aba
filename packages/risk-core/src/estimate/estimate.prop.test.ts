import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { sampleCovariance } from "./covariance.f64.js";
import { ewmaCovariance, ewmaVariances, nextEwma, nextEwmaCovariance } from "./ewma.f64.js";
import { fitGarch, garchForecast, garchVariances, nextGarch, PERSISTENCE_MAX } from "./garch.f64.js";
import { filteredScenarios, standardisedMoves } from "./filtered-history.f64.js";
import { tailLoss } from "./historical-loss.f64.js";
import { clippedCorrelation, eigenvalues, nearestCorrelation } from "./nearest-correlation.f64.js";
import { NoEstimate } from "./no-estimate.js";
import { quantile, sortedSample } from "./quantile.f64.js";
import { ledoitWolfCovariance, oasCovariance } from "./shrinkage.f64.js";
import { entry, matrixRows, type SquareMatrix, squareMatrix, symmetricMatrix } from "./square-matrix.f64.js";
import { decayFreeMean, growingStressedMean, stressedMean } from "./stressed-window.f64.js";
import { tailDependence } from "./tail-dependence.f64.js";

const move = fc.double({ min: -0.5, max: 0.5, noNaN: true });
const moves = (minLength: number, maxLength = 60) => fc.array(move, { minLength, maxLength });
const memory = fc.double({ min: 0.8, max: 0.999, noNaN: true });
/** Two to six columns of moves with a little noise, so that none is without variance. */
const columns = fc
  .tuple(fc.integer({ min: 2, max: 6 }), fc.integer({ min: 8, max: 40 }))
  .chain(([assets, days]) =>
    fc.array(fc.array(move, { minLength: days, maxLength: days }), { minLength: assets, maxLength: assets }),
  )
  .map((drawn) =>
    drawn.map((column, asset) => column.map((value, day) => value + 0.01 * Math.sin((asset + 1) * (day + 1)))),
  );
const correlation = fc
  .integer({ min: 2, max: 6 })
  .chain((size) =>
    fc
      .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: size * size, maxLength: size * size })
      .map((entries) =>
        symmetricMatrix(size, (row, column) => (row === column ? 1 : (entries[row * size + column] as number))),
      ),
  );

describe("streaming and batch are one estimate", () => {
  test("ESTIMATE-4: the exponential variance, move by move", () => {
    fc.assert(
      fc.property(moves(1), memory, (series, lambda) => {
        let variance: number | undefined;
        for (const value of series) variance = nextEwma(variance, value, lambda);
        expect(variance).toBe(ewmaVariances(series, lambda).at(-1));
      }),
    );
  });

  test("ESTIMATE-5: the exponential covariance, day by day, within the last digits", () => {
    fc.assert(
      fc.property(columns, memory, (series, lambda) => {
        let covariance: ReturnType<typeof ewmaCovariance> | undefined;
        (series[0] as number[]).forEach((_, day) => {
          covariance = nextEwmaCovariance(
            covariance,
            series.map((column) => column[day] as number),
            lambda,
          );
        });
        const batch = ewmaCovariance(series, lambda);
        covariance?.values.forEach((value, at) => expect(value).toBeCloseTo(batch.values[at] as number, 14));
      }),
    );
  });

  test("ESTIMATE-9: a sample that grows answers what the whole sample answers", () => {
    fc.assert(
      fc.property(moves(1, 400), fc.double({ min: 0, max: 1, noNaN: true }), (series, probability) => {
        const sample = sortedSample();
        for (const value of series) sample.add(value);
        expect(sample.count()).toBe(series.length);
        expect(sample.quantile(probability)).toBe(quantile(series, probability));
      }),
    );
  });

  test("ESTIMATE-9: a sample of the last values answers what those values answer", () => {
    fc.assert(
      fc.property(moves(1, 80), fc.integer({ min: 1, max: 20 }), (series, window) => {
        const sample = sortedSample(window);
        series.forEach((value, at) => {
          sample.add(value);
          const last = series.slice(Math.max(0, at + 1 - window), at + 1);
          expect(sample.count()).toBe(last.length);
          expect(sample.quantile(0.9)).toBe(quantile(last, 0.9));
        });
      }),
      { numRuns: 40 },
    );
  });

  test("ESTIMATE-12: the stressed mean that grows ends at the worst window, and never falls", () => {
    fc.assert(
      fc.property(moves(10), fc.integer({ min: 1, max: 10 }), (series, window) => {
        const squares = series.map((value) => value * value);
        const next = growingStressedMean(window, window);
        const answers = squares.map((value) => next(value)).filter((answer) => answer !== undefined);
        expect(answers.at(-1)).toBeCloseTo(stressedMean(squares, window).mean, 14);
        answers.slice(1).forEach((answer, at) => expect(answer).toBeGreaterThanOrEqual(answers[at] as number));
        expect(answers.at(-1)).toBeGreaterThanOrEqual(decayFreeMean(squares, window).mean - 1e-15);
      }),
    );
  });

  test("ESTIMATE-11: the conditional variance, move by move", () => {
    fc.assert(
      fc.property(moves(2), (series) => {
        const parameters = { omega: 0.001, alpha: 0.1, beta: 0.85 };
        let variance = 0.01;
        for (const value of series) variance = nextGarch(variance, value, parameters);
        expect(variance).toBe(garchVariances(series, parameters, 0.01).at(-1));
      }),
    );
  });
});

describe("what a risk officer would sign", () => {
  test("ESTIMATE-7: shrinking keeps the total variance and never lowers the smallest eigenvalue", () => {
    fc.assert(
      fc.property(columns, (series) => {
        const sample = sampleCovariance(series);
        const unshrunk = eigenvalues(sample)[0] as number;
        for (const { matrix, shrinkage } of [ledoitWolfCovariance(series), oasCovariance(series)]) {
          expect(shrinkage).toBeGreaterThanOrEqual(0);
          expect(shrinkage).toBeLessThanOrEqual(1);
          expect(eigenvalues(matrix)[0]).toBeGreaterThanOrEqual(unshrunk - 1e-12);
          expect(trace(matrix)).toBeCloseTo(trace(sample), 12);
        }
      }),
    );
  });

  test("ESTIMATE-8: a repaired correlation is one, and the nearest is no further away than the clipped", () => {
    fc.assert(
      fc.property(correlation, (matrix) => {
        const clipped = clippedCorrelation(matrix);
        const nearest = nearestCorrelation(matrix);
        for (const repair of [clipped, nearest]) {
          expect(eigenvalues(repair.matrix)[0]).toBeGreaterThanOrEqual(-1e-10);
          for (let at = 0; at < matrix.size; at += 1) expect(entry(repair.matrix, at, at)).toBe(1);
          repair.matrix.values.forEach((value) => expect(Math.abs(value)).toBeLessThanOrEqual(1 + 1e-9));
        }
        expect(nearest.distance).toBeLessThanOrEqual(clipped.distance + 1e-7);
      }),
      { numRuns: 40 },
    );
  });

  test("ESTIMATE-8: a matrix that is possible already is handed back as it came", () => {
    const possible = squareMatrix([
      [1, 0.5],
      [0.5, 1],
    ]);
    const answer = nearestCorrelation(possible);
    expect(answer.matrix).toBe(possible);
    expect(answer.distance).toBe(0);
    expect(answer.eigenvalueMinBefore).toBeCloseTo(0.5, 12);
  });

  test("ESTIMATE-8: the example of Higham (2002), to the four digits printed there", () => {
    const { matrix } = nearestCorrelation(
      squareMatrix([
        [1, 1, 0],
        [1, 1, 1],
        [0, 1, 1],
      ]),
    );
    expect(matrixRows(matrix).map((row) => row.map((value) => value.toFixed(4)))).toEqual([
      ["1.0000", "0.7607", "0.1573"],
      ["0.7607", "1.0000", "0.7607"],
      ["0.1573", "0.7607", "1.0000"],
    ]);
  });

  test("ESTIMATE-10: shortfall is at least value at risk, and both grow with the level", () => {
    fc.assert(
      fc.property(
        moves(1),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (losses, a, b) => {
          const [low, high] = [tailLoss(losses, Math.min(a, b)), tailLoss(losses, Math.max(a, b))];
          for (const tail of [low, high]) {
            expect(tail.valueAtRiskHigher).toBeGreaterThanOrEqual(tail.valueAtRisk - 1e-15);
            expect(tail.shortfallOfTail).toBeGreaterThanOrEqual(tail.valueAtRisk - 1e-15);
          }
          expect(high.valueAtRisk).toBeGreaterThanOrEqual(low.valueAtRisk - 1e-15);
          expect(high.expectedShortfall).toBeGreaterThanOrEqual(low.expectedShortfall - 1e-14);
        },
      ),
    );
  });

  test("ESTIMATE-10: the shortfall of two books together is at most the sum of theirs", () => {
    fc.assert(
      fc.property(columns, fc.double({ min: 0, max: 0.99, noNaN: true }), (series, level) => {
        const [left, right] = series as [number[], number[]];
        const together = left.map((loss, day) => loss + (right[day] as number));
        const of = (losses: readonly number[]): number => tailLoss(losses, level).expectedShortfall;
        expect(of(together)).toBeLessThanOrEqual(of(left) + of(right) + 1e-12);
      }),
    );
  });

  test("ESTIMATE-11: a fit is stationary within its bound, and its forecast goes to the long-run variance", () => {
    fc.assert(
      fc.property(fc.array(move, { minLength: 60, maxLength: 60 }), (series) => {
        const noisy = series.map((value, day) => value + 0.01 * Math.sin(day));
        const fit = fitGarch(noisy);
        expect(fit.persistence).toBeLessThanOrEqual(PERSISTENCE_MAX);
        const forecast = garchForecast(fit.nextVariance, fit, 50_000);
        const longRun = fit.longRunVariance as number;
        expect(Math.abs((forecast.at(-1) as number) / longRun - 1)).toBeLessThan(1e-3);
      }),
      { numRuns: 5 },
    );
  });

  test("ESTIMATE-11: a market that explodes is held by the bound, and says so", () => {
    const exploding = Array.from({ length: 200 }, (_, day) => (day % 2 === 0 ? 1 : -1) * 0.001 * 1.04 ** day);
    const fit = fitGarch(exploding);
    expect(fit.isHeldByBound).toBe(true);
    expect(fit.persistence).toBeLessThanOrEqual(PERSISTENCE_MAX);
    expect(fitGarch(exploding, 2).logLikelihood).toBeGreaterThan(fit.logLikelihood);
  });

  test("ESTIMATE-13: an asset is in the tail with itself every time, and with its mirror never", () => {
    fc.assert(
      fc.property(fc.uniqueArray(move, { minLength: 100, maxLength: 100 }), (series) => {
        expect(tailDependence(series, series, 0.05)).toEqual({ lower: 1, upper: 1, tailCount: 5 });
        const mirror = series.map((value) => -value);
        expect(tailDependence(series, mirror, 0.05)).toEqual({ lower: 0, upper: 0, tailCount: 5 });
      }),
      { numRuns: 20 },
    );
  });

  test("ESTIMATE-14: filtered scenarios scale with tomorrow's volatility", () => {
    const standardised = standardisedMoves([0.02, -0.09, 0.01], [0.01, 0.03, 0.02]);
    expect([...filteredScenarios(standardised, 0.05)]).toEqual(
      [0.1, -0.15, 0.025].map((value) => expect.closeTo(value, 14)),
    );
  });
});

describe("bad input is refused with its facts, and never answered with NaN", () => {
  test.each([
    ["no moves", () => ewmaVariances([], 0.94), "SERIES_TOO_SHORT"],
    ["a move that is not a number", () => ewmaVariances([0.1, Number.NaN], 0.94), "SERIES_NOT_FINITE"],
    ["a memory above one", () => ewmaVariances([0.1], 1.1), "PARAMETER_OUT_OF_RANGE"],
    ["columns of two lengths", () => ewmaCovariance([[1], [1, 2]], 0.94), "SERIES_UNEQUAL"],
    ["a quantile beyond one", () => quantile([1], 1.5), "PARAMETER_OUT_OF_RANGE"],
    ["an infinite loss", () => tailLoss([1, Number.POSITIVE_INFINITY], 0.9), "SERIES_NOT_FINITE"],
    ["a fit of ten moves", () => fitGarch(new Float64Array(10)), "SERIES_TOO_SHORT"],
    ["a fit of a market that never moved", () => fitGarch(new Float64Array(100)), "SERIES_WITHOUT_VARIANCE"],
    ["a correlation of 1.2 on the diagonal", () => nearestCorrelation(squareMatrix([[1.2]])), "PARAMETER_OUT_OF_RANGE"],
    [
      "a correlation that is not symmetric",
      () =>
        clippedCorrelation(
          squareMatrix([
            [1, 0.5],
            [0.4, 1],
          ]),
        ),
      "PARAMETER_OUT_OF_RANGE",
    ],
    ["a matrix with a short row", () => squareMatrix([[1, 0], [1]]), "SERIES_UNEQUAL"],
    ["a tail of four days", () => tailDependence(new Float64Array(80), new Float64Array(80), 0.05), "SERIES_TOO_SHORT"],
    ["a volatility of zero", () => standardisedMoves([0.1], [0]), "PARAMETER_OUT_OF_RANGE"],
  ] as const)("%s: %#", (_, ask, code) => {
    let met: unknown;
    try {
      ask();
    } catch (fault) {
      met = fault;
    }
    expect(met).toBeInstanceOf(NoEstimate);
    expect((met as NoEstimate).code).toBe(code);
  });
});

function trace(matrix: SquareMatrix): number {
  let sum = 0;
  for (let at = 0; at < matrix.size; at += 1) sum += entry(matrix, at, at);
  return sum;
}
