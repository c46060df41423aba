import { checkColumns, checkParameter, checkSeries } from "../estimate/checked-series.f64.js";
import { tailLoss, worstMean } from "../estimate/historical-loss.f64.js";
import { NoEstimate } from "../estimate/no-estimate.js";
import { sortedQuantile } from "../estimate/quantile.f64.js";

/*
 * Tail figures of simulated losses, and how far chance may have moved them. A figure without its error invites belief in
 * its last digit.
 */

/** A tail figure and its standard error; losses are positive. */
export interface SimulatedTail {
  readonly level: number;
  readonly valueAtRisk: number;
  readonly valueAtRiskError: number;
  readonly expectedShortfall: number;
  readonly expectedShortfallError: number;
}

/** Losses that a tail must hold, so that its error means something. */
const TAIL_MIN = 10;

/**
 * Tail figures of independent losses.
 *
 * Value at risk is the quantile (type 7), expected shortfall the mean of the worst (1 − level) of the losses, as for
 * history. How many of n losses lie below the true quantile is binomial, so the error of the quantile is half the distance
 * between the quantiles one binomial deviation √(level(1 − level)/n) to either side (Woodruff 1952): no density has to be
 * guessed. The error of the shortfall is the deviation of max(loss − VaR, 0) ÷ ((1 − level)·√n).
 *
 * @param losses in any order; at least ten of them beyond the level
 * @throws NoEstimate for too few losses, losses that are not finite, or a level outside (0, 1).
 * @method SCORE-5
 */
export function simulatedTail(losses: ArrayLike<number>, level: number): SimulatedTail {
  checkSeries(losses, 1, "losses");
  checkParameter("level", level, Number.EPSILON, 1 - Number.EPSILON);
  const sorted = Float64Array.from(losses).sort();
  const count = sorted.length;
  checkTail(count, level);
  const valueAtRisk = sortedQuantile(sorted, level);
  const reach = Math.sqrt((level * (1 - level)) / count);
  const [below, above] = [Math.max(0, level - reach), Math.min(1, level + reach)];

  let excess = 0;
  let square = 0;
  for (let at = count - 1; at >= 0 && (sorted[at] as number) > valueAtRisk; at -= 1) {
    const over = (sorted[at] as number) - valueAtRisk;
    excess += over;
    square += over * over;
  }
  const variance = square / count - (excess / count) ** 2;
  return {
    level,
    valueAtRisk,
    valueAtRiskError: (sortedQuantile(sorted, above) - sortedQuantile(sorted, below)) / 2,
    expectedShortfall: worstMean(sorted, (1 - level) * count),
    expectedShortfallError: Math.sqrt(variance / count) / (1 - level),
  };
}

/**
 * Tail figures of blocks that are independent of one another, while the paths of a block are not: quasi-random ones. The
 * figures are those of all losses together; each block has its own, and their spread over √blocks is the error.
 *
 * @param blocks losses, one series a block; at least eight blocks of one length, ten losses of each beyond the level
 * @throws NoEstimate as `simulatedTail`, and for too few blocks or unequal ones.
 * @method SCORE-5
 */
export function replicatedTail(blocks: readonly ArrayLike<number>[], level: number): SimulatedTail {
  if (blocks.length < BLOCKS_MIN) {
    throw new NoEstimate("SERIES_TOO_SHORT", { series: "blocks", needed: BLOCKS_MIN, found: blocks.length });
  }
  checkColumns(blocks, 1);
  const each = blocks.map((losses) => simulatedTail(losses, level));
  const { valueAtRisk, expectedShortfall } = simulatedTail(joined(blocks), level);
  return {
    level,
    valueAtRisk,
    valueAtRiskError: errorOfMean(each.map((tail) => tail.valueAtRisk)),
    expectedShortfall,
    expectedShortfallError: errorOfMean(each.map((tail) => tail.expectedShortfall)),
  };
}

const BLOCKS_MIN = 8;

/** Tail figures of history; errors are null where fewer than ten days lie beyond the level. */
export interface HistoricalTail {
  readonly level: number;
  readonly valueAtRisk: number;
  readonly valueAtRiskError: number | null;
  readonly expectedShortfall: number;
  readonly expectedShortfallError: number | null;
}

/**
 * Tail figures of losses on days of history, with errors as if the days were independent: they are standardised moves at
 * one day's width, so that they nearly are.
 *
 * @throws NoEstimate as `tailLoss`.
 * @method SCORE-6
 */
export function historicalTail(losses: ArrayLike<number>, level: number): HistoricalTail {
  const { valueAtRisk, expectedShortfall } = tailLoss(losses, level);
  if (isTailLongEnough(losses.length, level)) return simulatedTail(losses, level);
  return { level, valueAtRisk, valueAtRiskError: null, expectedShortfall, expectedShortfallError: null };
}

/** A mean and its standard error. */
export interface SimulatedMean {
  readonly mean: number;
  readonly error: number;
}

/**
 * The mean of independent losses.
 *
 * @throws NoEstimate for fewer than two values, or values that are not finite.
 * @method SCORE-5
 */
export function simulatedMean(losses: ArrayLike<number>): SimulatedMean {
  checkSeries(losses, 2, "losses");
  const values = Float64Array.from(losses);
  return { mean: values.reduce((sum, value) => sum + value, 0) / values.length, error: errorOfMean(values) };
}

/** The mean of blocks of one length that are independent of one another, while the paths of a block are not. @method SCORE-5 */
export function replicatedMean(blocks: readonly ArrayLike<number>[]): SimulatedMean {
  checkColumns(blocks, 2);
  return simulatedMean(blocks.map((losses) => simulatedMean(losses).mean));
}

/** Blocks one after the other. */
export function joined(blocks: readonly ArrayLike<number>[]): Float64Array {
  const all = new Float64Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let from = 0;
  for (const block of blocks) {
    all.set(block, from);
    from += block.length;
  }
  return all;
}

function errorOfMean(values: ArrayLike<number>): number {
  const list = Float64Array.from(values);
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  const square = list.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(square / (values.length - 1) / values.length);
}

function checkTail(count: number, level: number): void {
  if (isTailLongEnough(count, level)) return;
  throw new NoEstimate("SERIES_TOO_SHORT", {
    series: "losses",
    needed: Math.ceil(TAIL_MIN / (1 - level)),
    found: count,
  });
}

/** Level and count are as they are typed: 0.99 of 1,000 leaves ten, however 1 − 0.99 is rounded. */
function isTailLongEnough(count: number, level: number): boolean {
  return Math.round((1 - level) * count * 1e6) / 1e6 >= TAIL_MIN;
}
