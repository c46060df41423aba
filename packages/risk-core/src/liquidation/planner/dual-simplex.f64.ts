import { DenseFactor } from "./dense-factor.f64.js";
import { OFFSET, type Programme, type RowNumbers, rowNumbersOf, SPEND, TARGET } from "./programme.f64.js";

/*
 * A dual simplex made for the planner's programme.
 *
 * Why our own. A general solver reads the programme as some hundred rows of some thousand columns. Three properties make
 * it small:
 *   - doing nothing costs nothing and breaks only the target row, so the empty plan is dual feasible: no first phase;
 *   - of some hundred cells only those that become the worst, or touch their guard, ever matter. Rows are taken into the
 *     working basis when they are violated and leave it when their price falls to zero, so the basis has as many rows as
 *     the answer has binding ones;
 *   - the segments of one leg differ only in their cost. They are walked as one variable with a bent cost, and a step may
 *     pass many bends at once (the long-step rule), so that more segments cost next to nothing.
 * Each iteration factors its small basis anew: nothing drifts, and the last iteration is as exact as the first.
 *
 * Tried: a dense tableau (the yalps package) with rows on demand is good to some twenty legs and takes a second at two
 * hundred; HiGHS through WebAssembly spends most of its time on a programme of which two per cent bind.
 *
 * Everything is scaled by the size of the account, so that tolerances are shares of it. Ties go to the larger pivot, then
 * to the lower column: the same programme gives the same bits.
 */

/** What is minimised: `cost` × cost of the trades + `shortfall` × (cost + target × requirement after). */
export interface Objective {
  readonly cost: number;
  readonly shortfall: number;
}

/** An optimum, or why there is none. STALLED: the iteration limit was reached or a basis became singular. */
export interface Optimum {
  readonly status: "OPTIMAL" | "INFEASIBLE" | "STALLED";
  /** Share of `unitsMax` traded, 0…1, by movable. */
  readonly shares: Float64Array;
  /** Dollars of objective per dollar that a row is loosened, ≥ 0, by row number. */
  readonly prices: Float64Array;
  readonly iterations: number;
}

/** A violation below this share of the account's size is none. */
const FEASIBLE = 1e-11;
/** A rate of change below this is none. */
const RATE_MIN = 1e-11;
const NONE = -1;

/**
 * Solves the programme.
 *
 * With a shortfall weight the target row is dropped (the shortfall is what is minimised) and the answer is never INFEASIBLE.
 *
 * Cost: some 10 µs for each iteration of a hundred legs; about as many iterations as trades and binding rows together.
 *
 * @method LIQUIDATION-15
 */
export function solveProgramme(programme: Programme, objective: Objective): Optimum {
  return new DualSimplex(programme, objective).run();
}

/** What leaves the basis: the slack of a violated row, or a basic column that is outside its bounds. */
interface Leaving {
  readonly row: number;
  /** Position in the basis; NONE for a row. */
  readonly position: number;
  readonly atUpper: boolean;
  readonly violation: number;
}

class DualSimplex {
  private readonly count: number;
  private readonly cells: number;
  private readonly segments: number;
  private readonly units: number;
  private readonly joined: boolean;
  private readonly numbers: RowNumbers;
  private readonly size: number;

  // Columns: the movables, then the largest loss M, the worst W(u) of each underlying (not with one), the charges D(b).
  private readonly core: number;
  private readonly firstWorst: number;
  private readonly firstCharge: number;
  private readonly columns: number;

  // Coefficients of one whole movable, in shares of the account's size. Losses are cell-major: [cell × movable].
  private readonly lossOf: Float64Array;
  private readonly slopes: Float64Array;
  private readonly costs: Float64Array;
  private readonly deltaOf: Float64Array;
  private readonly chargeOf: Float64Array;
  private readonly underlyingOf: Int32Array;
  private readonly bucketOf: Int32Array;
  private readonly reach: Float64Array;
  private readonly members: readonly Int32Array[];

  // Right sides.
  private readonly guards: Float64Array;
  private readonly targetSide: number;
  private readonly spendSide: number;

  // What each row number says.
  private readonly block: Int32Array;
  private readonly cell: Int32Array;

  // The point: every movable at the breakpoint `filled`, and what that gives.
  private readonly filled: Int32Array;
  private readonly baseLoss: Float64Array;
  private readonly baseDelta: Float64Array;
  private baseCost = 0;
  private baseReleased = 0;

  // The working basis: as many active rows as basic columns.
  private rows: number[] = [];
  private basics: number[] = [];
  private readonly isActive: Uint8Array;
  private readonly isBasic: Uint8Array;
  private readonly basis = new DenseFactor();
  private side = new Float64Array(64);
  private prices = new Float64Array(64);

  // At the point: the value of each basic column, the losses of each block, the reduced worth of each movable.
  private readonly values: Float64Array;
  private readonly losses: Float64Array;
  private readonly deltas: Float64Array;
  private readonly worth: Float64Array;
  private readonly worthRate: Float64Array;
  private costWeight = 0;
  private costRate = 0;

  // Breakpoints of the dual step, one a movable.
  private readonly stepAt: Float64Array;
  private readonly stepRate: Float64Array;
  private readonly stepSegment: Int32Array;
  private readonly stepUp: Uint8Array;

  constructor(
    private readonly programme: Programme,
    private readonly objective: Objective,
  ) {
    const { movables, underlyings, buckets, cells, segments } = programme;
    const count = movables.length;
    this.count = count;
    this.cells = cells;
    this.segments = segments;
    this.units = underlyings.length;
    this.joined = underlyings.length > 1;
    this.numbers = rowNumbersOf(programme);
    this.size = sizeOf(programme);

    this.core = count;
    this.firstWorst = count + 1;
    this.firstCharge = this.firstWorst + (this.joined ? this.units : 0);
    this.columns = this.firstCharge + buckets.length;

    this.lossOf = new Float64Array(cells * count);
    this.slopes = new Float64Array(segments * count);
    this.costs = new Float64Array((segments + 1) * count);
    this.deltaOf = new Float64Array(count);
    this.chargeOf = new Float64Array(count);
    this.underlyingOf = new Int32Array(count);
    this.bucketOf = new Int32Array(count);
    this.reach = new Float64Array(count);
    this.readMovables();
    this.members = underlyings.map((_, underlying) =>
      Int32Array.from([...movables.keys()].filter((at) => movables[at]!.underlying === underlying)),
    );

    this.guards = new Float64Array(cells * (this.units + 1));
    for (const [at, { guard }] of [...underlyings, programme.joint].entries()) {
      for (let cell = 0; cell < cells; cell++) this.guards[at * cells + cell] = guard[cell]! / this.size;
    }
    this.targetSide = (programme.equity - programme.target * programme.charge) / this.size;
    this.spendSide = programme.costMax / this.size;

    this.block = new Int32Array(this.numbers.count);
    this.cell = new Int32Array(this.numbers.count);
    for (let row = this.numbers.worst; row < this.numbers.long; row++) {
      const at = row - (row < this.numbers.guard ? this.numbers.worst : this.numbers.guard);
      this.block[row] = Math.floor(at / cells);
      this.cell[row] = at % cells;
    }

    this.filled = new Int32Array(count);
    this.baseLoss = new Float64Array(cells * this.units);
    this.baseDelta = new Float64Array(buckets.length);
    this.isActive = new Uint8Array(this.numbers.count);
    this.isBasic = new Uint8Array(this.columns);
    this.values = new Float64Array(this.columns);
    this.losses = new Float64Array(cells * (this.units + 1));
    this.deltas = new Float64Array(buckets.length);
    this.worth = new Float64Array(count);
    this.worthRate = new Float64Array(count);
    this.stepAt = new Float64Array(count);
    this.stepRate = new Float64Array(count);
    this.stepSegment = new Int32Array(count);
    this.stepUp = new Uint8Array(count);
  }

  private readMovables(): void {
    const { count, cells, segments, size } = this;
    for (const [at, movable] of this.programme.movables.entries()) {
      const { unitsMax, direction, halfSpread, impact } = movable;
      this.underlyingOf[at] = movable.underlying;
      this.bucketOf[at] = movable.bucket;
      const scale = unitsMax / size;
      for (let cell = 0; cell < cells; cell++) {
        const loss = -direction * scale * movable.profits[cell]!;
        this.lossOf[cell * count + at] = loss;
        this.reach[at] = Math.max(this.reach[at]!, Math.abs(loss));
      }
      for (let segment = 0; segment < segments; segment++) {
        const ends = (unitsMax * (2 * segment + 1)) / segments;
        this.slopes[at * segments + segment] = scale * (halfSpread + impact * ends);
      }
      for (let bend = 0; bend <= segments; bend++) {
        const share = bend / segments;
        this.costs[at * (segments + 1) + bend] = scale * share * (halfSpread + impact * unitsMax * share);
      }
      this.deltaOf[at] = direction * scale * movable.delta * this.programme.buckets[movable.bucket]!.chargeRate;
      this.chargeOf[at] = scale * movable.charge;
    }
  }

  run(): Optimum {
    this.start();
    const limit = 500 + 20 * (this.count + this.numbers.count);
    for (let iteration = 0; iteration < limit; iteration++) {
      if (iteration % 64 === 0) this.refresh();
      if (!this.factorBasis()) return this.answer("STALLED", iteration);
      this.evaluate();
      this.priceRows();
      const leaving = this.mostViolated();
      if (leaving === null) return this.answer("OPTIMAL", iteration);
      if (!this.step(leaving)) return this.answer("INFEASIBLE", iteration);
    }
    return this.answer("STALLED", limit);
  }

  private answer(status: Optimum["status"], iterations: number): Optimum {
    const shares = new Float64Array(this.count);
    for (let at = 0; at < this.count; at++) {
      const within = this.isBasic[at] === 1 ? this.values[at]! : 0;
      shares[at] = Math.min(1, Math.max(0, this.filled[at]! / this.segments + within));
    }
    const prices = new Float64Array(this.numbers.count);
    for (const [at, row] of this.rows.entries()) prices[row] = Math.max(0, this.prices[at]!);
    return { status, shares, prices, iterations };
  }

  /** The empty plan: M, W and D basic where they are above zero, each on the row that makes it so. */
  private start(): void {
    this.refresh();
    const { cells, units, numbers } = this;
    this.losses.set(this.baseLoss);
    this.sumJoint();
    const highest = (from: number) => {
      let found = from;
      for (let at = from; at < from + cells; at++) if (this.losses[at]! > this.losses[found]!) found = at;
      return found;
    };
    if (!this.joined) {
      const worst = highest(0);
      if (this.losses[worst]! > 0) this.enter(numbers.worst + worst, this.core);
    } else {
      let sum = 0;
      for (let underlying = 0; underlying < units; underlying++) {
        const worst = highest(underlying * cells);
        if (this.losses[worst]! <= 0) continue;
        sum += this.losses[worst]!;
        this.enter(numbers.worst + worst, this.firstWorst + underlying);
      }
      const worst = highest(units * cells);
      const joint = this.losses[worst]!;
      const offset = this.programme.offset * sum;
      if (Math.max(joint, offset) > 0) this.enter(joint >= offset ? numbers.worst + worst : OFFSET, this.core);
    }
    for (const [bucket, delta] of this.baseDelta.entries()) {
      if (delta !== 0) this.enter((delta > 0 ? numbers.long : numbers.short) + bucket, this.firstCharge + bucket);
    }
    if (this.objective.shortfall > 0) this.fillWhatPays();
  }

  private enter(row: number, column: number): void {
    this.rows.push(row);
    this.isActive[row] = 1;
    this.basics.push(column);
    this.isBasic[column] = 1;
  }

  /** Where least shortfall is asked for, every segment that pays at the first prices is traded: then all prices hold. */
  private fillWhatPays(): void {
    if (!this.factorBasis()) return;
    this.priceRows();
    this.weigh(this.rows, this.prices, this.worth, this.objective.shortfall);
    const weight = this.costWeight + this.objective.cost;
    for (let at = 0; at < this.count; at++) {
      let filled = 0;
      while (filled < this.segments && this.slopes[at * this.segments + filled]! * weight - this.worth[at]! < 0) {
        filled++;
      }
      this.place(at, filled);
    }
  }

  /** Moves a movable to a breakpoint and the base with it. */
  private place(at: number, filled: number): void {
    const moved = (filled - this.filled[at]!) / this.segments;
    if (moved === 0) return;
    const { count, cells } = this;
    const from = this.underlyingOf[at]! * cells;
    for (let cell = 0; cell < cells; cell++) this.baseLoss[from + cell]! += moved * this.lossOf[cell * count + at]!;
    const costs = at * (this.segments + 1);
    this.baseCost += this.costs[costs + filled]! - this.costs[costs + this.filled[at]!]!;
    this.baseReleased += moved * this.chargeOf[at]!;
    this.baseDelta[this.bucketOf[at]!]! += moved * this.deltaOf[at]!;
    this.filled[at] = filled;
  }

  /** The base summed anew, so that nothing drifts. */
  private refresh(): void {
    const { programme, size, cells, segments } = this;
    for (const [underlying, { losses }] of programme.underlyings.entries()) {
      for (let cell = 0; cell < cells; cell++) this.baseLoss[underlying * cells + cell] = losses[cell]! / size;
    }
    for (const [bucket, { delta, chargeRate }] of programme.buckets.entries()) {
      this.baseDelta[bucket] = (delta * chargeRate) / size;
    }
    this.baseCost = 0;
    this.baseReleased = 0;
    for (let at = 0; at < this.count; at++) {
      const filled = this.filled[at]!;
      this.filled[at] = 0;
      if (filled <= segments) this.place(at, filled);
    }
  }

  private slopeOf(at: number): number {
    return this.slopes[at * this.segments + this.filled[at]!]!;
  }

  /** The coefficient of a basic column in a row; a movable stands in the segment above its breakpoint. */
  private coefficient(row: number, column: number): number {
    const { numbers } = this;
    if (column < this.count) {
      if (row === TARGET) return this.slopeOf(column) - this.programme.target * this.chargeOf[column]!;
      if (row === SPEND) return this.slopeOf(column);
      if (row === OFFSET) return 0;
      if (row >= numbers.short) return row - numbers.short === this.bucketOf[column] ? -this.deltaOf[column]! : 0;
      if (row >= numbers.long) return row - numbers.long === this.bucketOf[column] ? this.deltaOf[column]! : 0;
      const block = this.block[row]!;
      if (block !== this.units && block !== this.underlyingOf[column]) return 0;
      return this.lossOf[this.cell[row]! * this.count + column]!;
    }
    if (column === this.core) {
      if (row === TARGET) return this.programme.target;
      if (row === OFFSET) return -1;
      if (row < numbers.worst || row >= numbers.guard) return 0;
      return this.block[row] === (this.joined ? this.units : 0) ? -1 : 0;
    }
    if (column < this.firstCharge) {
      const underlying = column - this.firstWorst;
      if (row === OFFSET) return this.programme.offset;
      return row >= numbers.worst && row < numbers.guard && this.block[row] === underlying ? -1 : 0;
    }
    const bucket = column - this.firstCharge;
    if (row === TARGET) return this.programme.target;
    return row === numbers.long + bucket || row === numbers.short + bucket ? -1 : 0;
  }

  private factorBasis(): boolean {
    const { rows, basics, basis } = this;
    const size = rows.length;
    if (size > this.side.length) {
      this.side = new Float64Array(2 * size);
      this.prices = new Float64Array(2 * size);
    }
    basis.clear(size);
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < size; column++) {
        basis.entries[row * size + column] = this.coefficient(rows[row]!, basics[column]!);
      }
    }
    return basis.factor();
  }

  /** What is left of a row's right side with every movable at its breakpoint and M, W, D at zero. */
  private roomOf(row: number): number {
    const { numbers } = this;
    if (row === TARGET) return this.targetSide - this.baseCost + this.programme.target * this.baseReleased;
    if (row === SPEND) return this.spendSide - this.baseCost;
    if (row === OFFSET) return 0;
    if (row >= numbers.short) return this.baseDelta[row - numbers.short]!;
    if (row >= numbers.long) return -this.baseDelta[row - numbers.long]!;
    const { cells } = this;
    const block = this.block[row]!;
    const cell = this.cell[row]!;
    let loss = 0;
    if (block < this.units) loss = this.baseLoss[block * cells + cell]!;
    else for (let at = cell; at < this.baseLoss.length; at += cells) loss += this.baseLoss[at]!;
    return (row >= numbers.guard ? this.guards[block * cells + cell]! : 0) - loss;
  }

  /** Values of the basic columns and the losses that they give. */
  private evaluate(): void {
    const { rows, basics, side, count, cells } = this;
    for (const [at, row] of rows.entries()) side[at] = this.roomOf(row);
    this.basis.solve(side);
    const { losses, deltas } = this;
    losses.set(this.baseLoss);
    deltas.set(this.baseDelta);
    for (const [position, column] of basics.entries()) {
      const value = side[position]!;
      this.values[column] = value;
      if (column >= count) continue;
      deltas[this.bucketOf[column]!]! += value * this.deltaOf[column]!;
      const from = this.underlyingOf[column]! * cells;
      for (let cell = 0; cell < cells; cell++) losses[from + cell]! += value * this.lossOf[cell * count + column]!;
    }
    this.sumJoint();
  }

  /** Puts the sum over underlyings behind the losses of each. */
  private sumJoint(): void {
    const { cells, units, losses } = this;
    for (let cell = 0; cell < cells; cell++) {
      let sum = 0;
      for (let at = cell; at < units * cells; at += cells) sum += losses[at]!;
      losses[units * cells + cell] = sum;
    }
  }

  /** Prices of the active rows: those at which every basic column is worth exactly what it costs. */
  private priceRows(): void {
    const { basics, prices, objective } = this;
    const { target } = this.programme;
    for (const [position, column] of basics.entries()) {
      let cost = 0;
      if (column < this.count) {
        cost =
          this.slopeOf(column) * (objective.cost + objective.shortfall) -
          objective.shortfall * target * this.chargeOf[column]!;
      } else if (column === this.core || column >= this.firstCharge) cost = objective.shortfall * target;
      prices[position] = -cost;
    }
    this.basis.solveTransposed(prices);
  }

  /** The largest violation, as a share of the account: of rows that are not active, and of basic columns. */
  private mostViolated(): Leaving | null {
    let worst: Leaving | null = null;
    let largest = FEASIBLE;
    const { basics, values, reach, segments } = this;
    for (const [position, column] of basics.entries()) {
      const value = values[column]!;
      const weight = column < this.count ? reach[column]! : 1;
      if (-value * weight > largest) {
        largest = -value * weight;
        worst = { row: NONE, position, atUpper: false, violation: -value };
      }
      const above = column < this.count ? value - 1 / segments : 0;
      if (above * weight > largest) {
        largest = above * weight;
        worst = { row: NONE, position, atUpper: true, violation: above };
      }
    }
    const row = this.mostViolatedRow(largest);
    return row ?? worst;
  }

  private mostViolatedRow(least: number): Leaving | null {
    const { numbers, cells, units, values, losses, isActive } = this;
    let found = NONE;
    let largest = least;
    const consider = (row: number, violation: number) => {
      if (violation > largest && isActive[row] === 0) [largest, found] = [violation, row];
    };
    const { cost, charge, worsts } = this.totals();
    if (this.objective.shortfall === 0) consider(TARGET, cost + this.programme.target * charge - this.targetSide);
    consider(SPEND, cost - this.spendSide);
    const core = values[this.core]! * this.isBasic[this.core]!;
    if (this.joined) consider(OFFSET, this.programme.offset * worsts - core);
    const blocks = this.joined ? units + 1 : 1;
    for (let block = 0; block < blocks; block++) {
      const column = this.joined && block < units ? this.firstWorst + block : this.core;
      const worst = values[column]! * this.isBasic[column]!;
      for (let at = block * cells; at < (block + 1) * cells; at++) {
        consider(numbers.worst + at, losses[at]! - worst);
        consider(numbers.guard + at, losses[at]! - this.guards[at]!);
      }
    }
    for (let bucket = 0; bucket < this.baseDelta.length; bucket++) {
      const column = this.firstCharge + bucket;
      const charged = values[column]! * this.isBasic[column]!;
      const delta = this.deltas[bucket]!;
      consider(numbers.long + bucket, delta - charged);
      consider(numbers.short + bucket, -delta - charged);
    }
    return found === NONE ? null : { row: found, position: NONE, atUpper: false, violation: largest };
  }

  /** Cost of the trades, core and charges less what was released, and the sum of the worst cells, at the point. */
  private totals() {
    let cost = this.baseCost;
    let charge = -this.baseReleased;
    let worsts = 0;
    for (const column of this.basics) {
      const value = this.values[column]!;
      if (column < this.count) {
        cost += value * this.slopeOf(column);
        charge -= value * this.chargeOf[column]!;
      } else if (column === this.core || column >= this.firstCharge) charge += value;
      else worsts += value;
    }
    return { cost, charge, worsts };
  }

  /**
   * Worth of each movable at these row weights: what one whole unit of it is good for, before its cost. Sets the weight that
   * its cost has beside it.
   */
  private weigh(rows: readonly number[], weights: Float64Array, worth: Float64Array, onTarget: number): void {
    let target = onTarget;
    let spend = 0;
    worth.fill(0);
    for (const [at, row] of rows.entries()) {
      const weight = weights[at]!;
      if (row === TARGET) target += weight;
      else if (row === SPEND) spend += weight;
      else if (weight !== 0) this.weighRow(row, weight, worth);
    }
    const factor = target * this.programme.target;
    if (factor !== 0) for (let at = 0; at < this.count; at++) worth[at]! += factor * this.chargeOf[at]!;
    this.costWeight = target + spend;
  }

  private weighRow(row: number, weight: number, worth: Float64Array): void {
    const { numbers, count } = this;
    if (row === OFFSET) return;
    if (row >= numbers.long) {
      const isShort = row >= numbers.short;
      const bucket = row - (isShort ? numbers.short : numbers.long);
      const factor = isShort ? weight : -weight;
      for (let at = 0; at < count; at++) {
        if (this.bucketOf[at] === bucket) worth[at]! += factor * this.deltaOf[at]!;
      }
      return;
    }
    const from = this.cell[row]! * count;
    const block = this.block[row]!;
    if (block === this.units) {
      for (let at = 0; at < count; at++) worth[at]! -= weight * this.lossOf[from + at]!;
      return;
    }
    const members = this.members[block]!;
    for (let index = 0; index < members.length; index++) {
      const at = members[index]!;
      worth[at]! -= weight * this.lossOf[from + at]!;
    }
  }

  /** One iteration: how far the prices move, which breakpoints they pass, and what enters. False: nothing can. */
  private step(leaving: Leaving): boolean {
    const { rows, basics, objective } = this;
    const size = rows.length;
    const direction = this.side;
    for (let position = 0; position < size; position++) {
      direction[position] = leaving.row === NONE ? 0 : -this.coefficient(leaving.row, basics[position]!);
    }
    if (leaving.row === NONE) direction[leaving.position] = leaving.atUpper ? -1 : 1;
    this.basis.solveTransposed(direction);

    this.weigh(rows, this.prices, this.worth, objective.shortfall);
    const weight = this.costWeight + objective.cost;
    this.costWeight = weight;
    if (leaving.row === NONE) this.weigh(rows, direction, this.worthRate, 0);
    else {
      // The leaving row moves by one beside the active ones.
      const moving = [...rows, leaving.row];
      const rates = new Float64Array(size + 1);
      rates.set(direction.subarray(0, size));
      rates[size] = 1;
      this.weigh(moving, rates, this.worthRate, 0);
    }
    this.costRate = this.costWeight;
    this.costWeight = weight;
    return this.pivot(leaving, direction);
  }

  private pivot(leaving: Leaving, direction: Float64Array): boolean {
    const { basics } = this;
    const left = leaving.row === NONE ? basics[leaving.position]! : NONE;
    if (left !== NONE && left < this.count && leaving.atUpper) this.place(left, this.filled[left]! + 1);
    for (let at = 0; at < this.count; at++) {
      if (this.isBasic[at] === 1 && at !== left) this.stepAt[at] = Infinity;
      else this.findBreakpoint(at);
    }
    const fixed = this.nextFixed(leaving, direction);
    let slope = leaving.violation;
    for (;;) {
      const at = this.nextBreakpoint(fixed.at, fixed.rate);
      if (at === NONE) break;
      const passed = Math.abs(this.stepRate[at]!) / this.segments;
      if (slope - passed <= 0) {
        this.leave(leaving);
        this.replace(NONE, at);
        return true;
      }
      slope -= passed;
      this.pass(at);
    }
    if (fixed.at === Infinity) return false;
    this.leave(leaving);
    this.replace(fixed.row, fixed.column);
    return true;
  }

  /** Takes the leaving column out of the basis, or the leaving row into it; `replace` restores the balance. */
  private leave({ row, position }: Leaving): void {
    if (row !== NONE) {
      this.rows.push(row);
      this.isActive[row] = 1;
      return;
    }
    this.isBasic[this.basics[position]!] = 0;
    this.basics.splice(position, 1);
  }

  private replace(row: number, column: number): void {
    if (row !== NONE) {
      this.rows.splice(this.rows.indexOf(row), 1);
      this.isActive[row] = 0;
      return;
    }
    if (column < this.count) this.place(column, this.stepSegment[column]!);
    this.basics.push(column);
    this.isBasic[column] = 1;
  }

  /** The first bend of a movable that the moving prices reach: its next segment begins to pay, or its last one ceases to. */
  private findBreakpoint(at: number): void {
    this.stepAt[at] = Infinity;
    this.findBend(at, true);
    this.findBend(at, false);
  }

  /** The bend on one side, if the prices reach it before the one that is already there. */
  private findBend(at: number, isUp: boolean): void {
    const { segments, worth, worthRate } = this;
    const segment = this.filled[at]! - (isUp ? 0 : 1);
    if (segment < 0 || segment >= segments) return;
    const slope = this.slopes[at * segments + segment]!;
    // Reduced cost of the segment and its rate: at least zero while the segment is empty, at most zero while it is full.
    const sign = isUp ? 1 : -1;
    const reduced = sign * (slope * this.costWeight - worth[at]!);
    const rate = sign * (slope * this.costRate - worthRate[at]!);
    if (rate >= -RATE_MIN) return;
    const distance = Math.max(0, reduced) / -rate;
    if (distance >= this.stepAt[at]!) return;
    this.stepAt[at] = distance;
    this.stepRate[at] = rate;
    this.stepSegment[at] = segment;
    this.stepUp[at] = isUp ? 1 : 0;
  }

  /** The nearest bend that comes before the nearest bound without an end; NONE when there is none. */
  private nextBreakpoint(before: number, beforeRate: number): number {
    let found = NONE;
    let nearest = before;
    let largest = Math.abs(beforeRate);
    for (let at = 0; at < this.count; at++) {
      const distance = this.stepAt[at]!;
      if (distance > nearest || distance === Infinity) continue;
      const rate = Math.abs(this.stepRate[at]!);
      if (distance < nearest || rate > largest) [found, nearest, largest] = [at, distance, rate];
    }
    return found;
  }

  /** Trades, or takes back, the whole segment and looks for the next one of the same movable. */
  private pass(at: number): void {
    const isUp = this.stepUp[at] === 1;
    this.place(at, this.stepSegment[at]! + (isUp ? 1 : 0));
    this.stepAt[at] = Infinity;
    this.findBend(at, isUp);
  }

  /** The nearest bound that has no other end: the price of an active row, or a column M, W, D at zero. */
  private nextFixed(leaving: Leaving, direction: Float64Array) {
    let found = { at: Infinity, rate: 0, row: NONE, column: NONE };
    const consider = (reduced: number, rate: number, row: number, column: number) => {
      if (rate >= -RATE_MIN) return;
      const at = Math.max(0, reduced) / -rate;
      if (at < found.at || (at === found.at && -rate > Math.abs(found.rate))) found = { at, rate, row, column };
    };
    for (const [at, row] of this.rows.entries()) consider(this.prices[at]!, direction[at]!, row, NONE);
    for (let column = this.core; column < this.columns; column++) {
      if (this.isBasic[column] === 1) continue;
      let reduced =
        column === this.core || column >= this.firstCharge ? this.objective.shortfall * this.programme.target : 0;
      let rate = leaving.row === NONE ? 0 : this.coefficient(leaving.row, column);
      for (const [at, row] of this.rows.entries()) {
        const coefficient = this.coefficient(row, column);
        if (coefficient === 0) continue;
        reduced += coefficient * this.prices[at]!;
        rate += coefficient * direction[at]!;
      }
      consider(reduced, rate, NONE, column);
    }
    return found;
  }
}

/** The measure of the account: its largest figure, so that coefficients are of the order of one. */
function sizeOf({ underlyings, joint, equity, charge }: Programme): number {
  let size = Math.max(Math.abs(equity), charge);
  for (const { losses } of [...underlyings, joint]) for (const loss of losses) size = Math.max(size, Math.abs(loss));
  return size > 0 ? size : 1;
}
