export {
  type HedgeOffer,
  type PlannerAccount,
  type PlannerPosition,
  type PlannerRules,
  UnplannableAccount,
} from "./account.js";
export { type HedgeInstrument, hedgesFor } from "./hedges.js";
export type { BindingRow } from "./binding-rows.js";
export { type PlannedLeg, planReduction, type ProvenOptimum, type ReductionPlan } from "./plan-reduction.js";
export { fullProgrammeOf } from "./full-programme.js";
export type { SparseProgramme } from "./full-programme.f64.js";
export { closeAllCost, type PlannerRequirement, plannerRequirement, type WorstCell } from "./requirement.js";
