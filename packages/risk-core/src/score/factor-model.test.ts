import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { squareMatrix } from "../estimate/square-matrix.f64.js";
import { normalQuantile } from "../pricing/normal.f64.js";
import { cholesky, type FactorModel, pathMaker } from "./factor-model.f64.js";
import { toNormals } from "./normal-column.f64.js";
import { pseudoRandom } from "./uniform-draws.f64.js";
import { BATCH } from "./weighted-columns.f64.js";

const BATCHES = 200;
const PATHS = BATCHES * BATCH;

/** Columns of log moves, and the drivers. */
function pathsOf(model: FactorModel): { readonly moves: number[][]; readonly drivers: number[] } {
  const maker = pathMaker(model);
  const draws = pseudoRandom(maker.dimension, 3, 0);
  const size = model.volatilities.length;
  const [moves, drivers] = [new Float64Array(size * BATCH), new Float64Array(BATCH)];
  const all = { moves: model.volatilities.map((): number[] => []), drivers: [] as number[] };
  for (let batch = 0; batch < BATCHES; batch += 1) {
    maker.fill(draws, moves, drivers);
    all.moves.forEach((column, at) => column.push(...moves.subarray(at * BATCH, (at + 1) * BATCH)));
    all.drivers.push(...drivers);
  }
  return all;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: readonly number[]) => Math.sqrt(mean(values.map((value) => value * value)));
const correlation = (left: readonly number[], right: readonly number[]) =>
  mean(left.map((value, at) => value * (right[at] as number))) / deviation(left) / deviation(right);

const ROWS = [
  [1, 0.8, -0.3],
  [0.8, 1, 0.1],
  [-0.3, 0.1, 1],
];
const model = (degreesOfFreedom: number | null): FactorModel => ({
  volatilities: [0.03, 0.05, 0.02],
  correlation: squareMatrix(ROWS),
  degreesOfFreedom,
});

test("SCORE-1: normals have the probability of their uniforms, to the digits a word has", () => {
  const grid = Array.from({ length: 4001 }, (_, at) => 2 ** -33 + (at / 4000) * (1 - 2 ** -32));
  const tails = Array.from({ length: 33 }, (_, at) => 2 ** -(at + 1)).flatMap((tail) => [tail, 1 - tail]);
  const seam = [0.0749, 0.075, 0.0751, 0.9249, 0.925, 0.9251];
  const values = Float64Array.from([...grid, ...tails, ...seam]);
  const normals = Float64Array.from(values);
  toNormals(normals, normals.length);
  values.forEach((probability, at) => {
    const exact = normalQuantile(probability);
    expect(Math.abs((normals[at] as number) - exact)).toBeLessThanOrEqual(4e-10 * Math.abs(exact));
  });
});

describe("SCORE-2: the factor model", () => {
  test("Cholesky: L·Lᵀ is the correlation", () => {
    const loadings = fc.array(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 5, maxLength: 5 }), {
      minLength: 4,
      maxLength: 4,
    });
    fc.assert(
      fc.property(loadings, (vectors) => {
        // Correlations of vectors, with something of their own: positive definite.
        const norm = (vector: readonly number[]) => Math.sqrt(0.1 + vector.reduce((sum, each) => sum + each * each, 0));
        const rows = vectors.map((left, row) =>
          vectors.map((right, column) =>
            row === column
              ? 1
              : left.reduce((sum, each, at) => sum + each * (right[at] as number), 0) / norm(left) / norm(right),
          ),
        );
        const lower = cholesky(squareMatrix(rows));
        rows.forEach((values, row) =>
          values.forEach((value, column) => {
            let product = 0;
            for (let at = 0; at < 4; at += 1) {
              product += (lower[row * 4 + at] as number) * (lower[column * 4 + at] as number);
            }
            expect(product).toBeCloseTo(value, 12);
            if (column > row) expect(lower[row * 4 + column]).toBe(0);
          }),
        );
      }),
    );
  });

  test.each([
    ["normal", null],
    ["Student with an odd number of degrees", 7],
    ["Student with an even number", 12],
  ])("%s moves have the stated volatilities and correlation", (_, degreesOfFreedom) => {
    const { moves, drivers } = pathsOf(model(degreesOfFreedom));
    moves.forEach((column, at) => {
      const volatility = model(null).volatilities[at] as number;
      // A fourth moment of at most five: the deviation of a deviation is below 1.5/√n of it.
      expect(Math.abs(deviation(column) / volatility - 1)).toBeLessThan((4 * 1.5) / Math.sqrt(PATHS));
      expect(Math.abs(mean(column) / volatility)).toBeLessThan(4 / Math.sqrt(PATHS));
      expect(Math.abs(correlation(column, drivers))).toBeLessThan(4 / Math.sqrt(PATHS));
      for (let other = 0; other < at; other += 1) {
        const stated = ROWS[at]?.[other] as number;
        expect(Math.abs(correlation(column, moves[other] as number[]) - stated)).toBeLessThan(6 / Math.sqrt(PATHS));
      }
    });
    expect(Math.abs(deviation(drivers) - 1)).toBeLessThan(4 / Math.sqrt(PATHS));
  });

  test("Student moves have Student's tail: beyond the 99 % quantile of seven degrees, scaled", () => {
    const { moves } = pathsOf(model(7));
    // t(0.99; 7) = 2.997952, from tables; a variance of 7/5 is scaled to one.
    const quantile = 0.03 * 2.997952 * Math.sqrt(5 / 7);
    const beyond = (moves[0] as number[]).filter((move) => move > quantile).length / PATHS;
    expect(Math.abs(beyond - 0.01)).toBeLessThan(4 * Math.sqrt((0.01 * 0.99) / PATHS));
  });

  test("Student moves are extreme together, normal ones less", () => {
    const together = (columns: readonly number[][]) => {
      const [left, right] = columns as [number[], number[]];
      return left.filter((value, at) => Math.abs(value) > 0.09 && Math.abs(right[at] as number) > 0.15).length;
    };
    expect(together(pathsOf(model(4)).moves)).toBeGreaterThan(1.5 * together(pathsOf(model(null)).moves));
  });

  test.each([
    ["of another size", { correlation: squareMatrix([[1]]) }],
    [
      "that is not symmetric",
      {
        correlation: squareMatrix([
          [1, 0.5, 0],
          [0.4, 1, 0],
          [0, 0, 1],
        ]),
      },
    ],
    [
      "with another diagonal",
      {
        correlation: squareMatrix([
          [1, 0, 0],
          [0, 0.9, 0],
          [0, 0, 1],
        ]),
      },
    ],
    [
      "that no three variables can have",
      {
        correlation: squareMatrix([
          [1, 0.9, -0.9],
          [0.9, 1, 0.9],
          [-0.9, 0.9, 1],
        ]),
      },
    ],
  ])("a correlation %s is refused", (_, change) => {
    expect(() => pathMaker({ ...model(null), ...change })).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/SERIES_UNEQUAL|PARAMETER_OUT_OF_RANGE/) }),
    );
  });

  test.each([2, 2.5, 4.5, -3, NaN])("%d degrees of freedom are refused", (degreesOfFreedom) => {
    expect(() => pathMaker(model(degreesOfFreedom))).toThrow("PARAMETER_OUT_OF_RANGE");
  });

  test.each([-0.01, NaN, Infinity])("a volatility of %d is refused", (volatility) => {
    expect(() => pathMaker({ ...model(null), volatilities: [0.01, volatility, 0.02] })).toThrow(
      /NOT_FINITE|OUT_OF_RANGE/,
    );
  });
});
