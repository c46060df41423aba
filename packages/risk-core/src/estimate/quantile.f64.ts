import { checkParameter, checkSeries } from "./checked-series.f64.js";

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
 * A sample that grows and is asked for quantiles: kept sorted, one binary search and one move of memory a value.
 *
 * @method ESTIMATE-9
 */
export interface GrowingSample {
  readonly count: () => number;
  readonly add: (value: number) => void;
  /** Quantile (type 7) of what has been added; the caller vouches for count ≥ 1. */
  readonly quantile: (probability: number) => number;
}

/** An empty sample, or one that begins with the given values. */
export function growingSample(values: ArrayLike<number> = []): GrowingSample {
  let sorted = Float64Array.from(values).sort();
  let count = sorted.length;
  const add = (value: number): void => {
    checkSeries([value], 1, "sample");
    if (count === sorted.length) {
      const larger = new Float64Array(Math.max(256, 2 * count));
      larger.set(sorted);
      sorted = larger;
    }
    let from = 0;
    let to = count;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((sorted[middle] as number) <= value) from = middle + 1;
      else to = middle;
    }
    sorted.copyWithin(from + 1, from, count);
    sorted[from] = value;
    count += 1;
  };
  return { count: () => count, add, quantile: (probability) => sortedQuantile(sorted, probability, count) };
}
