import type { EstimatesDocument, RiskParameters } from "@ballast/model";

/** The estimates that a version of the parameters stands on, those of portfolio margin; null when it has none. */
export function estimatesInForce({ portfolioMargin }: RiskParameters): EstimatesDocument | null {
  return portfolioMargin?.estimates ?? null;
}
