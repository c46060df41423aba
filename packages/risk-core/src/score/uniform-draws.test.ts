import { describe, expect, test } from "@jest/globals";
import {
  DimensionTooLarge,
  JOE_KUO,
  pseudoRandom,
  shiftedSobol,
  SOBOL_DIMENSION_MAX,
  sobol,
  type UniformDraws,
} from "./uniform-draws.f64.js";

const HALF_STEP = 2 ** -33;

/** `count` points, one array a coordinate. */
function columnsOf(draws: UniformDraws, count: number): number[][] {
  const points = new Float64Array(draws.dimension * count);
  draws.fill(points, count);
  return Array.from({ length: draws.dimension }, (_, at) => [...points.subarray(at * count, (at + 1) * count)]);
}

describe("SCORE-1: the Sobol sequence", () => {
  // The first points of Joe and Kuo's sequence, in Gray-code order, as their program prints them.
  test.each([
    [1, [0, 0.5, 0.75, 0.25, 0.375, 0.875, 0.625, 0.125, 0.1875, 0.6875]],
    [2, [0, 0.5, 0.25, 0.75, 0.375, 0.875, 0.125, 0.625, 0.3125, 0.8125]],
    [3, [0, 0.5, 0.25, 0.75, 0.625, 0.125, 0.875, 0.375, 0.9375, 0.4375]],
  ])("dimension %d begins as published", (dimension, published) => {
    const columns = columnsOf(shiftedSobol(new Uint32Array(3)), published.length);
    expect(columns[dimension - 1]).toEqual(published.map((value) => value + HALF_STEP));
  });

  test("direction numbers start with odd numbers below their power of two", () => {
    expect(JOE_KUO).toHaveLength(SOBOL_DIMENSION_MAX - 1);
    for (const [degree, , ...start] of JOE_KUO) {
      expect(start).toHaveLength(degree);
      start.forEach((number, at) => {
        expect(number % 2).toBe(1);
        expect(number).toBeLessThan(2 ** (at + 1));
      });
    }
  });

  test("polynomials are primitive, no two alike: x runs through all 2^s − 1 remainders", () => {
    for (const [degree, coefficients] of JOE_KUO) {
      const polynomial = (1 << degree) | (coefficients << 1) | 1;
      let [remainder, order] = [1, 0];
      do {
        remainder <<= 1;
        if (remainder >> degree) remainder ^= polynomial;
        order += 1;
      } while (remainder !== 1 && order < 1000);
      expect(order).toBe(2 ** degree - 1);
    }
    expect(new Set(JOE_KUO.map(([degree, coefficients]) => `${degree} ${coefficients}`)).size).toBe(JOE_KUO.length);
  });

  test.each([0, 1, 12345])(
    "the first 2^k points fall one into each of 2^k intervals, in every dimension (seed %d)",
    (seed) => {
      for (const power of [1, 4, 8, 10]) {
        for (const column of columnsOf(sobol(SOBOL_DIMENSION_MAX, seed, 3), 2 ** power)) {
          expect(new Set(column.map((value) => Math.floor(value * 2 ** power))).size).toBe(2 ** power);
        }
      }
    },
  );

  test("the first two dimensions fill every box of a 2^a × 2^b net once", () => {
    const [x, y] = columnsOf(shiftedSobol(new Uint32Array(2)), 256) as [number[], number[]];
    for (let a = 0; a <= 8; a += 1) {
      const boxes = x.map(
        (value, at) => `${Math.floor(value * 2 ** a)} ${Math.floor((y[at] as number) * 2 ** (8 - a))}`,
      );
      expect(new Set(boxes).size).toBe(256);
    }
  });

  test("more dimensions than the table has are refused", () => {
    expect(() => sobol(22, 1, 0)).toThrow(DimensionTooLarge);
  });
});

describe("SCORE-1: streams", () => {
  const kinds = [
    ["pseudo-random", pseudoRandom],
    ["quasi-random", sobol],
  ] as const;

  test.each(kinds)("%s: the same seed and stream give the same points, however many at a time", (_, make) => {
    const whole = columnsOf(make(3, 7, 2), 12);
    const draws = make(3, 7, 2);
    const parts = [5, 7].map((count) => columnsOf(draws, count));
    expect(whole.map((_, at) => parts.flatMap((part) => part[at] as number[]))).toEqual(whole);
  });

  test.each(kinds)("%s: another seed or another stream gives other points", (_, make) => {
    const firsts = [make(2, 7, 2), make(2, 8, 2), make(2, 7, 3)].map((draws) => columnsOf(draws, 1).join());
    expect(new Set(firsts).size).toBe(3);
  });

  test.each(kinds)("%s: never 0 or 1", (_, make) => {
    for (const column of columnsOf(make(4, 1, 0), 10_000)) {
      expect(Math.min(...column)).toBeGreaterThan(0);
      expect(Math.max(...column)).toBeLessThan(1);
    }
  });

  test.each([[-1], [0.5], [2 ** 32], [NaN]])("a seed of %d is refused", (seed) => {
    for (const [, make] of kinds) expect(() => make(2, seed, 0)).toThrow("PARAMETER_OUT_OF_RANGE");
  });

  test("pseudo-random coordinates are uniform: a chi-square of 100 cells", () => {
    const count = 100_000;
    for (const column of columnsOf(pseudoRandom(3, 11, 0), count)) {
      const cells = Array.from({ length: 100 }, () => 0);
      for (const value of column) cells[Math.floor(value * 100)] = (cells[Math.floor(value * 100)] as number) + 1;
      const chiSquare = cells.reduce((sum, cell) => sum + (cell - count / 100) ** 2 / (count / 100), 0);
      // 99 degrees of freedom: four deviations of √198 to either side.
      expect(Math.abs(chiSquare - 99)).toBeLessThan(4 * Math.sqrt(198));
    }
  });

  test("pseudo-random coordinates, neighbours in time, and streams are uncorrelated", () => {
    const count = 100_000;
    const [first, second] = columnsOf(pseudoRandom(2, 5, 0), count) as [number[], number[]];
    const [other] = columnsOf(pseudoRandom(2, 5, 1), count) as [number[]];
    const [nextSeed] = columnsOf(pseudoRandom(2, 6, 0), count) as [number[]];
    for (const [left, right] of [
      [first, second],
      [first.slice(1), first.slice(0, -1)],
      [first, other],
      [first, nextSeed],
    ] as const) {
      const products = left.reduce((sum, value, at) => sum + (value - 0.5) * ((right[at] as number) - 0.5), 0);
      expect(Math.abs((12 * products) / left.length)).toBeLessThan(4 / Math.sqrt(count));
    }
  });
});
