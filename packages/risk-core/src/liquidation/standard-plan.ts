import {
  type Account,
  type Instrument,
  type InstrumentId,
  type LiquidationLeg,
  type MarketSnapshot,
  type RiskParameters,
  compareIds,
} from "@ballast/model";
import {
  add,
  Decimal,
  LEDGER_SCALE,
  lossFromFloat64,
  max,
  ONE,
  type Quantity,
  type Ratio,
  ratio,
  scale,
  sub,
  toFloat64,
  type Usd,
  ZERO_USD,
} from "@ballast/money";
import { depthOf } from "../mark/prices.js";
import { assessAccount } from "../pipeline.js";
import { type MarkedPosition, markPositions } from "../position/marked-position.js";
import { type PreparedMarket, prepareMarket } from "../scan/prepared-market.js";
import { forEachPart } from "../tiers/marginal-parts.js";
import { canonicalOrder, imagineOrder, largestOrder, type Standing } from "./imagined-order.js";
import { planInOrder } from "./in-order-plan.js";
import type { PlannerPosition } from "./planner/account.js";
import { planReduction } from "./planner/plan-reduction.js";
import { tradingCostOf } from "./planner-cost.js";
import { isReduction, isRestored, type PlannedLiquidation, reductionOf, withoutOrders } from "./planned-liquidation.js";

/*
 * The planner for accounts under standard margin.
 *
 * Standard margin is convex: each part of a notional has the rate of its tier, and rates do not fall. So every part of a position
 * is a leg of its own to the planner (planner/), the dearest part released first, at a cost that begins where the dearer parts have
 * left the book. What comes out is the cheapest up to lots, ticks and haircuts, which the planner does not see; it is therefore
 * played order by order on the account, with the functions that judge accounts, and what falls short is asked for again.
 *
 *   keeping hedges   first without a larger loss from any move of one underlying, or of all together: what stands
 *                    against each other is sold together. Tiers see no hedge, but the account has one.
 *   not keeping them where there is none to keep, or where only that restores the account; ticks and lots may make
 *                    the next way cheaper, so that it is asked too
 *   in order         positions by their requirement, the largest first: of one position the fewest lots. It is also the step that is
 *                    taken where nothing restores the account at once, and then each order is as large as the depth allows:
 *                    that is the least shortfall.
 *
 * Working positions in their order alone cost an eighth more where several are held, and took hedges apart (docs/adr/0032).
 */

/** How often a proposal that fell short is asked for again. */
const ATTEMPTS = 3;
/** A little more than what was missing is set aside, so that the next proposal does not fall short by the same rounding. */
const RESERVE_MORE = ratio("1.125");
const SEGMENTS = 16;
/** The cell that holds the requirement itself; behind it are the moves. */
const REQUIREMENT = 0;
/** Marks the part of a position that a leg is; an instrument id has no such sign. */
const PART = "#";
/** A move so small that it loses less than any requirement, as a share of the smallest rate. */
const MOVE_SHARE = ratio("0.5");

/**
 * What to do with an account under standard margin at this snapshot, at the least expected cost.
 *
 * REDUCE: whole-lot orders that never grow or flip a position and raise no requirement, each of which leaves the account no
 * riskier on its own. `chosenBy` says which of the three ways above found them. Deterministic under any order of the account's maps.
 *
 * Cost: the plan in order; with several positions a programme or two of a leg for each tier of each position, and their judgement.
 *
 * @throws MissingPrice when the snapshot lacks a price or a depth that the account needs.
 * @method LIQUIDATION-1 LIQUIDATION-31
 */
export function planStandardLiquidation(
  account: Account,
  market: MarketSnapshot,
  parameters: RiskParameters,
): PlannedLiquidation {
  const scene = sceneOf(account, market, parameters);
  const { summary } = scene.start;
  const settled = withoutOrders(summary, scene.marked.length > 0, parameters);
  if (settled !== null) return settled;
  // With one position there is nothing to choose between, and its fewest lots are the cheapest.
  const hasChoice = scene.marked.length > 1 && couldRestore(scene);
  const keepsHedges = hasChoice && standsAgainstItself(scene.marked) ? cheapest(scene, KEEPING_HEDGES) : null;
  if (keepsHedges !== null) return keepsHedges;
  const inOrder = planInOrder(account, market, parameters);
  const found = hasChoice ? cheapest(scene, ANYTHING_GOES) : null;
  if (found === null) return inOrder;
  const restores = inOrder.kind === "REDUCE" && inOrder.restoresTarget;
  return restores && costOf(inOrder).lte(costOf(found)) ? inOrder : found;
}

/** Would everything that the depth allows restore the account if it cost nothing? If not, no programme needs to be asked. */
function couldRestore({ start, parts, prepared }: Scene): boolean {
  const { equity, maintenanceMargin } = start.summary;
  const released = parts.reduce<Decimal>(
    (sum, { unitsMax, profits }) =>
      sum.add((unitsMax ?? ZERO).mul(lossFromFloat64(Math.abs(profits[REQUIREMENT] ?? 0)))),
    new Decimal(0),
  );
  return maintenanceMargin.sub(released).mul(prepared.parameters.liquidation.target).lte(equity);
}

/** Are there long and short positions? */
function standsAgainstItself(marked: readonly MarkedPosition[]): boolean {
  return new Set(marked.map(({ position }) => position.quantity.gt(0))).size > 1;
}

type Reduction = Extract<PlannedLiquidation, { kind: "REDUCE" }>;

const costOf = ({ legs }: Reduction): Usd => legs.reduce<Usd>((sum, { cost }) => add(sum, cost), ZERO_USD);

interface Way {
  readonly chosenBy: "CHEAPEST_KEEPING_HEDGES" | "CHEAPEST";
  /** How far a losing move may lose more than before, as a share of the requirement. */
  readonly guard: Ratio;
}
const KEEPING_HEDGES: Way = { chosenBy: "CHEAPEST_KEEPING_HEDGES", guard: ratio("0") };
const ANYTHING_GOES: Way = { chosenBy: "CHEAPEST", guard: ONE };

interface Scene {
  readonly start: Standing;
  readonly marked: readonly MarkedPosition[];
  /** Every instrument held, in the order in which orders stand. */
  readonly instruments: readonly Instrument[];
  readonly parts: readonly PlannerPosition[];
  readonly prepared: PreparedMarket;
}

function sceneOf(account: Account, market: MarketSnapshot, parameters: RiskParameters): Scene {
  const { summary, positions } = assessAccount(account, market, parameters);
  const marked = markPositions(account, market, parameters);
  const moves = movesOf(marked, parameters);
  return {
    start: { account, summary },
    marked,
    instruments: canonicalOrder(positions, parameters),
    parts: marked.flatMap((position) => partsOf(position, moves, { market, parameters })),
    prepared: prepareMarket(market, parameters),
  };
}

/** The cheapest orders of one way that restore the account when they are played; null where none were found. */
function cheapest(scene: Scene, { chosenBy, guard }: Way): Reduction | null {
  const { parameters } = scene.prepared;
  let reserve: Usd = ZERO_USD;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const asked = propose(scene, guard, reserve);
    if (asked === null) return null;
    const played = play(scene, asked);
    if (played === null) return null;
    const { summary } = played.after;
    if (isRestored(summary, parameters)) return reductionOf(played.legs, summary, chosenBy, parameters);
    const shortfall = sub(scale(summary.maintenanceMargin, parameters.liquidation.target), summary.equity);
    reserve = add(reserve, scale(shortfall, RESERVE_MORE));
  }
  return null;
}

/** Contracts of each instrument that the planner would trade; null where it finds no plan that restores. */
function propose(scene: Scene, guard: Ratio, reserve: Usd): ReadonlyMap<InstrumentId, Decimal> | null {
  const { start, marked, parts, prepared } = scene;
  const plan = planReduction({
    cash: sub(start.summary.equity, reserve),
    // Every instrument stands alone: standard margin knows no offset.
    spots: new Map(marked.map(({ instrument, markPrice }) => [instrument.id, markPrice])),
    positions: parts,
    hedges: [],
    rules: { ...NO_CHARGES, target: prepared.parameters.liquidation.target, guard, segments: SEGMENTS },
  });
  if (plan.outcome !== "RESTORES") return null;
  const asked = new Map<InstrumentId, Decimal>();
  for (const { id, quantity } of plan.legs) {
    const instrument = id.slice(0, id.indexOf(PART)) as InstrumentId;
    asked.set(instrument, (asked.get(instrument) ?? new Decimal(0)).add(quantity.abs()));
  }
  return asked;
}

/** The orders in whole lots, played one after the other; null where one of them would not be a reduction. */
function play(
  { start, instruments, prepared }: Scene,
  asked: ReadonlyMap<InstrumentId, Decimal>,
): { readonly legs: readonly LiquidationLeg[]; readonly after: Standing } | null {
  const { depthShareMax, feeRate } = prepared.parameters.liquidation;
  const legs: LiquidationLeg[] = [];
  let after = start;
  for (const instrument of instruments) {
    const order = largestOrder(after.account, instrument, depthShareMax, prepared);
    const wanted = (asked.get(instrument.id) ?? new Decimal(0)).div(instrument.lotSize);
    const lots = Decimal.min(wanted.toDecimalPlaces(0, Decimal.ROUND_CEIL), order.lots);
    if (lots.isZero()) continue;
    const next = imagineOrder(after, order, lots, feeRate, prepared);
    if (!isReduction(next.after.summary, after.summary, prepared.parameters)) return null;
    legs.push(next.leg);
    after = next.after;
  }
  return { legs, after };
}

const NOTHING = ratio("0");
const NO_CHARGES = {
  offset: ONE,
  shortOptionRate: NOTHING,
  basisFloor: NOTHING,
  basisYearly: NOTHING,
  costShareMax: ONE,
} as const;

/** What is asked about hedges: every underlying alone (null: all of them together), each by a small move either way. */
interface Moves {
  readonly of: readonly (string | null)[];
  /** As a share of the price. Too small to be the worst cell of any position: the requirement is as it was. */
  readonly size: Decimal;
}

function movesOf(marked: readonly MarkedPosition[], { marginTiers }: RiskParameters): Moves {
  const underlyings = [...new Set(marked.map(({ instrument }) => instrument.underlying))].sort(compareIds);
  const rates = marked.map(({ instrument }) => marginTiers.get(instrument.id)?.[0]?.maintenanceRate ?? NOTHING);
  return {
    of: underlyings.length > 1 ? [null, ...underlyings] : [null],
    size: Decimal.min(ONE, ...rates).mul(MOVE_SHARE),
  };
}

/**
 * The parts of a position as legs, dearest tier first: each releases the rate of its tier and costs spread, fee and the impact that
 * it adds to that of the dearer ones. What the depth allows goes to the dearest parts first, because those are what a plan wants.
 *
 * Cells: first the requirement, which every part adds to; then each move down and up.
 */
function partsOf(
  held: MarkedPosition,
  moves: Moves,
  { market, parameters }: Pick<PreparedMarket, "market" | "parameters">,
): readonly PlannerPosition[] {
  const { instrument, position, notional } = held;
  const { halfSpread, impact } = tradingCostOf(held, { market, parameters });
  const perContract = notional.div(position.quantity.abs());
  const side = position.quantity.gt(0) ? 1 : -1;
  const parts: { readonly contracts: Decimal; readonly rate: Ratio }[] = [];
  forEachPart(notional, parameters.marginTiers.get(instrument.id) ?? [], (part, { maintenanceRate }) => {
    const contracts = part.div(perContract).toDecimalPlaces(LEDGER_SCALE, Decimal.ROUND_DOWN);
    if (contracts.gt(0)) parts.push({ contracts, rate: maintenanceRate });
  });
  const moved = moves.of.flatMap((underlying) => {
    const isMoved = underlying === null || underlying === instrument.underlying;
    const profit = isMoved ? toFloat64(perContract.mul(moves.size) as unknown as Usd) : 0;
    return [-profit, profit];
  });
  const tradable = depthOf(market, instrument).mul(parameters.liquidation.depthShareMax).div(perContract);
  let dearer: Decimal = new Decimal(0);
  return parts.toReversed().map(({ contracts, rate }, at): PlannerPosition => {
    const before = dearer;
    dearer = dearer.add(contracts);
    return {
      id: `${instrument.id}${PART}${at}`,
      underlying: instrument.id,
      kind: "LINEAR",
      years: NOTHING,
      quantity: contracts.mul(side) as unknown as Quantity,
      mark: null,
      delta: 0,
      halfSpread: add(halfSpread, impact.mul(before).mul(2) as unknown as Usd),
      impact,
      profits: Float64Array.from([-side * toFloat64(perContract.mul(rate) as unknown as Usd), ...moved]),
      lotSize: null,
      unitsMax: max(ZERO, Decimal.min(contracts, tradable.sub(before)) as unknown as Quantity),
    };
  });
}

const ZERO = new Decimal(0) as unknown as Quantity;
