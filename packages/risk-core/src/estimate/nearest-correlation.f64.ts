import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { NoEstimate } from "./no-estimate.js";
import { correlationOf, entry, type SquareMatrix, symmetricMatrix } from "./square-matrix.f64.js";

/*
 * A correlation matrix that people edited (a stressed pair here, a floor there) need not be possible: it may promise
 * a portfolio with negative variance, and margin under a square root must not meet one. Two repairs:
 *
 * - clipping: eigenvalues below a floor are raised to it, and the diagonal is scaled back to one. One decomposition;
 *   near the nearest matrix, not at it.
 * - the nearest correlation matrix in the Frobenius norm: Higham (2002), alternating projections on the matrices that
 *   are positive semi-definite and on those with ones on the diagonal, with Dykstra's correction, without which the
 *   limit would be a feasible matrix but not the nearest. Convergence is linear; books have tens of assets, not
 *   hundreds, and the repair runs when parameters change, so the faster Newton method is not worth its length.
 */

/** Clipping keeps the smallest eigenvalue at this before the diagonal is scaled back. */
const CLIPPED_EIGENVALUE = 1e-12;
/** Projections stop when a round moves no entry by more than this. */
const SETTLED = 1e-11;
const ROUNDS_MAX = 20_000;

/** A possible correlation matrix, and how far it lies from what was asked for. */
export interface RepairedCorrelation {
  readonly matrix: SquareMatrix;
  /** Smallest eigenvalue before the repair; at or above zero, nothing was changed. */
  readonly eigenvalueMinBefore: number;
  /** Frobenius distance from the matrix that came in. */
  readonly distance: number;
}

/** Eigenvalues of a symmetric matrix, ascending. */
export function eigenvalues(matrix: SquareMatrix): readonly number[] {
  return decompose(matrix).realEigenvalues.toSorted((left, right) => left - right);
}

/**
 * The matrix with its negative eigenvalues clipped and its diagonal scaled back to one.
 *
 * @throws NoEstimate when the matrix is not symmetric with ones on the diagonal.
 * @method ESTIMATE-8
 */
export function clippedCorrelation(matrix: SquareMatrix): RepairedCorrelation {
  return repaired(matrix, () => {
    const clipped = projected(matrix, CLIPPED_EIGENVALUE);
    return correlationOf(clipped);
  });
}

/**
 * The nearest correlation matrix in the Frobenius norm. The result is positive semi-definite to 1e-12 and its distance
 * within 1e-8 of the smallest possible.
 *
 * Cost: some tens to hundreds of eigenvalue decompositions.
 *
 * @throws NoEstimate when the matrix is not symmetric with ones on the diagonal.
 * @method ESTIMATE-8
 */
export function nearestCorrelation(matrix: SquareMatrix): RepairedCorrelation {
  return repaired(matrix, () => lifted(alternatingProjections(matrix)));
}

function repaired(matrix: SquareMatrix, repair: () => SquareMatrix): RepairedCorrelation {
  checkCorrelation(matrix);
  const eigenvalueMinBefore = eigenvalues(matrix)[0] ?? 1;
  if (eigenvalueMinBefore >= 0) return { matrix, eigenvalueMinBefore, distance: 0 };
  const repairedMatrix = repair();
  return { matrix: repairedMatrix, eigenvalueMinBefore, distance: frobeniusDistance(repairedMatrix, matrix) };
}

function alternatingProjections(matrix: SquareMatrix): SquareMatrix {
  let unit = matrix;
  let correction = new Float64Array(matrix.values.length);
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const corrected = { size: matrix.size, values: unit.values.map((value, at) => value - (correction[at] as number)) };
    const possible = projected(corrected, 0);
    correction = possible.values.map((value, at) => value - (corrected.values[at] as number));
    const next = symmetricMatrix(matrix.size, (row, column) => (row === column ? 1 : entry(possible, row, column)));
    const moved = largestDifference(next, unit);
    unit = next;
    if (moved <= SETTLED) break;
  }
  return unit;
}

/** The last digits: mixed with so much of the identity that the smallest eigenvalue is not below zero. */
function lifted(matrix: SquareMatrix): SquareMatrix {
  const short = Math.max(0, -(eigenvalues(matrix)[0] ?? 0));
  return symmetricMatrix(matrix.size, (row, column) => (row === column ? 1 : entry(matrix, row, column) / (1 + short)));
}

/** The nearest symmetric matrix whose eigenvalues are at least `floor`. */
function projected(matrix: SquareMatrix, floor: number): SquareMatrix {
  const { realEigenvalues, eigenvectorMatrix } = decompose(matrix);
  return symmetricMatrix(matrix.size, (row, column) => {
    let sum = 0;
    realEigenvalues.forEach((value, at) => {
      sum += Math.max(value, floor) * eigenvectorMatrix.get(row, at) * eigenvectorMatrix.get(column, at);
    });
    return sum;
  });
}

function decompose({ size, values }: SquareMatrix): EigenvalueDecomposition {
  return new EigenvalueDecomposition(Matrix.from1DArray(size, size, values), { assumeSymmetric: true });
}

function checkCorrelation(matrix: SquareMatrix): void {
  if (matrix.size === 0) throw new NoEstimate("SERIES_TOO_SHORT", { series: "matrix", needed: 1, found: 0 });
  for (let row = 0; row < matrix.size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      const value = entry(matrix, row, column);
      if (!Number.isFinite(value)) throw new NoEstimate("SERIES_NOT_FINITE", { row, index: column, found: value });
      const expected = row === column ? 1 : entry(matrix, column, row);
      if (Math.abs(value - expected) > 1e-12) {
        throw new NoEstimate("PARAMETER_OUT_OF_RANGE", {
          parameter: "correlation",
          row,
          column,
          expected,
          found: value,
        });
      }
    }
  }
}

function frobeniusDistance(left: SquareMatrix, right: SquareMatrix): number {
  let sum = 0;
  left.values.forEach((value, at) => {
    sum += (value - (right.values[at] as number)) ** 2;
  });
  return Math.sqrt(sum);
}

function largestDifference(left: SquareMatrix, right: SquareMatrix): number {
  let largest = 0;
  left.values.forEach((value, at) => {
    largest = Math.max(largest, Math.abs(value - (right.values[at] as number)));
  });
  return largest;
}
