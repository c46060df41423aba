import { checkParameter, checkSeries, checkWhole } from "./checked-series.f64.js";
import { NoEstimate } from "./no-estimate.js";

/**
 * Quantile of a sample sorted ascending, by linear interpolation at position probability·(n − 1): type 7 of Hyndman and
 * Fan (1996), the default of most statistics packages. The caller vouches for the order and for n ≥ 1.
 *
 * @method ESTIMATE-9
 */
export function sortedQuantile(sorted: ArrayLike<number>, probability: number, count = sorted.length): number {
  const position = probability * (count - 1);
  const below = Math.floor(position);
  const lower = sorted[below] as number;
  if (below + 1 >= count) return lower;
  return lower + (position - below) * ((sorted[below + 1] as number) - lower);
}

/**
 * Quantile (type 7) of a sample in any order.
 *
 * @throws NoEstimate for no values, values that are not finite, a probability outside [0, 1].
 * @method ESTIMATE-9
 */
export function quantile(values: ArrayLike<number>, probability: number): number {
  checkSeries(values, 1);
  checkParameter("probability", probability, 0, 1);
  return sortedQuantile(Float64Array.from(values).sort(), probability);
}

/**
 * A sample that changes one value at a time and is asked for quantiles: kept sorted, a binary search and a move of memory
 * for each value.
 *
 * @method ESTIMATE-9
 */
export interface SortedSample {
  readonly count: () => number;
  readonly add: (value: number) => void;
  /** Quantile (type 7) of what the sample holds; the caller vouches for count ≥ 1. */
  readonly quantile: (probability: number) => number;
}

/**
 * An empty sample that keeps every value, or the last `window` of them.
 *
 * @throws NoEstimate (from `add`) for a value that is not finite, and for a window that is not a whole number above zero.
 */
export function sortedSample(window: number = Number.POSITIVE_INFINITY): SortedSample {
  const isBounded = window !== Number.POSITIVE_INFINITY;
  if (isBounded) checkWhole("window", window, 1);
  const order: number[] = [];
  let sorted = new Float64Array(isBounded ? window + 1 : 256);
  let count = 0;

  /** The first place whose value is above `value`. */
  const placeAbove = (value: number): number => {
    let from = 0;
    let to = count;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((sorted[middle] as number) <= value) from = middle + 1;
      else to = middle;
    }
    return from;
  };

  const add = (value: number): void => {
    if (!Number.isFinite(value))
      throw new NoEstimate("SERIES_NOT_FINITE", { series: "sample", index: count, found: value });
    if (count === sorted.length) {
      const larger = new Float64Array(2 * count);
      larger.set(sorted);
      sorted = larger;
    }
    const place = placeAbove(value);
    sorted.copyWithin(place + 1, place, count);
    sorted[place] = value;
    count += 1;
    if (!isBounded) return;
    order.push(value);
    if (order.length <= window) return;
    const leaving = placeAbove(order.shift() as number);
    sorted.copyWithin(leaving - 1, leaving, count);
    count -= 1;
  };

  return { count: () => count, add, quantile: (probability) => sortedQuantile(sorted, probability, count) };
}
