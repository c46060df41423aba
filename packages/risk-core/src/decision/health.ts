import type { AccountKind, HealthState, MarginSummary } from "@ballast/model";

/**
 * The health of an account with these figures.
 *
 * BANKRUPT when everything it holds, without haircuts, does not cover what it owes; LIQUIDATABLE when equity is below
 * maintenance margin; MARGIN_CALL when it is below initial margin; HEALTHY at initial margin exactly and above.
 * The house's own accounts are always HEALTHY: they are not margined and nobody liquidates them.
 *
 * @method DECISION-1 DECISION-2
 */
export function healthState(kind: AccountKind, summary: MarginSummary): HealthState {
  if (isHouse(kind)) return "HEALTHY";
  if (summary.netValue.isNegative() && !summary.netValue.isZero()) return "BANKRUPT";
  if (summary.equity.lt(summary.maintenanceMargin)) return "LIQUIDATABLE";
  if (summary.equity.lt(summary.initialMargin)) return "MARGIN_CALL";
  return "HEALTHY";
}

/** Does the account belong to the house (insurance fund, treasury) and not to somebody who trades? */
export function isHouse(kind: AccountKind): boolean {
  return kind === "INSURANCE_FUND" || kind === "HOUSE";
}
