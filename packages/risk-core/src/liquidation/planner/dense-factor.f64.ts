/*
 * A small dense system of equations, factored anew whenever it changes: the working basis of the planner has a few dozen
 * rows, and a fresh factorisation of that costs less than the rest of an iteration and never drifts.
 */

/** A pivot smaller than this is taken for zero; coefficients are of the order of one. */
const PIVOT_MIN = 1e-13;

/** LU factors of a square matrix with row exchanges. The arrays are kept and reused from one matrix to the next. */
export class DenseFactor {
  /** Row-major, `size` × `size`; filled by the caller before `factor`, overwritten by it. */
  entries = new Float64Array(16 * 16);
  private order = new Int32Array(16);
  private scratch = new Float64Array(16);
  private size = 0;

  /** Makes room for a matrix, with all entries zero. */
  clear(size: number): void {
    if (size * size > this.entries.length) {
      this.entries = new Float64Array(4 * size * size);
      this.order = new Int32Array(2 * size);
      this.scratch = new Float64Array(2 * size);
    } else {
      this.entries.fill(0, 0, size * size);
    }
    this.size = size;
  }

  /** Factors the entries; false when the matrix is singular. */
  factor(): boolean {
    const { size, entries, order } = this;
    for (let at = 0; at < size; at++) order[at] = at;
    for (let column = 0; column < size; column++) {
      let pivotRow = column;
      let largest = Math.abs(entries[column * size + column]!);
      for (let row = column + 1; row < size; row++) {
        const found = Math.abs(entries[row * size + column]!);
        if (found > largest) [largest, pivotRow] = [found, row];
      }
      if (largest < PIVOT_MIN) return false;
      if (pivotRow !== column) this.exchange(pivotRow, column);
      const pivot = entries[column * size + column]!;
      for (let row = column + 1; row < size; row++) {
        const at = row * size;
        if (entries[at + column] === 0) continue;
        const factor = entries[at + column]! / pivot;
        entries[at + column] = factor;
        const from = column * size;
        for (let next = column + 1; next < size; next++) entries[at + next]! -= factor * entries[from + next]!;
      }
    }
    return true;
  }

  private exchange(one: number, other: number): void {
    const { size, entries, order } = this;
    for (let at = 0; at < size; at++) {
      const kept = entries[one * size + at]!;
      entries[one * size + at] = entries[other * size + at]!;
      entries[other * size + at] = kept;
    }
    const kept = order[one]!;
    order[one] = order[other]!;
    order[other] = kept;
  }

  /** Solves matrix · x = `side`; `side` is overwritten by x. */
  solve(side: Float64Array): void {
    const { size, entries, order, scratch } = this;
    for (let row = 0; row < size; row++) {
      let sum = side[order[row]!]!;
      for (let column = 0; column < row; column++) sum -= entries[row * size + column]! * scratch[column]!;
      scratch[row] = sum;
    }
    for (let row = size - 1; row >= 0; row--) {
      let sum = scratch[row]!;
      for (let column = row + 1; column < size; column++) sum -= entries[row * size + column]! * side[column]!;
      side[row] = sum / entries[row * size + row]!;
    }
  }

  /** Solves transposed matrix · y = `side`; `side` is overwritten by y. */
  solveTransposed(side: Float64Array): void {
    const { size, entries, order, scratch } = this;
    for (let column = 0; column < size; column++) {
      let sum = side[column]!;
      for (let row = 0; row < column; row++) sum -= entries[row * size + column]! * scratch[row]!;
      scratch[column] = sum / entries[column * size + column]!;
    }
    for (let column = size - 1; column >= 0; column--) {
      let sum = scratch[column]!;
      for (let row = column + 1; row < size; row++) sum -= entries[row * size + column]! * scratch[row]!;
      scratch[column] = sum;
    }
    for (let row = 0; row < size; row++) side[order[row]!] = scratch[row]!;
  }
}
