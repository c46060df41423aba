import * as riskCore from "@ballast/risk-core";
import { type MarginModel, readModel } from "@ballast/risk-core";

/**
 * Every margin model that the risk core offers under `PRESETS`, each checked as a model from a file would be; by id, in
 * order of the alphabet.
 *
 * @throws InvalidModel when one of them is not a model.
 */
export function marginPresets(door: object = riskCore): readonly MarginModel[] {
  const offered: unknown = Reflect.get(door, "PRESETS");
  const models = offered === undefined ? [] : Object.values(offered as object).map((model) => readModel(model));
  return models.sort((left, right) => (left.id < right.id ? -1 : 1));
}
