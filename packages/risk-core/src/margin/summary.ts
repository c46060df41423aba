import { assertInvariant, type MarginSummary } from "@ballast/model";
import { roundAsset, roundRequirement, type Usd } from "@ballast/money";

/** Exact totals of one account, before the one rounding. */
export interface ExactTotals {
  readonly equity: Usd;
  readonly netValue: Usd;
  readonly equityWithoutProfit: Usd;
  readonly initial: Usd;
  readonly maintenance: Usd;
}

/**
 * The five figures that every decision compares: what the account has, rounded down, and what it must have, rounded up,
 * each once and at the very end.
 *
 * @throws InvariantViolation when the margin model broke initial ≥ maintenance ≥ 0.
 * @method MARGIN-4 MARGIN-5
 */
export function summarise(exact: ExactTotals): MarginSummary {
  assertInvariant(
    exact.maintenance.gte(0) && exact.initial.gte(exact.maintenance),
    "MARGIN-5 initial margin ≥ maintenance margin ≥ 0",
    { initial: exact.initial.toFixed(), maintenance: exact.maintenance.toFixed() },
  );
  return {
    equity: roundAsset(exact.equity),
    netValue: roundAsset(exact.netValue),
    equityWithoutProfit: roundAsset(exact.equityWithoutProfit),
    initialMargin: roundRequirement(exact.initial),
    maintenanceMargin: roundRequirement(exact.maintenance),
  };
}
