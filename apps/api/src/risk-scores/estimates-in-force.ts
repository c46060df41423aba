import { type RiskParameters } from "@ballast/model";
import { DEFAULT_ESTIMATES, type EstimatesDocument } from "@ballast/risk-core";

/** The estimates that a version of the parameters stands on; null when it has none. */
export function estimatesInForce(_parameters: RiskParameters): EstimatesDocument | null {
  return DEFAULT_ESTIMATES;
}
