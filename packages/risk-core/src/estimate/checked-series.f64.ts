import { NoEstimate } from "./no-estimate.js";

/*
 * What every estimator asks of its arguments before it begins. The checks read each value once, which costs less than
 * any estimate, and they are the reason why no estimate of this folder is ever NaN.
 */

/** Refuses a series that is shorter than `lengthMin` or holds anything but finite numbers. */
export function checkSeries(values: ArrayLike<number>, lengthMin: number, series = "values"): void {
  if (values.length < lengthMin) {
    throw new NoEstimate("SERIES_TOO_SHORT", { series, needed: lengthMin, found: values.length });
  }
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] as number;
    if (!Number.isFinite(value)) throw new NoEstimate("SERIES_NOT_FINITE", { series, index, found: value });
  }
}

/** Refuses columns of different lengths, shorter than `lengthMin`, or with anything but finite numbers; none at all too. */
export function checkColumns(columns: readonly ArrayLike<number>[], lengthMin: number): void {
  const first = columns[0];
  if (first === undefined) throw new NoEstimate("SERIES_TOO_SHORT", { series: "columns", needed: 1, found: 0 });
  columns.forEach((column, at) => {
    if (column.length !== first.length) {
      throw new NoEstimate("SERIES_UNEQUAL", { column: at, expected: first.length, found: column.length });
    }
    checkSeries(column, lengthMin, `column ${at}`);
  });
}

/** Refuses a parameter outside [least, most]. */
export function checkParameter(parameter: string, found: number, least: number, most: number): void {
  if (!(found >= least && found <= most)) {
    throw new NoEstimate("PARAMETER_OUT_OF_RANGE", { parameter, least, most, found });
  }
}

/** Refuses a parameter that is not a whole number in [least, most]. */
export function checkWhole(parameter: string, found: number, least: number, most = Number.MAX_SAFE_INTEGER): void {
  checkParameter(parameter, found, least, most);
  if (!Number.isInteger(found)) throw new NoEstimate("PARAMETER_OUT_OF_RANGE", { parameter, expected: "whole", found });
}
