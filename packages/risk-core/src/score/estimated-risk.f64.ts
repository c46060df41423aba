import { checkParameter } from "../estimate/checked-series.f64.js";
import { NoEstimate } from "../estimate/no-estimate.js";
import { entry, type SquareMatrix, squareMatrix, symmetricMatrix } from "../estimate/square-matrix.f64.js";
import { stretchCorrelations } from "../estimate/stretch-correlations.f64.js";
import { MissingEstimate } from "../margin/components/missing-estimate.js";
import type { HybridEstimates } from "@ballast/model";
import { normalQuantile } from "../pricing/normal.f64.js";
import type { MarketRisk } from "./risk-score.f64.js";
import type { ScoreRule } from "./score-rule.js";

/*
 * From one day's published estimates to the two covariances of the score. Nothing is estimated here that the document does
 * not hold, so whoever has the document can make the score again.
 *
 * Calm: the published width and the calm correlation, as the simulation takes them. Stressed: as wide as a normal move has
 * to be for the published rate to keep its promise; rates come from a fat tail, so this is about half as wide again. And
 * each pair anywhere between the lowest and the highest correlation that any stretch of the joint days had.
 */

/** The covariances of one day for all underlyings of a document. */
export interface EstimatedRisk {
  /** The day that the estimates are for. */
  readonly day: string;
  /** The underlyings that it knows. */
  readonly underlyings: ReadonlySet<string>;
  /** Those of some underlyings, in the order asked. @throws MissingEstimate for one that the document does not know. */
  of(underlyings: readonly string[]): MarketRisk;
}

/**
 * Both covariances from an estimates document.
 *
 * Cost: one pass over all stretches of the joint days, about ten milliseconds for twelve underlyings and 500 days; `of` is
 * a look-up.
 *
 * @throws NoEstimate for a document without a calm correlation, or with fewer joint days than one stretch.
 * @method SCORE-9
 */
export function estimatedRisk(estimates: HybridEstimates, rule: ScoreRule): EstimatedRisk {
  const { correlation } = estimates;
  if (correlation === null) {
    throw new NoEstimate("SERIES_TOO_SHORT", { series: "correlation", needed: "a calm correlation", found: "none" });
  }
  checkParameter("ratePromise", rule.ratePromise, Number.EPSILON, 1 - Number.EPSILON);
  const multiple = normalQuantile((1 + rule.ratePromise) / 2);
  const names = correlation.underlyings;
  const estimateOf = (name: string) => {
    const found = Object.hasOwn(estimates.underlyings, name) ? estimates.underlyings[name] : undefined;
    if (found === undefined) throw new MissingEstimate("rate", name);
    return found;
  };
  const calm = squareMatrix(correlation.rows);
  const columns = names.map((name) => Float64Array.from(estimateOf(name).moves));
  const seen = [calm, ...stretchCorrelations(columns, rule.stretchDays, rule.stepDays).map((each) => each.correlation)];
  const extreme = (pick: (...values: number[]) => number): SquareMatrix =>
    symmetricMatrix(names.length, (row, column) =>
      row === column ? 1 : pick(...seen.map((matrix) => entry(matrix, row, column))),
    );
  const [low, high] = [extreme(Math.min), extreme(Math.max)];
  const places = new Map(names.map((name, place) => [name, place]));
  const among = (matrix: SquareMatrix, wanted: readonly number[]): SquareMatrix =>
    symmetricMatrix(wanted.length, (row, column) => entry(matrix, wanted[row] as number, wanted[column] as number));
  return {
    day: estimates.day,
    underlyings: new Set(names),
    of(underlyings) {
      const wanted = underlyings.map((name) => {
        const place = places.get(name);
        if (place === undefined) throw new MissingEstimate("rate", name);
        return place;
      });
      const known = underlyings.map(estimateOf);
      return {
        volatilities: known.map(({ width }) => width),
        stressedVolatilities: known.map(({ logRate, width }) => Math.max(width, logRate / multiple)),
        correlation: among(calm, wanted),
        stressedCorrelation: { low: among(low, wanted), high: among(high, wanted) },
      };
    },
  };
}
