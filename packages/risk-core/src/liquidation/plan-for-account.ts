import type { Account, MarketSnapshot, RiskParameters } from "@ballast/model";
import { portfolioParametersOf } from "../portfolio-account/portfolio-margin.js";
import { type PlannedLiquidation, planLiquidation } from "./plan.js";
import { planPortfolioLiquidation } from "./portfolio-plan.js";

/**
 * What to do with an account at this snapshot, by the model that it is margined by.
 *
 * @throws MissingPrice when the snapshot lacks a price or a depth that the account needs.
 * @method LIQUIDATION-1 LIQUIDATION-30
 */
export function planForAccount(
  account: Account,
  market: MarketSnapshot,
  parameters: RiskParameters,
): PlannedLiquidation {
  const isPortfolio = portfolioParametersOf(account, parameters) !== null;
  return (isPortfolio ? planPortfolioLiquidation : planLiquidation)(account, market, parameters);
}
