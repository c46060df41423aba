import type { Account, InstrumentId, LiquidationLeg, MarketSnapshot, RiskParameters } from "@ballast/model";
import { add, Decimal, max, ONE, price, quantity, ratio, sub, toFloat64, type Usd, ZERO_USD } from "@ballast/money";
import { type Assessment, assessAccount } from "../pipeline.js";
import { type MarkedPosition, markPositions } from "../position/marked-position.js";
import { type PreparedMarket, prepareMarket } from "../scan/prepared-market.js";
import { imagineOrder, type LargestOrder, largestOrder, type Standing } from "./imagined-order.js";
import { planInOrder } from "./in-order-plan.js";
import type { PlannerPosition } from "./planner/account.js";
import { planReduction } from "./planner/plan-reduction.js";
import { tradingCostOf } from "./planner-cost.js";
import {
  isReduction,
  isRestored,
  type PlanChoice,
  type PlannedLiquidation,
  reductionOf,
  withoutOrders,
} from "./planned-liquidation.js";

/*
 * The planner for portfolio accounts.
 *
 * What a portfolio needs is no sum over positions: closing one that hedges another *raises* the requirement. But it is very nearly
 * convex in what is held, and every assessment says what each position adds, which is its slope there (RECEIPT-2). So each
 * assessed point gives a plane that the requirement does not go below, and a plane is what the planner calls a cell: a loss linear
 * in quantities. That is Kelley's method of cutting planes:
 *
 *   cells    one plane for each point assessed so far; at first, the account as it stands
 *   propose  the cheapest whole-lot reductions under these cells (planner/)
 *   judge    play them on the account with the functions that judge accounts; restored: done. Otherwise the point is a new cell.
 *
 * Where no planes lead to a restored account, every position is reduced by the same share, which keeps hedges hedged; after that,
 * positions in the order of what they add. Nothing is sent that has not been judged exactly, and where nothing helps the account is
 * taken over.
 */

/** Planes are added so often; a book of a few underlyings is settled after two or three. */
const ROUNDS = 8;
const SEGMENTS = 16;
/** Everything is one book to the planner; its planes know what offsets what. */
const BOOK = "book";
/** What no trade changes: the part of a plane that belongs to collateral. */
const FIXED = "~fixed";
const NOTHING = ratio("0");

/** Orders played on an account, and where they leave it. */
interface Played {
  readonly legs: readonly LiquidationLeg[];
  readonly after: Standing;
}

/**
 * What to do with a portfolio account at this snapshot. As under standard margin: REDUCE with whole-lot orders that never grow or
 * flip a position and together raise no requirement, expected to restore the target, or bounded by depth and then a step on the
 * way; TAKEOVER with its reason. The legs stand in the order in which they help most.
 *
 * Cost: some ten assessments a position; where no planes restore, some hundred.
 *
 * @throws MissingPrice when the snapshot lacks a price or a depth that the account needs.
 * @method LIQUIDATION-1 LIQUIDATION-30
 */
export function planPortfolioLiquidation(
  account: Account,
  market: MarketSnapshot,
  parameters: RiskParameters,
): PlannedLiquidation {
  const scene = sceneOf(account, market, parameters);
  const { summary } = scene.start;
  const settled = withoutOrders(summary, scene.marked.length > 0, parameters);
  if (settled !== null) return settled;
  const steps: Chosen[] = [];
  for (const [chosenBy, plans] of WAYS) {
    const played = plans(scene).filter(
      ({ legs, after }) => legs.length > 0 && isReduction(after.summary, summary, parameters),
    );
    const restoring = played.find(({ after }) => isRestored(after.summary, parameters));
    if (restoring !== undefined) return reductionOf(restoring.legs, restoring.after.summary, chosenBy, parameters);
    steps.push(...played.map((one) => ({ ...one, chosenBy })));
  }
  const [safest] = steps.sort(saferFirst);
  return safest !== undefined && scene.isBoundedByDepth
    ? reductionOf(safest.legs, safest.after.summary, safest.chosenBy, parameters)
    : { kind: "TAKEOVER", because: "NOT_RESTORABLE" };
}

interface Chosen extends Played {
  readonly chosenBy: PlanChoice;
}

/** The ways of planning, in the order in which they are tried. The model sees what hedges what, so the cheapest keep it. */
const WAYS: readonly (readonly [PlanChoice, (scene: Scene) => readonly Played[]])[] = [
  ["CHEAPEST_KEEPING_HEDGES", byPlanes],
  ["SAME_SHARE", proportional],
  ["IN_ORDER", inOrder],
];

interface Scene {
  readonly start: Standing;
  readonly assessment: Assessment;
  readonly marked: readonly MarkedPosition[];
  readonly prepared: PreparedMarket;
  /** The largest order in each position, in ascending order of id. */
  readonly orders: readonly LargestOrder[];
  readonly isBoundedByDepth: boolean;
}

function sceneOf(account: Account, market: MarketSnapshot, parameters: RiskParameters): Scene {
  const prepared = prepareMarket(market, parameters);
  const assessment = assessAccount(account, market, parameters);
  const marked = markPositions(account, market, parameters);
  const orders = marked.map(({ instrument }) =>
    largestOrder(account, instrument, parameters.liquidation.depthShareMax, prepared),
  );
  return {
    start: { account, summary: assessment.summary },
    assessment,
    marked,
    prepared,
    orders,
    isBoundedByDepth: orders.some(({ boundedByDepth }) => boundedByDepth),
  };
}

/** Lots of each order, in the order of the scene's orders. */
type Lots = readonly Decimal[];

/** Where orders leave the account, played in the order of the scene. */
function leavesAt({ start, prepared, orders }: Scene, lots: Lots): Standing {
  const { feeRate } = prepared.parameters.liquidation;
  return orders.reduce<Standing>((reached, order, at) => {
    const wanted = lots[at] as Decimal;
    return wanted.isZero() ? reached : imagineOrder(reached, order, wanted, feeRate, prepared).after;
  }, start);
}

/**
 * Plays orders one after the other, the one that releases most first: if only some of them trade, it is those that help. Ids decide
 * ties.
 */
function play({ start, prepared, orders }: Scene, lots: Lots): Played {
  const { feeRate } = prepared.parameters.liquidation;
  const waiting = new Map(
    orders.flatMap((order, at) => (lots[at]?.gt(0) === true ? [[order, lots[at]] as const] : [])),
  );
  const legs: LiquidationLeg[] = [];
  let after = start;
  while (waiting.size > 0) {
    const next = [...waiting]
      .map(([order, wanted]) => ({ order, ...imagineOrder(after, order, wanted, feeRate, prepared) }))
      .reduce((best, one) => (one.leg.released.gt(best.leg.released) ? one : best));
    legs.push(next.leg);
    after = next.after;
    waiting.delete(next.order);
  }
  return { legs, after };
}

/** The plan that works positions in the order of what they add. */
function inOrder(scene: Scene): readonly Played[] {
  const { start, prepared, orders } = scene;
  const plan = planInOrder(start.account, prepared.market, prepared.parameters);
  if (plan.kind !== "REDUCE") return [];
  const lotsOf = ({ instrument, trade }: LargestOrder): Decimal =>
    plan.legs.find((leg) => leg.instrument === instrument.id)?.quantity.div(trade) ?? new Decimal(0);
  return [play(scene, orders.map(lotsOf))];
}

/** Halvings of the share: a thousandth of the account. */
const HALVINGS = 10;

/** Every position reduced by the same share, as far as depth allows: the smallest share found that restores, else all of it. */
function proportional(scene: Scene): readonly Played[] {
  const { marked, orders, prepared } = scene;
  const lotsHeld = marked.map(({ instrument, position }) => position.quantity.abs().div(instrument.lotSize).floor());
  const lotsAt = (share: Decimal): Lots =>
    orders.map(({ lots }, at) => Decimal.min(lots, (lotsHeld[at] as Decimal).mul(share).ceil()));
  const restores = (share: Decimal) => isRestored(leavesAt(scene, lotsAt(share)).summary, prepared.parameters);
  let enough = new Decimal(1);
  if (restores(enough)) {
    let tooLittle = new Decimal(0);
    for (let halving = 0; halving < HALVINGS; halving++) {
      const middle = tooLittle.add(enough).div(2);
      if (restores(middle)) enough = middle;
      else tooLittle = middle;
    }
  }
  return [play(scene, lotsAt(enough))];
}

/** The cheapest reductions under ever more planes, until what is proposed restores the account. */
function byPlanes(scene: Scene): readonly Played[] {
  const { market, parameters } = scene.prepared;
  const planes: Plane[] = [planeAt(scene.assessment, scene.start.account, null)];
  const found: Played[] = [];
  let unseenCost: Usd = ZERO_USD;
  for (let round = 0; round < ROUNDS; round++) {
    const proposed = propose(scene, planes, unseenCost);
    if (proposed === null) break;
    const played = play(scene, proposed.lots);
    found.push(played);
    if (isRestored(played.after.summary, parameters)) break;
    unseenCost = max(unseenCost, sub(costOf(played), proposed.cost));
    const assessed = assessAccount(played.after.account, market, parameters);
    planes.push(planeAt(assessed, played.after.account, planes.at(-1) ?? null));
  }
  return found;
}

/** A linear function that the maintenance margin does not go below, up to the bend of the closing cost. */
interface Plane {
  /** Dollars for one contract more, by instrument. */
  readonly slopes: ReadonlyMap<InstrumentId, number>;
  /** Dollars that belong to no position. */
  readonly fixed: number;
}

/** The plane at an assessed account. A position that has been closed there keeps the slope that it had before. */
function planeAt({ positions, summary }: Assessment, account: Account, before: Plane | null): Plane {
  const slopes = new Map(before?.slopes);
  let parts = ZERO_USD;
  for (const { instrument, maintenanceMargin } of positions) {
    const held = account.positions.get(instrument)?.quantity;
    if (held === undefined) continue;
    slopes.set(instrument, toFloat64(maintenanceMargin.div(held) as Usd));
    parts = add(parts, maintenanceMargin);
  }
  return { slopes, fixed: toFloat64(summary.maintenanceMargin.sub(parts) as Usd) };
}

/**
 * The planner's answer under these planes, as lots of each order and what it thinks they cost; null where it proposes nothing.
 * `unseenCost` is what ticks have added to that before.
 */
function propose(
  { start, marked, orders, prepared }: Scene,
  planes: readonly Plane[],
  unseenCost: Usd,
): { readonly lots: Lots; readonly cost: Usd } | null {
  const { liquidation } = prepared.parameters;
  const positions = marked.map((held, at): PlannerPosition => {
    const { instrument, position } = held;
    const order = orders[at] as LargestOrder;
    return {
      id: instrument.id,
      underlying: BOOK,
      kind: "LINEAR",
      years: NOTHING,
      quantity: position.quantity,
      mark: null,
      delta: 0,
      ...tradingCostOf(held, prepared),
      profits: Float64Array.from(planes, ({ slopes }) => -(slopes.get(instrument.id) ?? 0)),
      lotSize: instrument.lotSize,
      unitsMax: quantity(order.lots.mul(instrument.lotSize)),
    };
  });
  const fixed: PlannerPosition = {
    id: FIXED,
    underlying: BOOK,
    kind: "LINEAR",
    years: NOTHING,
    quantity: quantity("1"),
    mark: null,
    delta: 0,
    halfSpread: ZERO_USD,
    impact: ZERO_USD,
    profits: Float64Array.from(planes, (plane) => -plane.fixed),
    lotSize: null,
    unitsMax: quantity("0"),
  };
  const plan = planReduction({
    cash: sub(start.summary.equity, unseenCost),
    spots: new Map([[BOOK, price("1")]]),
    positions: [...positions, fixed],
    hedges: [],
    rules: {
      target: liquidation.target,
      offset: ONE,
      shortOptionRate: NOTHING,
      basisFloor: NOTHING,
      basisYearly: NOTHING,
      costShareMax: ONE,
      guard: ONE,
      segments: SEGMENTS,
    },
  });
  if (plan.outcome !== "RESTORES" && plan.outcome !== "PROGRESS") return null;
  const traded = new Map(plan.legs.map((leg) => [leg.id, leg.quantity.abs()]));
  const lotsOf = ({ instrument, lots }: LargestOrder): Decimal =>
    Decimal.min(lots, (traded.get(instrument.id) ?? new Decimal(0)).div(instrument.lotSize).ceil());
  return { lots: orders.map(lotsOf), cost: plan.cost };
}

const costOf = ({ legs }: Played): Usd => legs.reduce<Usd>((sum, { cost }) => add(sum, cost), ZERO_USD);

/** By equity ÷ maintenance margin, the larger first; compared by multiplying. */
function saferFirst(left: Played, right: Played): number {
  const [one, other] = [left.after.summary, right.after.summary];
  return other.equity.mul(one.maintenanceMargin).cmp(one.equity.mul(other.maintenanceMargin));
}
