import {
  type Account,
  type MarginMode,
  type MarketSnapshot,
  ok,
  type Rejection,
  reject,
  type Result,
  type RiskParameters,
} from "@ballast/model";
import { assessAccount } from "../pipeline.js";
import { creditMarket } from "./credit-market.js";
import { releaseAtFrozenPrices } from "./frozen-price.js";

/**
 * May the account be margined in this mode from now on? Yes when it is not below maintenance margin as it is, and covers initial
 * margin in the new mode, at the snapshot and at credit prices. Nobody leaves a liquidation by changing the model.
 *
 * Rejects with PORTFOLIO_MARGIN_UNAVAILABLE, PRICE_FROZEN, ACCOUNT_IN_LIQUIDATION, INITIAL_MARGIN_INSUFFICIENT.
 *
 * @throws MissingPrice when the snapshot lacks a price that the account needs in either mode.
 * @method DECISION-9
 */
export function admitMarginMode(
  account: Account,
  mode: MarginMode,
  market: MarketSnapshot,
  parameters: RiskParameters,
): Result<"ADMITTED", Rejection> {
  if (mode === "PORTFOLIO" && parameters.portfolioMargin === undefined) {
    return reject({ code: "PORTFOLIO_MARGIN_UNAVAILABLE", account: account.id });
  }
  const believed = releaseAtFrozenPrices(account, market, parameters);
  if (!believed.ok) return believed;
  const { state } = assessAccount(account, market, parameters);
  if (state === "LIQUIDATABLE" || state === "BANKRUPT") {
    return reject({ code: "ACCOUNT_IN_LIQUIDATION", account: account.id });
  }
  const changed: Account = { ...account, marginMode: mode };
  for (const priced of [market, creditMarket(market, changed, parameters)]) {
    if (priced === null) continue;
    const { equity, initialMargin } = assessAccount(changed, priced, parameters).summary;
    if (equity.lt(initialMargin)) {
      return reject({ code: "INITIAL_MARGIN_INSUFFICIENT", account: account.id, equity, initialMargin });
    }
  }
  return ok("ADMITTED");
}
