import { checkSeries } from "../estimate/checked-series.f64.js";
import { NoEstimate } from "../estimate/no-estimate.js";
import { nthLargest } from "../estimate/selection.f64.js";
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
 * @method HYBRID-12
 */
export function calmCorrelation(
  { columns }: Pick<JointHistory, "columns">,
  { calmWindow, calmClip, calmFrom }: BookRecipe,
): SquareMatrix | undefined {
  if ((columns[0]?.length ?? 0) < calmFrom) return undefined;
  return shrunkCorrelation(columns.map((column) => clipped(column.slice(-calmWindow), calmClip)));
}

function clipped(column: Float64Array, clip: number): Float64Array {
  for (let at = 0; at < column.length; at += 1) column[at] = Math.max(-clip, Math.min(clip, column[at] as number));
  return column;
}

/**
 * Log moves of every asset in every joint scenario: each shared day as it was, then each once more mirrored, scaled to
 * today's width. Shape [assets][2 × days], day d at d and its mirror at days + d. Who holds options reprices them on
 * these.
 *
 * @param widths  today's width per asset (HYBRID-6), times the horizon factor where another horizon is meant
 *
 * @throws NoEstimate for another number of widths, or widths that are not finite.
 * @method HYBRID-16
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
      moves[day] = move * width;
      moves[column.length + day] = -move * width;
    });
    return moves;
  });
}

/** Loss of each leg of a linear book in the joint scenarios, −weight·(e^move − 1); shape [legs][2 × days]. */
export function linearLegLosses(weights: readonly number[], scenarios: readonly Float64Array[]): Float64Array[] {
  return scenarios.map((moves, leg) => moves.map((move) => -(weights[leg] as number) * Math.expm1(move)));
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
 * @method HYBRID-16
 */
export function jointShortfall(legLosses: readonly Float64Array[], recipe: BookRecipe): JointShortfall | undefined {
  const losses = new Float64Array(legLosses[0]?.length ?? 0);
  legLosses.forEach((leg, at) => {
    if (leg.length !== losses.length) {
      throw new NoEstimate("SERIES_UNEQUAL", { leg: at, expected: losses.length, found: leg.length });
    }
    for (let scenario = 0; scenario < losses.length; scenario += 1) {
      losses[scenario] = (losses[scenario] as number) + (leg[scenario] as number);
    }
  });
  return shortfallOf(losses, legLosses.length, (leg, scenario) => legLosses[leg]?.[scenario] as number, recipe);
}

/**
 * The same for a book whose losses are added up already; `legLoss` is asked for the scenarios of the tail only.
 *
 * Nothing is sorted: the loss at the edge of the tail is selected, whatever lies beyond counts in full, and the
 * scenarios at the edge share what is left.
 *
 * @throws NoEstimate for losses that are not finite.
 * @method HYBRID-16
 */
export function shortfallOf(
  losses: Float64Array,
  legs: number,
  legLoss: (leg: number, scenario: number) => number,
  { shortfallLevel, jointFrom }: BookRecipe,
): JointShortfall | undefined {
  if (losses.length < 2 * jointFrom) return undefined;
  // A leg's loss that is no number leaves no number in the sum either.
  checkSeries(losses, 1, "losses");
  const count = (1 - shortfallLevel) * losses.length;
  const edge = nthLargest(losses, Math.ceil(count));
  const beyond: number[] = [];
  const atEdge: number[] = [];
  for (let scenario = 0; scenario < losses.length; scenario += 1) {
    const loss = losses[scenario] as number;
    if (loss > edge) beyond.push(scenario);
    else if (loss === edge) atEdge.push(scenario);
  }
  const edgeWeight = (count - beyond.length) / atEdge.length;
  const tailMean = (lossIn: (scenario: number) => number): number => {
    let sum = 0;
    for (const scenario of beyond) sum += lossIn(scenario);
    for (const scenario of atEdge) sum += edgeWeight * lossIn(scenario);
    return sum / count;
  };
  return {
    shortfall: tailMean((scenario) => losses[scenario] as number),
    contributions: Array.from({ length: legs }, (_, leg) => tailMean((scenario) => legLoss(leg, scenario))),
  };
}
