import type { Account, LiquidationLeg, MarketSnapshot, RiskParameters } from "@ballast/model";
import { assessAccount } from "../pipeline.js";
import { prepareMarket } from "../scan/prepared-market.js";
import { canonicalOrder, imagineOrder, largestOrder, type Standing } from "./imagined-order.js";
import { isReduction, type PlannedLiquidation, reductionOf, withoutOrders } from "./planned-liquidation.js";

/**
 * The plan of an account whose case is closed whole: every position, the one with the largest maintenance margin first, each order
 * as large as the depth allows. An account that is above its requirement again is closed further, and never taken over.
 *
 * @throws MissingPrice when the snapshot lacks a price or a depth that the account needs.
 * @method LIQUIDATION-20 LIQUIDATION-4
 */
export function planWhole(account: Account, market: MarketSnapshot, parameters: RiskParameters): PlannedLiquidation {
  const { summary, positions } = assessAccount(account, market, parameters);
  const settled = withoutOrders(summary, positions.length > 0, parameters);
  if (settled?.kind === "TAKEOVER") return settled;
  const prepared = prepareMarket(market, parameters);
  const { depthShareMax, feeRate } = parameters.liquidation;
  const legs: LiquidationLeg[] = [];
  let reached: Standing = { account, summary };
  for (const instrument of canonicalOrder(positions, parameters)) {
    const order = largestOrder(reached.account, instrument, depthShareMax, prepared);
    if (order.lots.lt(1)) continue;
    const { leg, after } = imagineOrder(reached, order, order.lots, feeRate, prepared);
    // So large an order in a thin book may cost more than it releases: the plan in order finds a smaller one.
    if (!isReduction(after.summary, reached.summary, parameters)) continue;
    legs.push(leg);
    reached = { account: after.account, summary: after.summary };
  }
  if (legs.length > 0) return reductionOf(legs, reached.summary, "WHOLE", parameters);
  return settled ?? { kind: "TAKEOVER", because: "NOT_RESTORABLE" };
}
