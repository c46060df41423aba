import { NoEstimate } from "./no-estimate.js";

/** A square matrix of float64, row after row: the entry of row i and column j is `values[i * size + j]`. */
export interface SquareMatrix {
  readonly size: number;
  readonly values: Float64Array;
}

/**
 * A square matrix from rows, as they stand in a parameter file.
 *
 * @throws NoEstimate when a row has another length than there are rows, or an entry is not finite.
 */
export function squareMatrix(rows: readonly (readonly number[])[]): SquareMatrix {
  const size = rows.length;
  rows.forEach((row, at) => {
    if (row.length !== size) throw new NoEstimate("SERIES_UNEQUAL", { row: at, expected: size, found: row.length });
    row.forEach((value, column) => {
      if (!Number.isFinite(value)) throw new NoEstimate("SERIES_NOT_FINITE", { row: at, index: column, found: value });
    });
  });
  return { size, values: Float64Array.from(rows.flat()) };
}

/** The rows of a matrix, for printing and for JSON. */
export function matrixRows({ size, values }: SquareMatrix): number[][] {
  return Array.from({ length: size }, (_, row) => [...values.subarray(row * size, (row + 1) * size)]);
}

/** The entry of one row and column. */
export function entry({ size, values }: SquareMatrix, row: number, column: number): number {
  return values[row * size + column] as number;
}

/** A symmetric matrix from its upper triangle: `of(row, column)` is asked once for each row ≤ column. */
export function symmetricMatrix(size: number, of: (row: number, column: number) => number): SquareMatrix {
  const values = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let column = row; column < size; column += 1) {
      const value = of(row, column);
      values[row * size + column] = value;
      values[column * size + row] = value;
    }
  }
  return { size, values };
}

/**
 * The correlation of a covariance: each entry divided by both standard deviations, the diagonal exactly one.
 *
 * @throws NoEstimate when a variance is not above zero.
 */
export function correlationOf(covariance: SquareMatrix): SquareMatrix {
  const deviations = Array.from({ length: covariance.size }, (_, at) => {
    const variance = entry(covariance, at, at);
    if (!(variance > 0)) throw new NoEstimate("SERIES_WITHOUT_VARIANCE", { column: at });
    return Math.sqrt(variance);
  });
  return symmetricMatrix(covariance.size, (row, column) =>
    row === column
      ? 1
      : entry(covariance, row, column) / ((deviations[row] as number) * (deviations[column] as number)),
  );
}

/** The quadratic form x' M x. */
export function quadraticForm(matrix: SquareMatrix, x: ArrayLike<number>): number {
  let sum = 0;
  for (let row = 0; row < matrix.size; row += 1) {
    let inner = 0;
    for (let column = 0; column < matrix.size; column += 1) inner += entry(matrix, row, column) * (x[column] as number);
    sum += (x[row] as number) * inner;
  }
  return sum;
}
