import type { PlannerAccount } from "./account.js";
import { type SparseProgramme, writeFullProgramme } from "./full-programme.f64.js";
import { prepareAccount } from "./prepared-account.js";

/**
 * The programme of least cost written out in full, as any other solver reads it: to check a plan without our solver.
 *
 * @throws UnplannableAccount when the account contradicts itself.
 * @method LIQUIDATION-15
 */
export function fullProgrammeOf(account: PlannerAccount): SparseProgramme {
  return writeFullProgramme(prepareAccount(account).programme, { cost: 1, shortfall: 0 });
}
