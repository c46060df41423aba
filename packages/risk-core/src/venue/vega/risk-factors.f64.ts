import { cumulativeNormal, normalQuantile } from "../../pricing/normal.f64.js";
import { exponential } from "../../pricing/elementary.f64.js";

/** Risk factors of one unit: what a short and a long are expected to lose in the worst share of outcomes. */
export interface RiskFactors {
  readonly long: number;
  readonly short: number;
}

/**
 * Expected loss beyond a level of a log-normal price with drift `mu` and volatility `sigma` over `tau` years, as a share of
 * the price: the mean of the worst `level` of outcomes, above for a short and below for a long. 0 < level < 1.
 *
 * @method TIERS-13
 */
export function logNormalRiskFactors(level: number, tau: number, mu: number, sigma: number): RiskFactors {
  const deviation = sigma * Math.sqrt(tau);
  const growth = exponential(mu * tau) / level;
  const quantile = normalQuantile(level);
  const above = growth * cumulativeNormal(deviation + quantile);
  const below = growth * cumulativeNormal(quantile - deviation);
  return { long: 1 - below, short: above - 1 };
}
