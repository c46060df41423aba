import type { LiquidationLeg, LiquidationPlan, MarginSummary, RiskParameters } from "@ballast/model";
import { isNoRiskier } from "../decision/admit.js";

/**
 * How the orders of a plan were found. CHEAPEST_KEEPING_HEDGES: at the least cost without a larger loss from any move. CHEAPEST: at
 * the least cost. SAME_SHARE: the same share of every position. IN_ORDER: positions by what they require, the largest first,
 * because there is one only, because that is cheaper, or because nothing else helps. WHOLE: everything, because the policy says so.
 */
export type PlanChoice = "CHEAPEST_KEEPING_HEDGES" | "CHEAPEST" | "SAME_SHARE" | "IN_ORDER" | "WHOLE";

/** A plan that also says how it was found, and whether it reaches the target or is one bounded step on the way. */
export type PlannedLiquidation =
  | (Extract<LiquidationPlan, { kind: "REDUCE" }> & {
      readonly chosenBy: PlanChoice;
      /** False: orders were bounded by the depth of the market; the account is better off and still below target. */
      readonly restoresTarget: boolean;
    })
  | Extract<LiquidationPlan, { kind: "TAKEOVER" }>;

/**
 * The answer for an account that no orders are planned for, the same under every margin model; null for one that is to be reduced.
 *
 * @method LIQUIDATION-1 LIQUIDATION-7
 */
export function withoutOrders(
  summary: MarginSummary,
  hasPositions: boolean,
  parameters: RiskParameters,
): PlannedLiquidation | null {
  const { equity, maintenanceMargin } = summary;
  if (equity.gte(maintenanceMargin)) return reductionOf([], summary, "CHEAPEST", parameters);
  if (!hasPositions) return { kind: "TAKEOVER", because: "DEBT_WITHOUT_POSITIONS" };
  if (equity.lt(maintenanceMargin.mul(parameters.liquidation.takeoverBelow))) {
    return { kind: "TAKEOVER", because: "EQUITY_TOO_LOW" };
  }
  return null;
}

/** The plan of these orders, which leave the account with these figures. */
export function reductionOf(
  legs: readonly LiquidationLeg[],
  after: MarginSummary,
  chosenBy: PlanChoice,
  parameters: RiskParameters,
): Extract<PlannedLiquidation, { kind: "REDUCE" }> {
  return {
    kind: "REDUCE",
    chosenBy,
    legs,
    equityAfter: after.equity,
    maintenanceMarginAfter: after.maintenanceMargin,
    restoresTarget: isRestored(after, parameters),
  };
}

/** Equity at or above target × maintenance margin, which with nothing left to maintain means: no debt left. */
export function isRestored(summary: MarginSummary, { liquidation }: RiskParameters): boolean {
  return summary.equity.gte(summary.maintenanceMargin.mul(liquidation.target));
}

/**
 * Has an order reduced the account: restored or no riskier, and neither requirement larger? One in a position that hedges
 * another may not have, and then the position stays.
 *
 * @method LIQUIDATION-1
 */
export function isReduction(after: MarginSummary, before: MarginSummary, parameters: RiskParameters): boolean {
  const raisesNothing =
    after.maintenanceMargin.lte(before.maintenanceMargin) && after.initialMargin.lte(before.initialMargin);
  return raisesNothing && (isRestored(after, parameters) || isNoRiskier(after, before));
}
