import type { Account, Instrument, InstrumentId, LiquidationLeg, MarketSnapshot, RiskParameters } from "@ballast/model";
import {
  add,
  Decimal,
  LEDGER_SCALE,
  ONE,
  type Quantity,
  type Ratio,
  ratio,
  toFloat64,
  type Usd,
  ZERO_USD,
} from "@ballast/money";
import { depthOf } from "../mark/prices.js";
import { assessAccount } from "../pipeline.js";
import { type MarkedPosition, markPositions } from "../position/marked-position.js";
import { prepareMarket } from "../scan/prepared-market.js";
import { forEachPart } from "../tiers/marginal-parts.js";
import { canonicalOrder, imagineOrder, largestOrder, type LargestOrder, type Standing } from "./imagined-order.js";
import { isRestored, type PlannedLiquidation, planLiquidation } from "./plan.js";
import type { PlannerPosition } from "./planner/account.js";
import { planReduction } from "./planner/plan-reduction.js";
import { tradingCostOf } from "./planner-cost.js";

/*
 * The planner for accounts under standard margin.
 *
 * Standard margin is convex: each part of a notional has the rate of its tier, and rates do not fall. So every part of a position
 * is a leg of its own to the planner, the dearest part released first, and what it answers is cheapest up to two things that
 * it does not see: parts of one position share one impact, and collateral is worth less after a haircut. What it proposes is
 * therefore played order by order on the account, with the same functions that judge accounts, and taken only if it
 * restores the target for less than the plan that works positions in the order of their requirements. Whatever the
 * programme thinks, the answer is never worse than that plan and keeps all of its promises.
 */

/** Raised by so much when what was proposed fell short once it was played. */
const TARGET_STEPS = ["0", "0.004", "0.02"].map((step) => ratio(step));
const SEGMENTS = 16;
/** Marks the part of a position that a leg is; an instrument id has no such sign. */
const PART = "#";
/**
 * What to do with an account at this snapshot, at the least expected cost that can be found: `planLiquidation`, or reductions of
 * other positions that restore the same target for less.
 *
 * Cost: that of `planLiquidation` and up to three plans and their judgement.
 *
 * @throws MissingPrice when the snapshot lacks a price or a depth that the account needs.
 * @method LIQUIDATION-1 LIQUIDATION-15
 */
export function planCheapestLiquidation(
  account: Account,
  market: MarketSnapshot,
  parameters: RiskParameters,
): PlannedLiquidation {
  const inOrder = planLiquidation(account, market, parameters);
  const canBeBetter = inOrder.kind === "REDUCE" ? inOrder.legs.length > 0 : inOrder.because === "NOT_RESTORABLE";
  if (!canBeBetter) return inOrder;
  const restoresAlready = inOrder.kind === "REDUCE" && inOrder.restoresTarget;
  for (const step of TARGET_STEPS) {
    const proposed = propose(account, market, parameters, parameters.liquidation.target.add(step) as Ratio);
    if (proposed === null) continue;
    const isCheaper = !restoresAlready || costOf(proposed.legs).lt(costOf(inOrder.legs));
    if (proposed.restoresTarget) return isCheaper ? proposed : inOrder;
  }
  return inOrder;
}

const costOf = (legs: readonly LiquidationLeg[]): Usd => legs.reduce<Usd>((sum, { cost }) => add(sum, cost), ZERO_USD);

/** What the planner proposes, played on the account; null when it proposes nothing or an order cannot be played. */
function propose(account: Account, market: MarketSnapshot, parameters: RiskParameters, target: Ratio) {
  const { summary, positions } = assessAccount(account, market, parameters);
  const prepared = prepareMarket(market, parameters);
  const marked = markPositions(account, market, parameters);
  const legs = marked.flatMap((position) => partsOf(position, market, parameters));
  if (legs.length === 0) return null;
  const plan = planReduction({
    cash: summary.equity,
    // Every instrument stands alone: standard margin knows no offset.
    spots: new Map(marked.map(({ instrument, markPrice }) => [instrument.id, markPrice])),
    positions: legs,
    hedges: [],
    rules: { ...NO_CHARGES, target, segments: SEGMENTS },
  });
  if (plan.outcome !== "RESTORES") return null;
  const asked = new Map<InstrumentId, Decimal>();
  for (const { id, quantity } of plan.legs) {
    const instrument = id.slice(0, id.indexOf(PART)) as InstrumentId;
    asked.set(instrument, (asked.get(instrument) ?? new Decimal(0)).add(quantity.abs()));
  }
  let reached: Standing = { account, summary };
  const played: LiquidationLeg[] = [];
  for (const instrument of canonicalOrder(positions, parameters)) {
    const order = largestOrder(reached.account, instrument, parameters.liquidation.depthShareMax, prepared);
    const lots = lotsOf(asked.get(instrument.id) ?? new Decimal(0), instrument, order);
    if (lots.isZero()) continue;
    const { leg, after } = imagineOrder(reached, order, lots, parameters.liquidation.feeRate, prepared);
    played.push(leg);
    reached = after;
  }
  return {
    kind: "REDUCE" as const,
    legs: played,
    equityAfter: reached.summary.equity,
    maintenanceMarginAfter: reached.summary.maintenanceMargin,
    restoresTarget: isRestored(reached.summary, parameters),
  };
}

/** Whole lots, rounded up, of what was asked for and may be traded. */
function lotsOf(asked: Decimal, { lotSize }: Instrument, { lots }: LargestOrder): Decimal {
  return Decimal.min(asked.div(lotSize).toDecimalPlaces(0, Decimal.ROUND_CEIL), lots);
}

const NOTHING = ratio("0");
const NO_CHARGES = {
  offset: ONE,
  shortOptionRate: NOTHING,
  basisFloor: NOTHING,
  basisYearly: NOTHING,
  costShareMax: ONE,
  guard: ONE,
} as const;

/**
 * The parts of a position as legs, dearest tier last: each releases the rate of its tier and costs spread, fee and its own impact.
 * What the depth allows goes to the dearest parts first, because those are what a plan wants.
 */
function partsOf(held: MarkedPosition, market: MarketSnapshot, parameters: RiskParameters): readonly PlannerPosition[] {
  const { instrument, position, notional } = held;
  const { depthShareMax } = parameters.liquidation;
  const cost = tradingCostOf(held, { market, parameters });
  const depth = depthOf(market, instrument);
  const perContract = notional.div(position.quantity.abs());
  const side = position.quantity.gt(0) ? 1 : -1;
  const parts: { readonly contracts: Decimal; readonly rate: Ratio }[] = [];
  forEachPart(notional, parameters.marginTiers.get(instrument.id) ?? [], (part, { maintenanceRate }) => {
    const contracts = part.div(perContract).toDecimalPlaces(LEDGER_SCALE, Decimal.ROUND_DOWN);
    if (contracts.gt(0)) parts.push({ contracts, rate: maintenanceRate });
  });
  let tradable: Decimal = depth.mul(depthShareMax).div(perContract);
  return parts.toReversed().map(({ contracts, rate }, at): PlannerPosition => {
    const released = toFloat64(perContract.mul(rate) as unknown as Usd);
    const unitsMax = Decimal.max(0, Decimal.min(contracts, tradable));
    tradable = tradable.sub(unitsMax);
    return {
      id: `${instrument.id}${PART}${at}`,
      underlying: instrument.id,
      kind: "LINEAR",
      years: NOTHING,
      quantity: contracts.mul(side) as unknown as Quantity,
      mark: null,
      delta: 0,
      ...cost,
      profits: Float64Array.of(-released, released),
      lotSize: null,
      unitsMax: unitsMax as unknown as Quantity,
    };
  });
}
