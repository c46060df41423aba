import type { Account, AccountHealth, MarketSnapshot, PositionMargin, RiskParameters } from "@ballast/model";
import { type CollateralLine, valueCollateral } from "./collateral/equity.js";
import { healthState } from "./decision/health.js";
import { standardMargin } from "./margin/standard.js";
import { summarise } from "./margin/summary.js";
import { markPositions } from "./position/marked-position.js";

/** The verdict on one account with everything it was reached from; both breakdowns in ascending order of id. */
export interface Assessment extends AccountHealth {
  readonly positions: readonly PositionMargin[];
  readonly collateral: readonly CollateralLine[];
}

/**
 * Judges one account at one snapshot: mark, collateral, margin, decision. Liquidation begins where the verdict is
 * LIQUIDATABLE or BANKRUPT. A function of its arguments, whatever the order of their maps; exact, then rounded once
 * against the account.
 *
 * @throws MissingPrice when the snapshot lacks a price that the account needs.
 * @method COLLATERAL-1 MARGIN-4 DECISION-1
 */
export function assessAccount(account: Account, market: MarketSnapshot, parameters: RiskParameters): Assessment {
  const marked = markPositions(account, market, parameters);
  const collateral = valueCollateral(account, marked, market, parameters);
  const margin = standardMargin(marked, parameters);
  const summary = summarise({ ...collateral, ...margin });
  const state = healthState(account.kind, summary);
  return { state, summary, positions: margin.positions, collateral: collateral.lines };
}
