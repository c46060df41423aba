import { checkColumns, checkParameter, checkSeries } from "./checked-series.f64.js";
import { NoEstimate } from "./no-estimate.js";
import { sortedQuantile } from "./quantile.f64.js";

/*
 * Value at risk and expected shortfall from a list of losses, one per scenario, all equally likely. The field has more
 * than one definition of each, and they differ exactly where it matters, in short samples: all are computed and named.
 */

/** Figures of the tail beyond one confidence level; a loss is positive, in the unit of the losses. */
export interface TailLoss {
  /** Quantile by linear interpolation (type 7). */
  readonly valueAtRisk: number;
  /** The next loss that really occurred, at or beyond that quantile. */
  readonly valueAtRiskHigher: number;
  /** Mean of the losses at or beyond `valueAtRisk`. */
  readonly shortfallOfTail: number;
  /** Mean of the worst n·(1 − level) losses, the last one weighted by its fraction (Acerbi and Tasche 2002): coherent. */
  readonly expectedShortfall: number;
}

/**
 * Loss of a linear portfolio in each scenario: minus the sum of exposure × simple return.
 *
 * @param exposures  signed money per unit of simple return, one per asset
 * @param columns    simple returns, one series per asset
 * @returns losses, shape [scenarios]
 *
 * @throws NoEstimate for unequal or empty columns, or another number of exposures.
 * @method ESTIMATE-10
 */
export function linearLosses(exposures: ArrayLike<number>, columns: readonly ArrayLike<number>[]): Float64Array {
  checkColumns(columns, 1);
  checkSeries(exposures, 1, "exposures");
  if (exposures.length !== columns.length) {
    throw new NoEstimate("SERIES_UNEQUAL", { expected: columns.length, found: exposures.length });
  }
  const losses = new Float64Array((columns[0] as ArrayLike<number>).length);
  columns.forEach((column, asset) => {
    const exposure = exposures[asset] as number;
    for (let at = 0; at < losses.length; at += 1)
      losses[at] = (losses[at] as number) - exposure * (column[at] as number);
  });
  return losses;
}

/**
 * Value at risk and expected shortfall at a confidence level (0.99 for one loss in a hundred).
 *
 * @throws NoEstimate for no losses, losses that are not finite, a level outside [0, 1).
 * @method ESTIMATE-10
 */
export function tailLoss(losses: ArrayLike<number>, level: number): TailLoss {
  checkSeries(losses, 1, "losses");
  checkParameter("level", level, 0, 1 - Number.EPSILON);
  const sorted = Float64Array.from(losses).sort();
  const valueAtRisk = sortedQuantile(sorted, level);
  let beyond = 0;
  let count = 0;
  for (let at = sorted.length - 1; at >= 0 && (sorted[at] as number) >= valueAtRisk; at -= 1) {
    beyond += sorted[at] as number;
    count += 1;
  }
  return {
    valueAtRisk,
    valueAtRiskHigher: sorted[Math.ceil(level * (sorted.length - 1))] as number,
    // An interpolated quantile can lie a rounding above the largest loss, which then is the tail.
    shortfallOfTail: count === 0 ? (sorted.at(-1) as number) : beyond / count,
    expectedShortfall: worstMean(sorted, (1 - level) * sorted.length),
  };
}

/**
 * Mean of the worst `count` of losses sorted ascending; `count` need not be whole, the last one enters with its
 * fraction. At least a part of the worst is always there: for a count below one the answer is the worst.
 *
 * @method ESTIMATE-10
 */
export function worstMean(sorted: ArrayLike<number>, count: number): number {
  const whole = Math.floor(count);
  let sum = 0;
  for (let rank = 1; rank <= whole; rank += 1) sum += sorted[sorted.length - rank] as number;
  const fraction = count - whole;
  if (fraction > 0 && whole < sorted.length) sum += fraction * (sorted[sorted.length - whole - 1] as number);
  return sum / count;
}
