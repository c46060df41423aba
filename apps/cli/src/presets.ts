import {
  DEFAULT_ESTIMATES,
  ESTIMATED_PRESETS,
  estimatesOf,
  type HybridEstimates,
  type MarginModel,
  type Portfolio,
  PRESETS,
  readModel,
} from "@ballast/risk-core";
import { BadUse } from "./commands/command.js";

/** The preset of whoever names none. */
export const DEFAULT_PRESET = "ballast-hybrid";

/** Ids of all margin models known by name, in order of the alphabet. */
export const presetIds: readonly string[] = [...PRESETS.keys(), ...ESTIMATED_PRESETS.keys()].sort();

/** Does the model of an id stand on a day's estimates? */
export const isEstimated = (id: string): boolean => ESTIMATED_PRESETS.has(id);

/**
 * The model of an id, checked as a model from a file would be.
 *
 * @param estimates what an estimated model stands on; those that come with the house unless given
 * @throws BadUse when there is no preset of that id, or estimates come with one that takes none; InvalidModel.
 */
export function presetNamed(id: string, estimates?: HybridEstimates): MarginModel {
  const estimated = ESTIMATED_PRESETS.get(id);
  if (estimated !== undefined) return readModel(estimated(estimates ?? DEFAULT_ESTIMATES));
  if (estimates !== undefined) throw new BadUse("USAGE", `--estimates: ${id} stands on no estimates`);
  const complete = PRESETS.get(id);
  if (complete !== undefined) return readModel(complete());
  throw new BadUse("USAGE", `there is no preset ${JSON.stringify(id)}; known are ${presetIds.join(", ")}`);
}

/** The model of an id for one portfolio: what stands on estimates has those of its underlyings and no others. */
export function presetFor(id: string, portfolio: Portfolio, estimates?: HybridEstimates): MarginModel {
  if (!isEstimated(id)) return presetNamed(id, estimates);
  return presetNamed(id, estimatesOf(estimates ?? DEFAULT_ESTIMATES, portfolio.underlyings.keys()));
}
