import { checkSeries } from "../estimate/checked-series.f64.js";
import { worstMean } from "../estimate/historical-loss.f64.js";
import { NoEstimate } from "../estimate/no-estimate.js";
import { shrunkCorrelation } from "../estimate/shrinkage.f64.js";
import type { SquareMatrix } from "../estimate/square-matrix.f64.js";
import type { StandardisedHistory } from "./rate-stream.f64.js";
import type { BookRecipe } from "./recipe.js";

/*
 * What the underlyings of one book did together. Only days count on which all of them have a standardised move: a day
 * that is made up for one of them would be a day on which it did not move with the others, and correlation would look
 * better than it is.
 */

/** Days on which every asset has a standardised move, ascending; `columns` holds one series per asset. */
export interface JointHistory {
  readonly assets: readonly string[];
  readonly days: readonly number[];
  readonly columns: readonly Float64Array[];
}

/**
 * The days that all histories share, in the order of `assets`.
 *
 * @throws NoEstimate for no assets.
 */
export function jointHistory(assets: readonly string[], of: (asset: string) => StandardisedHistory): JointHistory {
  const histories = assets.map(of);
  const [first, ...others] = histories;
  if (first === undefined) throw new NoEstimate("SERIES_TOO_SHORT", { series: "assets", needed: 1, found: 0 });
  const places = others.map(({ days }) => new Map(days.map((day, at) => [day, at])));
  const days: number[] = [];
  const columns: number[][] = assets.map(() => []);
  first.days.forEach((day, at) => {
    const elsewhere = places.map((place) => place.get(day));
    if (elsewhere.includes(undefined)) return;
    days.push(day);
    (columns[0] as number[]).push(first.moves[at] as number);
    elsewhere.forEach((place, other) => {
      const history = others[other] as StandardisedHistory;
      (columns[other + 1] as number[]).push(history.moves[place as number] as number);
    });
  });
  return { assets, days, columns: columns.map((column) => Float64Array.from(column)) };
}

/**
 * The correlation of calm times: Ledoit–Wolf on the last days of the joint history, clipped, so that one day cannot make
 * a correlation. Undefined when there are too few days: then there is no credit.
 *
 * @method HYBRID-2.1
 */
export function calmCorrelation(
  { columns }: JointHistory,
  { calmWindow, calmClip, calmFrom }: BookRecipe,
): SquareMatrix | undefined {
  const recent = columns.map((column) =>
    column.slice(-calmWindow).map((move) => Math.max(-calmClip, Math.min(calmClip, move))),
  );
  return (recent[0]?.length ?? 0) < calmFrom ? undefined : shrunkCorrelation(recent);
}

/**
 * Log moves of every asset in every joint scenario: each shared day once as it was and once mirrored, scaled to today's
 * width. Shape [assets][2 × days], day d at 2d and its mirror at 2d + 1. Who holds options reprices them on these.
 *
 * @param widths  today's width per asset (HYBRID-1.6), times the horizon factor where another horizon is meant
 *
 * @throws NoEstimate for another number of widths, or widths that are not finite.
 * @method HYBRID-2.5
 */
export function jointScenarios({ columns }: JointHistory, widths: readonly number[]): Float64Array[] {
  checkSeries(widths, 1, "widths");
  if (widths.length !== columns.length) {
    throw new NoEstimate("SERIES_UNEQUAL", { expected: columns.length, found: widths.length });
  }
  return columns.map((column, asset) => {
    const width = widths[asset] as number;
    const moves = new Float64Array(2 * column.length);
    column.forEach((move, day) => {
      moves[2 * day] = move * width;
      moves[2 * day + 1] = -move * width;
    });
    return moves;
  });
}

/** Expected shortfall over the joint scenarios, and each leg's part of it; the parts sum to the whole. */
export interface JointShortfall {
  readonly shortfall: number;
  readonly contributions: readonly number[];
}

/**
 * Expected shortfall of a book whose losses per scenario are given leg by leg: mean of the worst (1 − level) of the
 * scenarios, the last one weighted by its fraction. Undefined when the joint history has too few days: then there is no
 * credit.
 *
 * @param legLosses  loss of each leg in each joint scenario, positive is a loss; shape [legs][2 × days]
 *
 * @throws NoEstimate for legs of different lengths and losses that are not finite.
 * @method HYBRID-2.5
 */
export function jointShortfall(
  legLosses: readonly Float64Array[],
  { shortfallLevel, jointFrom }: BookRecipe,
): JointShortfall | undefined {
  const scenarios = legLosses[0]?.length ?? 0;
  if (scenarios < 2 * jointFrom) return undefined;
  const losses = new Float64Array(scenarios);
  legLosses.forEach((leg, at) => {
    if (leg.length !== scenarios) {
      throw new NoEstimate("SERIES_UNEQUAL", { leg: at, expected: scenarios, found: leg.length });
    }
    checkSeries(leg, 1, `leg ${at}`);
    for (let scenario = 0; scenario < scenarios; scenario += 1) {
      losses[scenario] = (losses[scenario] as number) + (leg[scenario] as number);
    }
  });
  const count = (1 - shortfallLevel) * scenarios;
  const shortfall = worstMean(Float64Array.from(losses).sort(), count);
  return { shortfall, contributions: tailContributions(legLosses, losses, count) };
}

/** Loss of each leg of a linear book in the joint scenarios: −weight·(e^move − 1). */
export function linearLegLosses(weights: readonly number[], scenarios: readonly Float64Array[]): Float64Array[] {
  return scenarios.map((moves, leg) => moves.map((move) => -(weights[leg] as number) * Math.expm1(move)));
}

/** Each leg's mean loss over the worst scenarios of the book. */
function tailContributions(legLosses: readonly Float64Array[], losses: Float64Array, count: number): number[] {
  const worstFirst = Array.from(losses.keys()).sort(
    (left, right) => (losses[right] as number) - (losses[left] as number),
  );
  return legLosses.map((leg) => {
    let sum = 0;
    for (let rank = 0; rank < count; rank += 1) {
      sum += Math.min(1, count - rank) * (leg[worstFirst[rank] as number] as number);
    }
    return sum / count;
  });
}
