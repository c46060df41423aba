/*
 * The planner's linear programme as plain numbers: what may be traded, what a trade changes, and what must hold after it.
 *
 * Everything here is money, units and per-unit figures in float64. Rows and columns are in canonical order already:
 * whoever builds a programme sorts by id before the first sum, so that permuted input gives the same bits.
 */

/** One thing that may be traded: a position that shrinks, or a hedge that is opened. */
export interface Movable {
  /** Which column of `buildProgramme` it is: columns that may not be traded now are no movables. */
  readonly column: number;
  /** Index of its underlying. */
  readonly underlying: number;
  /** Index of its basis bucket: one underlying and one expiry. */
  readonly bucket: number;
  /** Sign of the trade: −1 sells (a long shrinks, or a short hedge opens), 1 buys. */
  readonly direction: 1 | -1;
  /** Units that may be traded at most, above zero. */
  readonly unitsMax: number;
  /** Trading x units costs `halfSpread`·x + `impact`·x². Both ≥ 0. */
  readonly halfSpread: number;
  readonly impact: number;
  /** Delta of one unit. */
  readonly delta: number;
  /** Short-option charge that one unit less takes away, ≥ 0. */
  readonly charge: number;
  /** Profit of +1 unit in each cell. */
  readonly profits: Float64Array;
}

/** One underlying as the account stands: its loss in each cell, and how large each may be after the plan. */
export interface UnderlyingLosses {
  readonly losses: Float64Array;
  readonly guard: Float64Array;
}

/** Net delta of one (underlying, expiry), and the charge in dollars for one unit of it. */
export interface BasisBucket {
  readonly delta: number;
  readonly chargeRate: number;
}

/**
 * Least cost of trades such that equity − cost ≥ target × (core + charges after), cost ≤ `costMax`, and every cell stays
 * within its guard. core = max(worst joint cell, `offset` × Σ worst cell of each underlying), each at least zero.
 */
export interface Programme {
  readonly cells: number;
  /** Chords on so many equal segments stand for each cost parabola. */
  readonly segments: number;
  readonly target: number;
  readonly offset: number;
  readonly equity: number;
  readonly costMax: number;
  /** Short-option charge before the plan. */
  readonly charge: number;
  readonly underlyings: readonly UnderlyingLosses[];
  /** The joint cells; with one underlying they are its own, and `joint` repeats it. */
  readonly joint: UnderlyingLosses;
  readonly buckets: readonly BasisBucket[];
  readonly movables: readonly Movable[];
}

/** A movable with what the account holds of it, as `buildProgramme` takes it. Signed units; 0 for a hedge. */
export interface ColumnFigures extends Omit<Movable, "column"> {
  readonly held: number;
  readonly mark: number;
}

/** Everything that a programme is built from. */
export interface ProgrammeFigures {
  readonly cells: number;
  readonly segments: number;
  readonly target: number;
  readonly offset: number;
  readonly guard: number;
  readonly costShareMax: number;
  readonly cash: number;
  readonly underlyings: number;
  /** Dollars for one unit of net delta, by bucket. */
  readonly bucketRates: readonly number[];
  readonly columns: readonly ColumnFigures[];
}

/** Sums the columns, in their order, into the losses, deltas and charges that the account has before the plan. */
export function buildProgramme(figures: ProgrammeFigures): Programme {
  const { cells, guard, columns } = figures;
  const losses = Array.from({ length: figures.underlyings }, () => new Float64Array(cells));
  const deltas = figures.bucketRates.map(() => 0);
  let equity = figures.cash;
  let charge = 0;
  for (const { underlying, bucket, held, mark, delta, charge: perUnit, profits } of columns) {
    equity += held * mark;
    charge += Math.abs(held) * perUnit;
    deltas[bucket]! += held * delta;
    const own = losses[underlying]!;
    for (let cell = 0; cell < cells; cell++) own[cell]! -= held * profits[cell]!;
  }
  const joint = new Float64Array(cells);
  for (const own of losses) for (let cell = 0; cell < cells; cell++) joint[cell]! += own[cell]!;
  const guarded = (before: Float64Array): UnderlyingLosses => {
    const level = guard * Math.max(0, ...before);
    return { losses: before, guard: before.map((loss) => Math.max(loss, level)) };
  };
  return {
    cells,
    segments: figures.segments,
    target: figures.target,
    offset: figures.offset,
    equity,
    costMax: figures.costShareMax * Math.max(0, equity),
    charge,
    underlyings: losses.map(guarded),
    joint: guarded(joint),
    buckets: deltas.map((delta, at) => ({ delta, chargeRate: figures.bucketRates[at]! })),
    movables: columns.map((each, column) => ({ ...each, column })).filter(({ unitsMax }) => unitsMax > 0),
  };
}

/*
 * Rows by number. Each reads "left side ≤ right side":
 *   TARGET           cost + target·(M + Σ D − charge released) ≤ equity − target·charge
 *   SPEND            cost ≤ costMax
 *   OFFSET           offset·Σ W(u) ≤ M
 *   worst (u, cell)  loss of u in the cell ≤ W(u)            (M with one underlying)
 *   joint (cell)     joint loss in the cell ≤ M              (not with one underlying)
 *   guard            the same losses ≤ their guards
 *   long, short (b)  ± delta charge of the bucket ≤ D(b)
 */
export const TARGET = 0;
export const SPEND = 1;
export const OFFSET = 2;
const FIRST_CELL = 3;

/** What a row of the programme says. */
export type RowMeaning =
  | { readonly kind: "TARGET" | "SPEND" | "OFFSET" }
  | { readonly kind: "WORST" | "GUARD"; readonly underlying: number; readonly cell: number }
  | { readonly kind: "JOINT_WORST" | "JOINT_GUARD"; readonly cell: number }
  | { readonly kind: "BASIS_LONG" | "BASIS_SHORT"; readonly bucket: number };

/** Where the rows of a programme are. Row blocks of `cells` each: the underlyings, then the joint block, twice. */
export class RowNumbers {
  readonly worst = FIRST_CELL;
  readonly guard: number;
  readonly long: number;
  readonly short: number;
  readonly count: number;

  constructor(
    readonly cells: number,
    readonly underlyings: number,
    readonly buckets: number,
  ) {
    const block = cells * (underlyings + 1);
    this.guard = this.worst + block;
    this.long = this.guard + block;
    this.short = this.long + buckets;
    this.count = this.short + buckets;
  }

  meaning(row: number): RowMeaning {
    if (row === TARGET) return { kind: "TARGET" };
    if (row === SPEND) return { kind: "SPEND" };
    if (row === OFFSET) return { kind: "OFFSET" };
    if (row >= this.short) return { kind: "BASIS_SHORT", bucket: row - this.short };
    if (row >= this.long) return { kind: "BASIS_LONG", bucket: row - this.long };
    const isGuard = row >= this.guard;
    const at = row - (isGuard ? this.guard : this.worst);
    const underlying = Math.floor(at / this.cells);
    const cell = at % this.cells;
    if (underlying === this.underlyings) return { kind: isGuard ? "JOINT_GUARD" : "JOINT_WORST", cell };
    return { kind: isGuard ? "GUARD" : "WORST", underlying, cell };
  }
}

/** The row numbers of a programme. */
export function rowNumbersOf({ cells, underlyings, buckets }: Programme): RowNumbers {
  return new RowNumbers(cells, underlyings.length, buckets.length);
}
