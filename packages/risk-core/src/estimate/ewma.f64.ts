import { checkColumns, checkParameter, checkSeries } from "./checked-series.f64.js";
import { correlationOf, type SquareMatrix, symmetricMatrix } from "./square-matrix.f64.js";

/*
 * Exponentially weighted variance and covariance, with the mean taken as zero: over days the mean of a move is far
 * smaller than its spread, and removing an estimate of it adds noise. `memory` (lambda) is the weight that yesterday's
 * estimate keeps: v ← memory·v + (1 − memory)·r². Its half-life is ln ½ ÷ ln memory intervals (11 for 0.94, 23 for 0.97).
 */

/**
 * One step of the recursion; `variance` undefined begins it with the square of the first move.
 *
 * @method ESTIMATE-4
 */
export function nextEwma(variance: number | undefined, move: number, memory: number): number {
  return variance === undefined ? move * move : memory * variance + (1 - memory) * move * move;
}

/**
 * The variance after each move, in the units of the move squared; shape [moves].
 *
 * @throws NoEstimate for no moves, a move that is not finite, a memory outside [0, 1].
 * @method ESTIMATE-4
 */
export function ewmaVariances(moves: ArrayLike<number>, memory: number): Float64Array {
  checkSeries(moves, 1, "moves");
  checkParameter("memory", memory, 0, 1);
  const variances = new Float64Array(moves.length);
  let variance: number | undefined;
  for (let at = 0; at < moves.length; at += 1) {
    variance = nextEwma(variance, moves[at] as number, memory);
    variances[at] = variance;
  }
  return variances;
}

/**
 * The same with weights memory^k that sum to one, so that the first move weighs no more than its age gives it: for
 * short windows, where the recursion still remembers where it began.
 *
 * @throws NoEstimate for no moves, a move that is not finite, a memory outside (0, 1].
 * @method ESTIMATE-4
 */
export function normalisedEwmaVariance(moves: ArrayLike<number>, memory: number): number {
  checkSeries(moves, 1, "moves");
  checkParameter("memory", memory, Number.MIN_VALUE, 1);
  let weighted = 0;
  let weights = 0;
  for (let at = 0; at < moves.length; at += 1) {
    weighted = memory * weighted + (moves[at] as number) ** 2;
    weights = memory * weights + 1;
  }
  return weighted / weights;
}

/**
 * One step of the covariance recursion: the next matrix from the last one and one move per asset; undefined begins it.
 *
 * @method ESTIMATE-5
 */
export function nextEwmaCovariance(
  covariance: SquareMatrix | undefined,
  moves: ArrayLike<number>,
  memory: number,
): SquareMatrix {
  return symmetricMatrix(moves.length, (row, column) => {
    const product = (moves[row] as number) * (moves[column] as number);
    if (covariance === undefined) return product;
    return memory * (covariance.values[row * covariance.size + column] as number) + (1 - memory) * product;
  });
}

/**
 * The covariance after the last move. `columns` holds one series of moves per asset, all of one length.
 *
 * @throws NoEstimate for no columns, unequal or empty ones, values that are not finite, a memory outside [0, 1].
 * @method ESTIMATE-5
 */
export function ewmaCovariance(columns: readonly ArrayLike<number>[], memory: number): SquareMatrix {
  checkColumns(columns, 1);
  checkParameter("memory", memory, 0, 1);
  return symmetricMatrix(columns.length, (row, column) => {
    const left = columns[row] as ArrayLike<number>;
    const right = columns[column] as ArrayLike<number>;
    let covariance = (left[0] as number) * (right[0] as number);
    for (let at = 1; at < left.length; at += 1) {
      covariance = memory * covariance + (1 - memory) * (left[at] as number) * (right[at] as number);
    }
    return covariance;
  });
}

/**
 * The correlation of `ewmaCovariance`.
 *
 * @throws NoEstimate as `ewmaCovariance`, and for a column of zeros.
 * @method ESTIMATE-5
 */
export function ewmaCorrelation(columns: readonly ArrayLike<number>[], memory: number): SquareMatrix {
  return correlationOf(ewmaCovariance(columns, memory));
}
