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
export { type Objective, type Optimum, solveProgramme } from "./dual-simplex.f64.js";
export { buildProgramme, type ColumnFigures, type Programme, type ProgrammeFigures } from "./programme.f64.js";
