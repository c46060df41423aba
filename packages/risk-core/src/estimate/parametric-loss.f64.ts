import { normalDensity, normalQuantile } from "../pricing/normal.f64.js";
import { checkParameter, checkSeries } from "./checked-series.f64.js";
import { NoEstimate } from "./no-estimate.js";
import { entry, type SquareMatrix } from "./square-matrix.f64.js";

/*
 * Value at risk when all moves are normal with mean zero: one standard deviation and a multiple. On crypto assets it
 * fails everywhere (65 exceptions where 19 are due, BTC at 99 %): it is here as a yardstick, and for its contributions,
 * which say in closed form who carries the spread of a book.
 */

/** Standard deviation of a book's profit over one interval, and what each position contributes to it. */
export interface PortfolioDeviation {
  readonly sigma: number;
  /** They sum to sigma; negative for a position that lowers it. */
  readonly contributions: readonly number[];
}

/**
 * Standard deviation of a linear book.
 *
 * @param exposures     signed money per unit of relative move
 * @param volatilities  of one interval, at or above zero
 * @param correlation   positive semi-definite
 *
 * @throws NoEstimate for arguments that are not finite, negative or of different sizes, and for a correlation under
 *   which the book would have a negative variance (repair it first).
 * @method ESTIMATE-15
 */
export function portfolioDeviation(
  exposures: readonly number[],
  volatilities: readonly number[],
  correlation: SquareMatrix,
): PortfolioDeviation {
  checkSeries(exposures, 1, "exposures");
  checkSeries(volatilities, 1, "volatilities");
  for (const volatility of volatilities) checkParameter("volatility", volatility, 0, Number.MAX_VALUE);
  for (const found of [volatilities.length, correlation.size]) {
    if (found !== exposures.length) throw new NoEstimate("SERIES_UNEQUAL", { expected: exposures.length, found });
  }
  const spreads = exposures.map((exposure, at) => exposure * (volatilities[at] as number));
  const products = spreads.map((spread, row) => {
    let inner = 0;
    for (let column = 0; column < spreads.length; column += 1) {
      inner += entry(correlation, row, column) * (spreads[column] as number);
    }
    return spread * inner;
  });
  let variance = 0;
  let scale = 0;
  products.forEach((product, at) => {
    variance += product;
    scale += (spreads[at] as number) ** 2;
  });
  if (variance < -1e-12 * scale) {
    throw new NoEstimate("PARAMETER_OUT_OF_RANGE", { parameter: "correlation", variance });
  }
  const sigma = Math.sqrt(Math.max(0, variance));
  return { sigma, contributions: products.map((product) => (sigma === 0 ? 0 : product / sigma)) };
}

/** Normal value at risk and expected shortfall at one confidence level, in the unit of sigma. */
export function normalTailLoss(
  sigma: number,
  level: number,
): { readonly valueAtRisk: number; readonly expectedShortfall: number } {
  checkParameter("sigma", sigma, 0, Number.MAX_VALUE);
  checkParameter("level", level, Number.EPSILON, 1 - Number.EPSILON);
  const multiple = normalQuantile(level);
  return { valueAtRisk: sigma * multiple, expectedShortfall: (sigma * normalDensity(multiple)) / (1 - level) };
}
