import { type Account, type AssetId, compareIds, type MarketSnapshot, type RiskParameters } from "@ballast/model";
import { type Amount, max, negate, type Usd, usd, ZERO_USD } from "@ballast/money";
import { afterHaircuts, valueCollateral } from "../collateral/equity.js";
import { markPositions } from "../position/marked-position.js";
import { assessHealth } from "../scan/assess-health.js";

/** The snapshot and the rules under which all of it happens. */
export interface Scene {
  readonly market: MarketSnapshot;
  readonly parameters: RiskParameters;
}

/** What is owed in one asset, above zero. */
export interface Debt {
  readonly asset: AssetId;
  readonly amount: Amount;
}

/** Dollars below this are dust: not worth anybody's share, and left to the house. */
export const DUST = usd("0.00000001");

/** How far net value is below zero, ≥ 0, not rounded. */
export function shortfallOf(account: Account, { market, parameters }: Scene): Usd {
  const { netValue } = valueCollateral(
    account,
    markPositions(account, market, parameters),
    market,
    afterHaircuts(parameters),
  );
  return max(negate(netValue), ZERO_USD);
}

/** What the fund can pay: its net value, rounded down, and nothing when that is below zero. */
export function meansOf(fund: Account, { market, parameters }: Scene): Usd {
  return max(assessHealth(fund, market, parameters).summary.netValue, ZERO_USD);
}

/** The debts of an account in ascending order of asset id. */
export function debtsOf({ balances }: Account): readonly Debt[] {
  return [...balances]
    .filter(([, balance]) => balance.lt(0))
    .sort(([left], [right]) => compareIds(left, right))
    .map(([asset, balance]) => ({ asset, amount: negate(balance) }));
}
