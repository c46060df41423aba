import type { RiskParameters } from "@ballast/model";
import { loadRiskParameters } from "@ballast/risk-core";

/** Returns the risk parameters that a house publishes as JSON. @throws InvalidParameters naming the field. */
export function publishedParameters(content: unknown): RiskParameters {
  return loadRiskParameters(content);
}
