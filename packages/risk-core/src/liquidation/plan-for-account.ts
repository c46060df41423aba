import type { Account, MarketSnapshot, RiskParameters } from "@ballast/model";
import { portfolioParametersOf } from "../portfolio-account/portfolio-margin.js";
import type { PlannedLiquidation } from "./planned-liquidation.js";
import { planPortfolioLiquidation } from "./portfolio-plan.js";
import { planStandardLiquidation } from "./standard-plan.js";

/**
 * What to do with an account at this snapshot, by the model that it is margined by.
 *
 * @throws MissingPrice when the snapshot lacks a price or a depth that the account needs.
 * @method LIQUIDATION-1 LIQUIDATION-30 LIQUIDATION-31
 */
export function planForAccount(
  account: Account,
  market: MarketSnapshot,
  parameters: RiskParameters,
): PlannedLiquidation {
  const isPortfolio = portfolioParametersOf(account, parameters) !== null;
  return (isPortfolio ? planPortfolioLiquidation : planStandardLiquidation)(account, market, parameters);
}
