import {
  add,
  Decimal,
  lossFromFloat64,
  max,
  min,
  negate,
  type Quantity,
  ratio,
  scale,
  sub,
  toFloat64,
  type Usd,
  ZERO_QUANTITY,
  ZERO_USD,
} from "@ballast/money";
import type { PlannerAccount } from "./account.js";
import { type BindingRow, bindingRow, bindingRows } from "./binding-rows.js";
import { certify, marginalCost, type Outcome, outcomeOf, strongestRow } from "./certificate.f64.js";
import { type Objective, type Optimum, solveProgramme } from "./dual-simplex.f64.js";
import { type Column, type PreparedAccount, prepareAccount } from "./prepared-account.js";
import type { Programme } from "./programme.f64.js";
import {
  exactLoss,
  type Holdings,
  holdingsOf,
  type JudgedRequirement,
  judge,
  type PlannerRequirement,
  tradingCost,
} from "./requirement.js";
import { cellsNearGuard } from "./scanned-losses.f64.js";

/*
 * The cheapest trades that bring an account back to its target, and why each of them.
 *
 *   what     least cost of trades such that equity − cost ≥ target × maintenance margin after, no cell above its guard, and
 *            cost at most a share of equity. A linear programme (`programme.f64.ts`), solved exactly (`dual-simplex.f64.ts`).
 *   else     where no trades reach the target, those that leave the least shortfall under the same guard and limit; of
 *            those the cheapest. Never a penalty weight: it would hide which of the two an answer is.
 *   then     rounded to lots and judged again in decimals. What falls short of the target by rounding is asked for again
 *            with that much equity set aside, a few times.
 *   why      a plan carries its dual prices: which rows bind, what a unit of each leg is worth at them and what it costs,
 *            and a bound below which no plan can cost (`certificate.f64.ts`). A reader needs no trust in the solver.
 *
 * Nothing here knows how cells come about: any margin that is a worst scenario plus charges in |quantity| and |net delta|
 * can be planned for.
 */

/** One position or hedge and what the plan does with it. */
export interface PlannedLeg {
  readonly id: string;
  readonly kind: "REDUCE" | "HEDGE";
  /** Signed as a trade of the account; zero when it is left alone. */
  readonly quantity: Quantity;
  /** Spread, fee and impact of the trade, rounded up. */
  readonly cost: Usd;
  /** Dollars that one unit more would cost, and those that it is worth at the prices of the plan, both float64. */
  readonly marginalCost: number;
  readonly worth: number;
  /** The row that makes it worth most of that; null for a leg that is good for nothing here. */
  readonly because: BindingRow | null;
}

/** A plan for one account at one moment. */
export interface ReductionPlan {
  /**
   * NOT_NEEDED: equity is not below maintenance margin. RESTORES: the target is reached. PROGRESS: the least shortfall that can
   * be reached, within the guard and the cost limit. NONE: no trade of whole lots makes progress, or the solver gave up.
   */
  readonly outcome: "NOT_NEEDED" | "RESTORES" | "PROGRESS" | "NONE";
  /** Every position and every hedge offered, in ascending order of id, positions first. */
  readonly legs: readonly PlannedLeg[];
  readonly before: PlannerRequirement;
  readonly after: PlannerRequirement;
  readonly cost: Usd;
  /** target × maintenance − equity after the plan, at least zero. */
  readonly shortfall: Usd;
  /** Rows that hold the plan back, dearest first; prices are dollars of cost for one dollar of room. */
  readonly binding: readonly BindingRow[];
  /** The programme's own answer before rounding to lots, and the bound that proves it; null where none was needed. */
  readonly optimum: ProvenOptimum | null;
}

/** What the programme found. Float64 dollars. */
export interface ProvenOptimum extends Outcome {
  readonly phase: "LEAST_COST" | "LEAST_SHORTFALL";
  /** No plan has less cost than this (less shortfall, in the second phase). */
  readonly bound: number;
  readonly iterations: number;
}

/** How often a plan that rounding to lots has spoilt is asked for again. */
const ATTEMPTS = 7;
/** Equity set aside when cells, not the target, were spoilt by rounding: a share of maintenance margin. */
const RESERVE_STEP = ratio("0.005");
/** A little more than what was missing is set aside, because rounding is as likely to fall short again. */
const RESERVE_MORE = ratio("1.125");
const LOTS_TOLERATED = 2;
/** How well the programme keeps its rows, as a share of maintenance margin. */
const PROGRAMME_PRECISION = ratio("0.000000001");
const LEAST_COST: Objective = { cost: 1, shortfall: 0 };
/** Cost decides between plans of equal shortfall; its weight is far below the tolerance of either. */
const LEAST_SHORTFALL: Objective = { cost: 1e-9, shortfall: 1 };

/**
 * What to trade so that equity reaches target × maintenance margin at the least cost, and why.
 *
 * A plan never raises maintenance margin or the worst loss, never makes a position larger or turns it round, keeps every
 * cell within its guard (to two lots' worth of the legs traded), and costs at most its share of equity. Amounts are whole
 * lots, or a whole position. The same account gives the same plan whatever the order of its rows.
 *
 * Cost: some 0.3 ms for ten legs, 2 ms for fifty, 8 ms for two hundred (`bench/planner.bench.mjs`).
 *
 * @throws UnplannableAccount when the account contradicts itself.
 * @method LIQUIDATION-14 LIQUIDATION-15 LIQUIDATION-16 LIQUIDATION-17 LIQUIDATION-18
 */
export function planReduction(account: PlannerAccount): ReductionPlan {
  const prepared = prepareAccount(account);
  const before = judge(prepared, holdingsOf(prepared), new Float64Array(prepared.columns.length));
  const { equity, maintenance } = before.requirement;
  const precision = add(scale(maintenance, PROGRAMME_PRECISION), lossFromFloat64(prepared.doubt));
  const scene: Scene = { prepared, before, precision };
  if (equity.gte(maintenance)) return idle(scene, "NOT_NEEDED");
  return leastCost(scene) ?? leastShortfall(scene) ?? idle(scene, "NONE");
}

/** One account under planning. */
interface Scene {
  readonly prepared: PreparedAccount;
  readonly before: JudgedRequirement;
  /** Dollars by which what the programme promises may differ from what decimals find. */
  readonly precision: Usd;
}

/** A solved programme and what its shares come to in lots. */
interface Answer {
  readonly programme: Programme;
  readonly objective: Objective;
  readonly optimum: Optimum;
  /** Units traded, unsigned, by column. */
  readonly traded: readonly Quantity[];
  readonly after: JudgedRequirement;
}

/** A plan that restores, or null when none does. */
function leastCost(scene: Scene): ReductionPlan | null {
  const { maintenance } = scene.before.requirement;
  let reserve = scene.precision;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const answer = solve(scene, LEAST_COST, reserve, toNearestLot);
    if (answer === null) return null;
    const shortfall = shortfallOf(scene, answer.after);
    if (shortfall.lte(0) && isSafe(scene, answer)) return planOf(scene, "RESTORES", answer);
    reserve = add(reserve, shortfall.gt(0) ? scale(shortfall, RESERVE_MORE) : scale(maintenance, RESERVE_STEP));
  }
  return null;
}

/** The best progress that can be made, or null when no whole lots make any. */
function leastShortfall(scene: Scene): ReductionPlan | null {
  for (const round of [toNearestLot, towardsZero]) {
    const answer = solve(scene, LEAST_SHORTFALL, ZERO_USD, round);
    if (answer === null) return null;
    const makesProgress = shortfallOf(scene, answer.after).lt(shortfallOf(scene, scene.before));
    if (makesProgress && isSafe(scene, answer)) return planOf(scene, "PROGRESS", answer);
  }
  return null;
}

type Rounding = (units: Decimal, lotSize: Decimal) => Decimal;
const toNearestLot: Rounding = (units, lotSize) =>
  units.div(lotSize).toDecimalPlaces(0, Decimal.ROUND_HALF_UP).mul(lotSize);
const towardsZero: Rounding = (units, lotSize) => units.div(lotSize).floor().mul(lotSize);
const FINEST_LOT = new Decimal("1e-18");
/** A share this near to one closes the whole position, whatever its lots. */
const WHOLE = 1 - 1e-12;

function solve({ prepared }: Scene, objective: Objective, reserve: Usd, round: Rounding): Answer | null {
  const programme = { ...prepared.programme, equity: prepared.programme.equity - toFloat64(reserve) };
  const optimum = solveProgramme(programme, objective);
  if (optimum.status !== "OPTIMAL") return null;
  const traded: Quantity[] = prepared.columns.map(() => ZERO_QUANTITY);
  for (const [at, { column }] of programme.movables.entries()) {
    const share = optimum.shares[at] ?? 0;
    const found = prepared.columns[column];
    if (share === 0 || found === undefined) continue;
    const { unitsMax, tradable } = found;
    const rounded = round(unitsMax.mul(share), tradable.lotSize ?? FINEST_LOT) as Quantity;
    traded[column] = share >= WHOLE ? unitsMax : min(unitsMax, rounded);
  }
  const after = judge(prepared, holdingsAfter(prepared, traded), Float64Array.from(traded, toFloat64));
  return { programme, objective, optimum, traded, after };
}

function holdingsAfter({ columns }: PreparedAccount, traded: readonly Quantity[]): Holdings {
  return {
    units: columns.map((column, at) => add(column.held, tradeOf(column, traded[at]))),
    cost: columns.reduce<Usd>(
      (sum, { tradable }, at) => add(sum, tradingCost(tradable, traded[at] ?? ZERO_QUANTITY)),
      ZERO_USD,
    ),
  };
}

/** The trade of so many units, signed. */
function tradeOf({ direction }: Column, units: Quantity = ZERO_QUANTITY): Quantity {
  return direction === 1 ? units : negate(units);
}

/** target × maintenance − equity; below zero when the target is passed. */
function shortfallOf({ prepared }: Scene, { requirement }: JudgedRequirement): Usd {
  return sub(scale(requirement.maintenance, prepared.account.rules.target), requirement.equity);
}

/**
 * Is everything that no plan may do left undone? Maintenance margin, core and the worst joint loss have not risen; cost is
 * within its share of equity; each cell is within its guard, to two lots of the leg that moves it most.
 *
 * @method LIQUIDATION-17
 */
function isSafe(scene: Scene, answer: Answer): boolean {
  const { prepared, precision } = scene;
  const before = scene.before.requirement;
  const after = answer.after.requirement;
  if (after.maintenance.gt(before.maintenance)) return false;
  if (after.core.gt(before.core.add(precision)) || after.joint.gt(before.joint.add(precision))) return false;
  const equity = max(before.equity, ZERO_USD);
  if (answer.after.holdings.cost.gt(scale(equity, prepared.account.rules.costShareMax))) return false;
  const traded = new Set(
    prepared.columns.filter((_, at) => answer.traded[at]?.isZero() === false).map(({ underlying }) => underlying),
  );
  return [...traded, null].every((underlying) => isWithinGuard(scene, answer, underlying));
}

/** Is every cell of one underlying (null: every joint cell) within its guard? Judged in decimals wherever it is close. */
function isWithinGuard({ prepared, before, precision }: Scene, { after, traded }: Answer, underlying: number | null) {
  const { programme, doubt, columns, unitLoss, account } = prepared;
  const guarded = underlying === null ? programme.joint : programme.underlyings[underlying];
  const scanned = underlying === null ? after.scanned.joint : after.scanned.underlyings[underlying];
  const worst = underlying === null ? before.requirement.joint : before.requirement.worsts[underlying]?.loss;
  if (guarded === undefined || scanned === undefined || worst === undefined) return false;
  const level = scale(worst, account.rules.guard);
  return cellsNearGuard(scanned, guarded.guard, doubt).every((cell) => {
    const most = max(exactLoss(prepared, before.holdings, underlying, cell), level);
    const lots = columns.reduce<Decimal>((largest, column, at) => {
      if (traded[at]?.isZero() !== false || (underlying !== null && column.underlying !== underlying)) return largest;
      return Decimal.max(
        largest,
        unitLoss(at, cell)
          .abs()
          .mul(column.tradable.lotSize ?? FINEST_LOT),
      );
    }, new Decimal(0));
    const allowed = most.add(precision).add(lots.mul(LOTS_TOLERATED));
    return exactLoss(prepared, after.holdings, underlying, cell).lte(allowed);
  });
}

function planOf(scene: Scene, outcome: "RESTORES" | "PROGRESS", answer: Answer): ReductionPlan {
  const { prepared, before } = scene;
  const { programme, objective, optimum, traded, after } = answer;
  const { bound, worths } = certify(programme, objective, optimum.prices);
  const movables = new Map(programme.movables.map(({ column }, at) => [column, at]));
  const legs = prepared.columns.map((column, at): PlannedLeg => {
    const leg = untradedLeg(column);
    const movable = movables.get(at);
    if (movable === undefined) return leg;
    const row = strongestRow(programme, optimum.prices, movable);
    return {
      ...leg,
      quantity: tradeOf(column, traded[at]),
      cost: tradingCost(column.tradable, traded[at] ?? ZERO_QUANTITY),
      marginalCost: marginalCost(programme, movable, optimum.shares[movable] ?? 0),
      worth: worths[movable] ?? 0,
      because: row === null ? null : bindingRow(prepared, row, optimum.prices),
    };
  });
  return {
    outcome,
    legs,
    before: before.requirement,
    after: after.requirement,
    cost: after.holdings.cost,
    shortfall: max(shortfallOf(scene, after), ZERO_USD),
    binding: bindingRows(prepared, optimum.prices),
    optimum: {
      ...outcomeOf(programme, optimum.shares),
      phase: objective === LEAST_COST ? "LEAST_COST" : "LEAST_SHORTFALL",
      bound,
      iterations: optimum.iterations,
    },
  };
}

/** A plan without trades. */
function idle(scene: Scene, outcome: "NOT_NEEDED" | "NONE"): ReductionPlan {
  const { requirement } = scene.before;
  return {
    outcome,
    legs: scene.prepared.columns.map(untradedLeg),
    before: requirement,
    after: requirement,
    cost: ZERO_USD,
    shortfall: max(shortfallOf(scene, scene.before), ZERO_USD),
    binding: [],
    optimum: null,
  };
}

function untradedLeg({ tradable, isHedge }: Column): PlannedLeg {
  return {
    id: tradable.id,
    kind: isHedge ? "HEDGE" : "REDUCE",
    quantity: ZERO_QUANTITY,
    cost: ZERO_USD,
    marginalCost: 0,
    worth: 0,
    because: null,
  };
}
