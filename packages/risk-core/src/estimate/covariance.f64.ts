import { checkColumns } from "./checked-series.f64.js";
import { NoEstimate } from "./no-estimate.js";
import { correlationOf, type SquareMatrix, symmetricMatrix } from "./square-matrix.f64.js";

/** Arithmetic mean; of no values, NaN: callers check first. */
export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) sum += values[at] as number;
  return sum / values.length;
}

/** A series with its mean removed. */
export function centred(values: ArrayLike<number>): Float64Array {
  const mean = meanOf(values);
  const moved = new Float64Array(values.length);
  for (let at = 0; at < moved.length; at += 1) moved[at] = (values[at] as number) - mean;
  return moved;
}

/**
 * Sample covariance with the means removed, divided by n. `columns` holds one series per asset.
 *
 * @throws NoEstimate for no columns, unequal ones, fewer than 2 rows, values that are not finite.
 * @method ESTIMATE-6
 */
export function sampleCovariance(columns: readonly ArrayLike<number>[]): SquareMatrix {
  checkColumns(columns, 2);
  const centredColumns = columns.map(centred);
  return symmetricMatrix(columns.length, (row, column) =>
    meanProduct(centredColumns[row] as Float64Array, centredColumns[column] as Float64Array),
  );
}

/**
 * Pearson correlation with the means removed.
 *
 * @throws NoEstimate as `sampleCovariance`, and for a column without variance.
 * @method ESTIMATE-6
 */
export function pearsonCorrelation(columns: readonly ArrayLike<number>[]): SquareMatrix {
  return correlationOf(sampleCovariance(columns));
}

/**
 * Spearman's rank correlation: Pearson of the ranks, ties at the mean of their ranks.
 *
 * @throws NoEstimate as `pearsonCorrelation`.
 * @method ESTIMATE-6
 */
export function spearmanCorrelation(columns: readonly ArrayLike<number>[]): SquareMatrix {
  checkColumns(columns, 2);
  return pearsonCorrelation(columns.map(ranks));
}

/**
 * Kendall's tau-b of two series, with ties taken into account.
 *
 * Cost: n² comparisons.
 *
 * @throws NoEstimate for unequal series, fewer than 2 values, values that are not finite, a series without variance.
 * @method ESTIMATE-6
 */
export function kendallCorrelation(left: ArrayLike<number>, right: ArrayLike<number>): number {
  checkColumns([left, right], 2);
  let agreement = 0;
  let untiedLeft = 0;
  let untiedRight = 0;
  for (let later = 1; later < left.length; later += 1) {
    for (let earlier = 0; earlier < later; earlier += 1) {
      const inLeft = Math.sign((left[later] as number) - (left[earlier] as number));
      const inRight = Math.sign((right[later] as number) - (right[earlier] as number));
      agreement += inLeft * inRight;
      untiedLeft += Math.abs(inLeft);
      untiedRight += Math.abs(inRight);
    }
  }
  if (untiedLeft === 0 || untiedRight === 0) {
    throw new NoEstimate("SERIES_WITHOUT_VARIANCE", { column: untiedLeft === 0 ? 0 : 1 });
  }
  return agreement / Math.sqrt(untiedLeft * untiedRight);
}

/** Ranks from 1 to n; equal values share the mean of their ranks. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, at) => at).sort(
    (left, right) => (values[left] as number) - (values[right] as number),
  );
  const ranked = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to] as number] === values[order[from] as number]) to += 1;
    for (let at = from; at < to; at += 1) ranked[order[at] as number] = (from + 1 + to) / 2;
    from = to;
  }
  return ranked;
}

function meanProduct(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < left.length; at += 1) sum += (left[at] as number) * (right[at] as number);
  return sum / left.length;
}
