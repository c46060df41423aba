import type { Account, MarketSnapshot, RiskParameters } from "@ballast/model";
import { portfolioParametersOf } from "../portfolio-account/portfolio-margin.js";
import { type AppliedPolicy, underPolicy } from "./applied-policy.js";
import type { PlannedLiquidation } from "./planned-liquidation.js";
import { planPortfolioLiquidation } from "./portfolio-plan.js";
import { planStandardLiquidation } from "./standard-plan.js";
import { planWhole } from "./whole-plan.js";

/**
 * What to do with an account at this snapshot, by the model that it is margined by and the policy that was chosen for it; null:
 * to the target of the parameters.
 *
 * Closing whole is for accounts under standard margin alone: a portfolio's positions hedge each other, and are planned in any weather.
 *
 * @throws MissingPrice when the snapshot lacks a price or a depth that the account needs.
 * @method LIQUIDATION-1 LIQUIDATION-20 LIQUIDATION-30 LIQUIDATION-31
 */
export function planForAccount(
  account: Account,
  market: MarketSnapshot,
  parameters: RiskParameters,
  policy: AppliedPolicy | null = null,
): PlannedLiquidation {
  const rules = policy === null ? parameters : underPolicy(parameters, policy);
  if (portfolioParametersOf(account, parameters) !== null) return planPortfolioLiquidation(account, market, rules);
  return policy?.manner === "WHOLE"
    ? planWhole(account, market, rules)
    : planStandardLiquidation(account, market, rules);
}

/** Is an account that has been reduced already, and is above its requirement again, closed further all the same? */
export function isClosedWhole(account: Account, parameters: RiskParameters, policy: AppliedPolicy | null): boolean {
  return (
    policy?.manner === "WHOLE" && account.positions.size > 0 && portfolioParametersOf(account, parameters) === null
  );
}
