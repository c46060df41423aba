import type { Account, LiquidationLeg, MarketSnapshot, RiskParameters } from "@ballast/model";
import { Decimal, type Ratio, ZERO_USD } from "@ballast/money";
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

/**
 * What the insurance fund sells or buys back at this snapshot: of every position whole lots of at most
 * `disposalDepthShare` of its depth, largest requirement first, without a fee.
 *
 * The orders together are not expected to cost more than the fund has: it never disposes itself into a net value below
 * zero, so a fund without money keeps what it holds.
 *
 * @throws MissingPrice when the snapshot lacks a price or a depth that the fund needs.
 * @method LIQUIDATION-12
 */
export function planDisposal(
  fund: Account,
  market: MarketSnapshot,
  parameters: RiskParameters,
): readonly LiquidationLeg[] {
  const { summary, positions } = assessAccount(fund, market, parameters);
  const prepared = prepareMarket(market, parameters);
  const legs: LiquidationLeg[] = [];
  let reached: Standing = { account: fund, summary };
  for (const instrument of canonicalOrder(positions, parameters)) {
    const order = largestOrder(reached.account, instrument, parameters.liquidation.disposalDepthShare, prepared);
    const sold = mostAffordable(reached, order, prepared);
    if (sold === null) continue;
    legs.push(sold.leg);
    reached = sold.after;
  }
  return legs;
}

/** The most lots of the order that leave net value at or above zero; null when not even one does. */
function mostAffordable(from: Standing, order: LargestOrder, prepared: PreparedMarket): ImaginedOrder | null {
  const imagine = (lots: Decimal) => imagineOrder(from, order, lots, ZERO_USD as unknown as Ratio, prepared);
  const isAffordable = ({ after }: ImaginedOrder) => after.summary.netValue.gte(0);
  if (order.lots.lt(1)) return null;
  const all = imagine(order.lots);
  if (isAffordable(all)) return all;
  let affordable: ImaginedOrder | null = null;
  let fewest = new Decimal(0);
  let tooMany = order.lots;
  while (tooMany.sub(fewest).gt(1)) {
    const middle = tooMany.add(fewest).div(2).floor();
    const tried = imagine(middle);
    if (isAffordable(tried)) [affordable, fewest] = [tried, middle];
    else tooMany = middle;
  }
  return affordable;
}
