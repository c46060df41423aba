import { checkColumns, checkWhole } from "./checked-series.f64.js";
import { pearsonCorrelation } from "./covariance.f64.js";
import type { SquareMatrix } from "./square-matrix.f64.js";

/** The correlation of a stretch of consecutive days; `end` is the day after its last. */
export interface StretchCorrelation {
  readonly end: number;
  readonly correlation: SquareMatrix;
}

/**
 * Correlations of stretches of so many days, a new one beginning every `stepDays`, oldest first.
 *
 * @param columns one a series, all of one length, oldest value first
 * @throws NoEstimate for fewer days than one stretch, and for a stretch in which a series did not move.
 * @method ESTIMATE-23
 */
export function stretchCorrelations(
  columns: readonly Float64Array[],
  stretchDays: number,
  stepDays: number,
): readonly StretchCorrelation[] {
  checkWhole("stretchDays", stretchDays, 2);
  checkWhole("stepDays", stepDays, 1);
  checkColumns(columns, stretchDays);
  const days = (columns[0] as Float64Array).length;
  const stretches: StretchCorrelation[] = [];
  for (let end = stretchDays; end <= days; end += stepDays) {
    const within = columns.map((column) => column.subarray(end - stretchDays, end));
    stretches.push({ end, correlation: pearsonCorrelation(within) });
  }
  return stretches;
}
