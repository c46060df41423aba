import type { Account, AccountHealth, MarketSnapshot, PositionMargin, RiskParameters } from "@ballast/model";
import { afterHaircuts, type CollateralLine, valueCollateral } from "./collateral/equity.js";
import { healthState } from "./decision/health.js";
import { standardMargin } from "./margin/standard.js";
import { summarise } from "./margin/summary.js";
import {
  inPortfolio,
  type PortfolioBreakdown,
  portfolioMargin,
  portfolioParametersOf,
} from "./portfolio-account/portfolio-margin.js";
import { markPositions } from "./position/marked-position.js";

/** The verdict on one account with everything it was reached from; both breakdowns in ascending order of id. */
export interface Assessment extends AccountHealth {
  readonly positions: readonly PositionMargin[];
  readonly collateral: readonly CollateralLine[];
  /** How the requirement of a portfolio came about; null under standard margin, and where nothing is required. */
  readonly portfolio: PortfolioBreakdown | null;
}

/**
 * Judges one account at one snapshot: mark, collateral, margin, decision. The account's mode says by which model. Liquidation
 * begins where the verdict is LIQUIDATABLE or BANKRUPT. A function of its arguments, whatever the order of their maps; exact, then
 * rounded once against the account.
 *
 * @throws MissingPrice when the snapshot lacks a price that the account needs.
 * @method COLLATERAL-1 MARGIN-4 MARGIN-9 DECISION-1
 */
export function assessAccount(account: Account, market: MarketSnapshot, parameters: RiskParameters): Assessment {
  const marked = markPositions(account, market, parameters);
  const rules = portfolioParametersOf(account, parameters);
  const counted = rules === null ? afterHaircuts(parameters) : inPortfolio(rules);
  const collateral = valueCollateral(account, marked, market, counted);
  const margin =
    rules === null
      ? { ...standardMargin(marked, parameters), breakdown: null }
      : portfolioMargin(marked, collateral, market, parameters, rules);
  const summary = summarise({ ...collateral, ...margin });
  const state = healthState(account.kind, summary);
  return { state, summary, positions: margin.positions, collateral: collateral.lines, portfolio: margin.breakdown };
}
