import { checkSeries } from "../estimate/checked-series.f64.js";
import { NoEstimate } from "../estimate/no-estimate.js";
import type { SquareMatrix } from "../estimate/square-matrix.f64.js";
import { type BookMargin, bookViews } from "./book-views.f64.js";
import { calmCorrelation, jointHistory, jointScenarios, jointShortfall, linearLegLosses } from "./joint-history.f64.js";
import type { BookLeg } from "./leg-profile.f64.js";
import type { AssetRate, StandardisedHistory } from "./rate-stream.f64.js";
import type { BookRecipe } from "./recipe.js";

/** A linear book's margin with what it was made of. */
export interface LinearBookMargin extends BookMargin {
  readonly correlation: SquareMatrix | undefined;
  /** Joint scenarios looked at: each shared day, and its mirror. */
  readonly scenarios: number;
}

/**
 * What a linear leg loses at its rates: a long of weight w loses w·longRate on a fall and gains w·shortRate on a rise.
 *
 * @param weight  signed, in any unit; the losses are in that unit
 * @method HYBRID-19
 */
export function linearLeg(
  underlying: string,
  weight: number,
  rates: Pick<AssetRate, "logRate" | "longRate" | "shortRate">,
): BookLeg {
  checkSeries([weight], 1, underlying);
  const { logRate, longRate, shortRate } = rates;
  return { underlying, lossOnFall: weight * longRate, lossOnRise: -weight * shortRate, logRate };
}

/**
 * The margin of a linear book by the rate of HYBRID-6 and the five views of HYBRID-17.
 *
 * @param weights       signed exposure per underlying, in any unit; the answer is in that unit
 * @param rates         today's rate per underlying
 * @param standardised  history of standardised moves per underlying
 *
 * Cost: the shared days × legs exponentials; about 1 ms for five legs over six years.
 *
 * @throws NoEstimate for a weight that is not finite, or an underlying without a rate.
 * @method HYBRID-17 HYBRID-19
 */
export function linearBookMargin(
  weights: ReadonlyMap<string, number>,
  rates: ReadonlyMap<string, AssetRate>,
  standardised: (asset: string) => StandardisedHistory,
  recipe: BookRecipe,
): LinearBookMargin {
  const held = [...weights].map(([asset, weight]) => {
    const rate = rates.get(asset);
    if (rate === undefined)
      throw new NoEstimate("SERIES_TOO_SHORT", { series: asset, needed: "a rate", found: "none" });
    return { asset, weight, rate };
  });
  const legs = held.map(({ asset, weight, rate }) => linearLeg(asset, weight, rate));
  if (held.length === 0) {
    return { ...bookViews(legs, undefined, undefined, recipe), correlation: undefined, scenarios: 0 };
  }
  const joint = jointHistory(
    held.map(({ asset }) => asset),
    standardised,
  );
  const correlation = calmCorrelation(joint, recipe);
  const moves = jointScenarios(
    joint,
    held.map(({ rate }) => rate.width),
  );
  const legLosses = linearLegLosses(
    held.map(({ weight }) => weight),
    moves,
  );
  const margin = bookViews(legs, correlation, jointShortfall(legLosses, recipe), recipe);
  return { ...margin, correlation, scenarios: 2 * joint.days.length };
}
