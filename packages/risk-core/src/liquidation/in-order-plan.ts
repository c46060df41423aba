import type { Account, LiquidationLeg, MarketSnapshot, RiskParameters } from "@ballast/model";
import { Decimal } from "@ballast/money";
import { assessAccount } from "../pipeline.js";
import { type PreparedMarket, prepareMarket } from "../scan/prepared-market.js";
import {
  canonicalOrder,
  type ImaginedOrder,
  imagineOrder,
  type LargestOrder,
  largestOrder,
  type Standing,
} from "./imagined-order.js";
import { isReduction, isRestored, type PlannedLiquidation, reductionOf, withoutOrders } from "./planned-liquidation.js";

/*
 * The smallest set of market orders that brings an account back above its target.
 *
 * The order of legs is fixed: the position with the largest maintenance margin first, ids decide ties. Each leg is as
 * large as it may be, until one leg reaches the target; that one is then made as small as still reaches it, by bisection
 * over whole lots. Every probe imagines the fill and its fee on the account and asks the *same* function that judges
 * accounts, so that the plan knows nothing about margin that the verdict does not: another margin model changes nothing
 * here.
 *
 * Bisection is exact when "reaches the target" holds from some size on, which is so because the gap
 * equity − target × maintenance margin is concave in the size of a leg: requirements are convex, costs are convex,
 * haircuts are concave. Where the gap turns down again before the full size (a huge order in a thin book costs more
 * than it releases) the leg is halved until it helps.
 */

/**
 * What to do with an account at this snapshot.
 *
 * REDUCE: whole-lot orders that never grow or flip a position and never raise a requirement, expected to leave equity at
 * or above target × maintenance margin after slippage and fees; `restoresTarget` is false when depth bounds every
 * order and the plan only makes progress. TAKEOVER: with its reason. An account that is not below maintenance margin
 * gets a plan without legs. Deterministic under any order of the account's maps.
 *
 * Cost: about two assessments for each of log2(lots) probes of one leg.
 *
 * @throws MissingPrice when the snapshot lacks a price or a depth that the account needs.
 * @method LIQUIDATION-1 LIQUIDATION-4 LIQUIDATION-5
 */
export function planInOrder(account: Account, market: MarketSnapshot, parameters: RiskParameters): PlannedLiquidation {
  const { summary, positions } = assessAccount(account, market, parameters);
  const start: Standing = { account, summary };
  const settled = withoutOrders(summary, positions.length > 0, parameters);
  if (settled !== null) return settled;
  const prepared = prepareMarket(market, parameters);
  const legs: LiquidationLeg[] = [];
  let reached = start;
  let depthWasBinding = false;
  for (const instrument of canonicalOrder(positions, parameters)) {
    const order = largestOrder(reached.account, instrument, parameters.liquidation.depthShareMax, prepared);
    const reduced = reduce(reached, order, prepared);
    depthWasBinding ||= order.boundedByDepth;
    if (reduced === null) continue;
    legs.push(reduced.leg);
    reached = reduced.after;
    if (isRestored(reached.summary, parameters)) return reductionOf(legs, reached.summary, "IN_ORDER", parameters);
  }
  return legs.length > 0 && depthWasBinding
    ? reductionOf(legs, reached.summary, "IN_ORDER", parameters)
    : { kind: "TAKEOVER", because: "NOT_RESTORABLE" };
}

/**
 * The leg of at most `order` that reaches the target with the fewest lots; where none does, the largest of `order`, a
 * half, a quarter … of it that leaves the account no riskier; null where not even one lot does.
 */
function reduce(from: Standing, order: LargestOrder, prepared: PreparedMarket): ImaginedOrder | null {
  const { feeRate } = prepared.parameters.liquidation;
  for (let lots = order.lots; lots.gte(1); lots = lots.div(2).floor()) {
    const tried = imagineOrder(from, order, lots, feeRate, prepared);
    if (!isReduction(tried.after.summary, from.summary, prepared.parameters)) continue;
    if (!isRestored(tried.after.summary, prepared.parameters)) return tried;
    const fewest = fewestLots(from, order, lots, prepared);
    return isReduction(fewest.after.summary, from.summary, prepared.parameters) ? fewest : tried;
  }
  return null;
}

/** Bisection between 0 lots, which do not reach the target, and `enough`, which do. */
function fewestLots(from: Standing, order: LargestOrder, enough: Decimal, prepared: PreparedMarket): ImaginedOrder {
  const { feeRate } = prepared.parameters.liquidation;
  let tooFew = new Decimal(0);
  let fewest = enough;
  while (fewest.sub(tooFew).gt(1)) {
    const middle = fewest.add(tooFew).div(2).floor();
    if (isRestored(imagineOrder(from, order, middle, feeRate, prepared).after.summary, prepared.parameters))
      fewest = middle;
    else tooFew = middle;
  }
  return imagineOrder(from, order, fewest, feeRate, prepared);
}
