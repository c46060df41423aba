import { checkParameter, checkSeries, checkWhole } from "../estimate/checked-series.f64.js";
import { NoEstimate } from "../estimate/no-estimate.js";
import { entry, type SquareMatrix } from "../estimate/square-matrix.f64.js";
import { logRatio } from "../pricing/elementary.f64.js";
import { toNormals } from "./normal-column.f64.js";
import type { UniformDraws } from "./uniform-draws.f64.js";
import { BATCH, type Weights, weightedSum } from "./weighted-columns.f64.js";

/*
 * How underlyings move together over a horizon: correlated normal log moves, or Student's with one common chi-square a
 * path, so that everything may have a bad day at once. The Cholesky factor is made once; paths are made in columns, a
 * triangular product for all of a batch at a time.
 *
 * A normal is the quantile of a uniform, not a rejection: a path consumes the same coordinates whatever they are, which
 * quasi-random points need. The chi-square of n degrees is −2·ln of n/2 uniforms multiplied, and a squared normal where n
 * is odd: half the coordinates of n squared normals.
 */

/** What a simulation needs of the world. Volatilities are of the log move over the horizon. */
export interface FactorModel {
  readonly volatilities: readonly number[];
  readonly correlation: SquareMatrix;
  /** Whole degrees of freedom above two for Student's moves, scaled to the stated volatilities; null for normal ones. */
  readonly degreesOfFreedom: number | null;
}

/** Makes paths in columns. */
export interface PathMaker {
  /** Coordinates of a uniform point that a path consumes. */
  readonly dimension: number;
  /**
   * Writes a batch of paths: the log move of factor f on path p at f·BATCH + p, and a standard normal of its own, for what
   * chance adds to volatility, at p of `drivers`.
   */
  readonly fill: (draws: UniformDraws, moves: Float64Array, drivers: Float64Array) => void;
}

/**
 * The path maker of a factor model.
 *
 * Cost of a path: a quantile for each coordinate and factors² ÷ 2 multiply-adds, no allocation.
 *
 * @throws NoEstimate when the correlation is not symmetric with ones on its diagonal and positive definite, or of another
 *   size, a volatility is below zero, or degrees of freedom are no whole number above two.
 * @method SCORE-2
 */
export function pathMaker(model: FactorModel): PathMaker {
  const { volatilities, degreesOfFreedom } = model;
  checkModel(model);
  const size = volatilities.length;
  const rows = loadings(model);
  const pairs = Math.floor((degreesOfFreedom ?? 0) / 2);
  const odd = (degreesOfFreedom ?? 0) % 2;
  const dimension = size + 1 + odd + pairs;
  const points = new Float64Array(dimension * BATCH);
  const scales = new Float64Array(BATCH);
  return {
    dimension,
    fill: (draws, moves, drivers) => {
      draws.fill(points, BATCH);
      toNormals(points, (size + 1 + odd) * BATCH);
      rows.forEach((row, at) => weightedSum(row, points, moves, at * BATCH));
      drivers.set(points.subarray(size * BATCH, (size + 1) * BATCH));
      if (degreesOfFreedom === null) return;
      studentScales(points.subarray((size + 1) * BATCH), odd, pairs, scales);
      for (let factor = 0; factor < size; factor += 1) {
        for (let path = 0; path < BATCH; path += 1) {
          moves[factor * BATCH + path] = (moves[factor * BATCH + path] as number) * (scales[path] as number);
        }
      }
    },
  };
}

function checkModel({ volatilities, correlation, degreesOfFreedom }: FactorModel): void {
  checkSeries(volatilities, 1, "volatilities");
  for (const volatility of volatilities) checkParameter("volatility", volatility, 0, Number.MAX_VALUE);
  const { size } = correlation;
  if (size !== volatilities.length) {
    throw new NoEstimate("SERIES_UNEQUAL", { series: "correlation", expected: volatilities.length, found: size });
  }
  for (let row = 0; row < size; row += 1) {
    if (entry(correlation, row, row) !== 1) {
      throw new NoEstimate("PARAMETER_OUT_OF_RANGE", {
        parameter: "correlation",
        row,
        column: row,
        expected: 1,
        found: entry(correlation, row, row),
      });
    }
    for (let column = 0; column < row; column += 1) {
      const [found, mirrored] = [entry(correlation, row, column), entry(correlation, column, row)];
      if (found !== mirrored) {
        throw new NoEstimate("PARAMETER_OUT_OF_RANGE", {
          parameter: "correlation",
          row,
          column,
          expected: mirrored,
          found,
        });
      }
    }
  }
  if (degreesOfFreedom !== null) checkWhole("degreesOfFreedom", degreesOfFreedom, 3, 1000);
}

/** Rows of the Cholesky factor, each times its volatility, up to the diagonal. */
function loadings({ volatilities, correlation }: FactorModel): readonly Weights[] {
  const lower = cholesky(correlation);
  return volatilities.map((volatility, row) => ({
    columns: Uint32Array.from({ length: row + 1 }, (_, at) => at),
    weights: Float64Array.from(
      { length: row + 1 },
      (_, at) => volatility * (lower[row * correlation.size + at] as number),
    ),
  }));
}

/** Uniforms multiplied before a logarithm is taken: eight of at least 2⁻³³ stay far above the smallest float. */
const FACTORS_OF_A_LOGARITHM = 8;

/** √((n − 2) ÷ χ²) for each path, from `odd` columns of normals followed by `pairs` columns of uniforms. */
function studentScales(columns: Float64Array, odd: number, pairs: number, scales: Float64Array): void {
  const degrees = odd + 2 * pairs;
  for (let path = 0; path < BATCH; path += 1) {
    let chiSquare = odd === 0 ? 0 : (columns[path] as number) ** 2;
    for (let first = 0; first < pairs; first += FACTORS_OF_A_LOGARITHM) {
      let product = 1;
      for (let pair = first; pair < Math.min(pairs, first + FACTORS_OF_A_LOGARITHM); pair += 1) {
        product *= columns[(odd + pair) * BATCH + path] as number;
      }
      chiSquare -= 2 * logRatio(product, 1);
    }
    scales[path] = Math.sqrt((degrees - 2) / chiSquare);
  }
}

/** The lower triangle L with L·Lᵀ = matrix, row-major. @throws NoEstimate when it is not positive definite. */
export function cholesky(matrix: SquareMatrix): Float64Array {
  const { size } = matrix;
  const lower = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let sum = entry(matrix, row, column);
      for (let at = 0; at < column; at += 1) {
        sum -= (lower[row * size + at] as number) * (lower[column * size + at] as number);
      }
      if (row !== column) {
        lower[row * size + column] = sum / (lower[column * size + column] as number);
        continue;
      }
      if (!(sum > 0)) throw new NoEstimate("PARAMETER_OUT_OF_RANGE", { parameter: "correlation", pivot: sum, at: row });
      lower[row * size + column] = Math.sqrt(sum);
    }
  }
  return lower;
}
