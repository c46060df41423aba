import { checkColumns } from "./checked-series.f64.js";
import { centred, sampleCovariance } from "./covariance.f64.js";
import { NoEstimate } from "./no-estimate.js";
import { correlationOf, entry, type SquareMatrix, symmetricMatrix } from "./square-matrix.f64.js";

/*
 * A sample covariance of p assets over n days has its largest eigenvalues too large and its smallest too small, and a
 * hedge is exactly a bet on a small eigenvalue: unshrunk, it looks safer than it is. Both estimates here pull the
 * matrix towards mean variance × identity and choose how far from the data alone:
 *
 * - Ledoit and Wolf (2004), "A well-conditioned estimator for large-dimensional covariance matrices": the pull that is
 *   best in mean square for large n and p, without a distribution;
 * - OAS, Chen, Wiesel, Eldar and Hero (2010): a closer value for normal data and small n.
 *
 * On raw moves the answer depends on how different the volatilities are, because the target gives every asset the same
 * variance; on moves divided by their own volatility it does not. The margin method shrinks standardised moves.
 */

/** A shrunk matrix and the share (0 … 1) of the target in it. */
export interface Shrunk {
  readonly matrix: SquareMatrix;
  readonly shrinkage: number;
}

/**
 * Ledoit–Wolf covariance with the means removed and divided by n; in the units of the columns squared.
 *
 * @throws NoEstimate for no columns, unequal ones, fewer than 2 rows, values that are not finite.
 * @method ESTIMATE-7
 */
export function ledoitWolfCovariance(columns: readonly ArrayLike<number>[]): Shrunk {
  checkColumns(columns, 2);
  return ledoitWolf(columns.map(centred));
}

/**
 * Ledoit–Wolf on columns that are first scaled to variance one (mean removed, divided by n), so that the target is the
 * identity and the answer is a correlation: its diagonal is one up to rounding.
 *
 * @throws NoEstimate as `ledoitWolfCovariance`, and for a column without variance.
 * @method ESTIMATE-7
 */
export function ledoitWolfCorrelation(columns: readonly ArrayLike<number>[]): Shrunk {
  checkColumns(columns, 2);
  return ledoitWolf(columns.map(standardised));
}

/**
 * The covariance of `ledoitWolfCovariance` scaled to a correlation: what the margin method calls calm.
 *
 * @throws NoEstimate as `ledoitWolfCovariance`, and when all columns are without variance.
 * @method ESTIMATE-7 HYBRID-12
 */
export function shrunkCorrelation(columns: readonly ArrayLike<number>[]): SquareMatrix {
  return correlationOf(ledoitWolfCovariance(columns).matrix);
}

/**
 * Oracle-approximating shrinkage of the covariance, towards the same target.
 *
 * @throws NoEstimate as `ledoitWolfCovariance`.
 * @method ESTIMATE-7
 */
export function oasCovariance(columns: readonly ArrayLike<number>[]): Shrunk {
  const sample = sampleCovariance(columns);
  const rows = (columns[0] as ArrayLike<number>).length;
  const target = meanVariance(sample);
  let meanSquare = 0;
  for (const value of sample.values) meanSquare += value * value;
  meanSquare /= sample.size * sample.size;
  const spread = (rows + 1) * (meanSquare - (target * target) / sample.size);
  const shrinkage = spread === 0 ? 1 : Math.min(1, (meanSquare + target * target) / spread);
  return { matrix: pulled(sample, target, shrinkage), shrinkage };
}

/** Columns with mean zero. The distance of one day's outer product from the sample, averaged, over that from the target. */
function ledoitWolf(columns: readonly Float64Array[]): Shrunk {
  const size = columns.length;
  const rows = (columns[0] as Float64Array).length;
  const sample = symmetricMatrix(size, (row, column) => meanOfProducts(columns, row, column, false));
  const target = meanVariance(sample);
  let fourth = 0;
  let sampleSquares = 0;
  for (let row = 0; row < size; row += 1) {
    for (let column = row; column < size; column += 1) {
      const times = row === column ? 1 : 2;
      fourth += times * meanOfProducts(columns, row, column, true);
      sampleSquares += times * entry(sample, row, column) ** 2;
    }
  }
  const distance = (sampleSquares - size * target * target) / size;
  const noise = Math.min((fourth - sampleSquares) / (size * rows), distance);
  const shrinkage = noise <= 0 || distance <= 0 ? 0 : noise / distance;
  return { matrix: pulled(sample, target, shrinkage), shrinkage };
}

function pulled(sample: SquareMatrix, target: number, shrinkage: number): SquareMatrix {
  return symmetricMatrix(
    sample.size,
    (row, column) => (1 - shrinkage) * entry(sample, row, column) + (row === column ? shrinkage * target : 0),
  );
}

function meanVariance(sample: SquareMatrix): number {
  let trace = 0;
  for (let at = 0; at < sample.size; at += 1) trace += entry(sample, at, at);
  return trace / sample.size;
}

function meanOfProducts(columns: readonly Float64Array[], row: number, column: number, squared: boolean): number {
  const left = columns[row] as Float64Array;
  const right = columns[column] as Float64Array;
  let sum = 0;
  for (let at = 0; at < left.length; at += 1) {
    const product = (left[at] as number) * (right[at] as number);
    sum += squared ? product * product : product;
  }
  return sum / left.length;
}

function standardised(column: ArrayLike<number>, at: number): Float64Array {
  const moves = centred(column);
  let squares = 0;
  for (const move of moves) squares += move * move;
  if (!(squares > 0)) throw new NoEstimate("SERIES_WITHOUT_VARIANCE", { column: at });
  const deviation = Math.sqrt(squares / moves.length);
  return moves.map((move) => move / deviation);
}
