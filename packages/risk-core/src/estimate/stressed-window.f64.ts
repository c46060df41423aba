import { checkSeries, checkWhole } from "./checked-series.f64.js";

/*
 * Windows without decay. An exponential memory forgets a crash within months, and margin that forgets falls until the
 * next one teaches it again. A window that weighs all its days alike, and above all the *worst* such window ever seen,
 * keeps the memory: it is the stressed period that supervisors ask for, found by the data instead of a committee.
 */

/** A stretch of a series: its mean, and the indices of its first and last value. */
export interface Window {
  readonly mean: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Mean of the last `window` values, of all of them while there are fewer: with squared moves, the variance without
 * decay.
 *
 * @throws NoEstimate for no values, values that are not finite, a window below one.
 * @method ESTIMATE-12
 */
export function decayFreeMean(values: ArrayLike<number>, window: number): Window {
  checkSeries(values, 1);
  checkWhole("window", window, 1);
  const from = Math.max(0, values.length - window);
  return { mean: meanBetween(values, from, values.length - 1), from, to: values.length - 1 };
}

/**
 * The window of the largest mean in the whole series, the first one on a tie.
 *
 * @throws NoEstimate for fewer values than one window, values that are not finite, a window below one.
 * @method ESTIMATE-12
 */
export function stressedMean(values: ArrayLike<number>, window: number): Window {
  checkWhole("window", window, 1);
  checkSeries(values, window);
  let worst: Window = { mean: Number.NEGATIVE_INFINITY, from: 0, to: 0 };
  for (let to = window - 1; to < values.length; to += 1) {
    const mean = meanBetween(values, to - window + 1, to);
    if (mean > worst.mean) worst = { mean, from: to - window + 1, to };
  }
  return worst;
}

/**
 * The stressed mean as it grows: hands back a function that takes the next value and answers the largest mean so far of
 * the last min(window, n) values, undefined before `countMin` of them.
 *
 * @method ESTIMATE-12 HYBRID-4
 */
export function growingStressedMean(window: number, countMin: number): (value: number) => number | undefined {
  checkWhole("window", window, 1);
  checkWhole("countMin", countMin, 1);
  const kept = new Float64Array(window);
  let count = 0;
  let largest = Number.NEGATIVE_INFINITY;
  return (value) => {
    kept[count % window] = value;
    count += 1;
    if (count < countMin) return undefined;
    // Summed anew at every value: a running sum would carry the rounding of every value that ever left it.
    largest = Math.max(largest, meanBetween(kept, 0, Math.min(count, window) - 1));
    return largest;
  };
}

function meanBetween(values: ArrayLike<number>, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at <= to; at += 1) sum += values[at] as number;
  return sum / (to - from + 1);
}
