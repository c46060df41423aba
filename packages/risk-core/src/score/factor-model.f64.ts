import { checkParameter, checkSeries } from "../estimate/checked-series.f64.js";
import { NoEstimate } from "../estimate/no-estimate.js";
import { entry, type SquareMatrix } from "../estimate/square-matrix.f64.js";
import { normalQuantile } from "../pricing/normal.f64.js";
import type { UniformDraws } from "./uniform-draws.f64.js";

/*
 * How underlyings move together over a horizon: correlated normal log moves, or Student's with one common chi-square a
 * path, so that everything may have a bad day at once. The Cholesky factor is made once; a path is a triangular product.
 */

/** What a simulation needs of the world. Volatilities are of the log move over the horizon. */
export interface FactorModel {
  readonly volatilities: readonly number[];
  readonly correlation: SquareMatrix;
  /** Whole degrees of freedom above two for Student's moves, scaled to the stated volatilities; null for normal ones. */
  readonly degreesOfFreedom: number | null;
}

/** Writes a path: log moves of every factor, and the standard normal draw of the first factor (for what it drives). */
export interface PathMaker {
  /** Coordinates of a uniform point that a path consumes. */
  readonly dimension: number;
  readonly next: (draws: UniformDraws, moves: Float64Array) => number;
}

/**
 * The path maker of a factor model.
 *
 * @throws NoEstimate when the correlation is not positive definite, or of another size, or degrees of freedom are no whole
 *   number above two.
 * @method SCORE-1
 */
export function pathMaker(model: FactorModel): PathMaker {
  const { volatilities, correlation, degreesOfFreedom } = model;
  checkSeries(volatilities, 1, "volatilities");
  const size = volatilities.length;
  if (correlation.size !== size) {
    throw new NoEstimate("SERIES_UNEQUAL", { expected: size, found: correlation.size, series: "correlation" });
  }
  if (degreesOfFreedom !== null && !Number.isInteger(degreesOfFreedom)) {
    throw new NoEstimate("PARAMETER_OUT_OF_RANGE", { parameter: "degreesOfFreedom", found: degreesOfFreedom });
  }
  if (degreesOfFreedom !== null) checkParameter("degreesOfFreedom", degreesOfFreedom, 3, 1000);
  const factor = cholesky(correlation);
  const chiSquares = degreesOfFreedom ?? 0;
  const point = new Float64Array(size + chiSquares);
  const normals = new Float64Array(size);
  return {
    dimension: size + chiSquares,
    next: (draws, moves) => {
      draws.next(point);
      for (let at = 0; at < size; at += 1) normals[at] = normalQuantile(point[at] as number);
      let scale = 1;
      if (degreesOfFreedom !== null) {
        let chiSquare = 0;
        for (let at = size; at < point.length; at += 1) chiSquare += normalQuantile(point[at] as number) ** 2;
        scale = Math.sqrt((degreesOfFreedom - 2) / chiSquare);
      }
      for (let row = 0; row < size; row += 1) {
        let sum = 0;
        for (let column = 0; column <= row; column += 1) {
          sum += (factor[row * size + column] as number) * (normals[column] as number);
        }
        moves[row] = sum * (volatilities[row] as number) * scale;
      }
      return normals[0] as number;
    },
  };
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
