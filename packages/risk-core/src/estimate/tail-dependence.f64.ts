import { checkColumns, checkParameter } from "./checked-series.f64.js";
import { ranks } from "./covariance.f64.js";
import { NoEstimate } from "./no-estimate.js";

/** How often two assets are in the same tail of their own distributions. */
export interface TailDependence {
  /** Share (0 … 1) of days in the other's lowest `tail` among the days in one's lowest `tail`: one when they crash together. */
  readonly lower: number;
  /** The same of the highest. */
  readonly upper: number;
  /** Days in one tail; the standard error of a share p is √(p(1 − p) ÷ this). */
  readonly tailCount: number;
}

/**
 * Empirical tail dependence of two series at a tail share (0.05: the worst and best twentieth), by ranks, so that the
 * volatilities do not matter. Independent series answer about `tail`.
 *
 * A correlation is one number for calm and storm; margin offsets are lost in the tail, and this is measured there.
 *
 * @throws NoEstimate for unequal series, values that are not finite, a tail outside (0, 0.5], fewer than 5 days in it.
 * @method ESTIMATE-13
 */
export function tailDependence(left: ArrayLike<number>, right: ArrayLike<number>, tail: number): TailDependence {
  checkColumns([left, right], 1);
  checkParameter("tail", tail, Number.MIN_VALUE, 0.5);
  const count = left.length;
  const tailCount = Math.floor(tail * count);
  if (tailCount < 5) throw new NoEstimate("SERIES_TOO_SHORT", { series: "tail", needed: 5, found: tailCount });
  const leftRanks = ranks(left);
  const rightRanks = ranks(right);
  let both = 0;
  let bothUp = 0;
  for (let at = 0; at < count; at += 1) {
    const [inLeft, inRight] = [leftRanks[at] as number, rightRanks[at] as number];
    if (inLeft <= tailCount && inRight <= tailCount) both += 1;
    if (inLeft > count - tailCount && inRight > count - tailCount) bothUp += 1;
  }
  return { lower: both / tailCount, upper: bothUp / tailCount, tailCount };
}
