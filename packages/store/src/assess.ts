import type { Account, AccountHealth, MarketSnapshot, RiskParameters } from "@ballast/model";

/** How the store judges an account; the apps hand in risk-core's function, so that the store knows no risk rule. */
export type Assess = (account: Account, market: MarketSnapshot, parameters: RiskParameters) => AccountHealth;

/** Judges accounts of a scan, a few hundred at a time; the same verdicts as `Assess`, which it may reach faster. */
export type AssessAll = (
  accounts: readonly Account[],
  market: MarketSnapshot,
  parameters: RiskParameters,
) => readonly AccountHealth[];
