import type { Objective } from "./dual-simplex.f64.js";
import { OFFSET, type Programme, type RowNumbers, rowNumbersOf, SPEND, TARGET } from "./programme.f64.js";

/*
 * A proof of optimality that does not trust the solver. Whatever prices ≥ 0 are put on the rows, the least of
 * objective + Σ price × (left side − right side) over the bounds alone is at most the least of the programme. With the
 * prices of an optimum the two are equal. So a plan carries its cost and this bound, and who doubts it adds up one sum.
 */

/** What trades come to, read off the programme. Dollars. */
export interface Outcome {
  /** By chords, as the programme counts it. */
  readonly cost: number;
  readonly core: number;
  readonly charges: number;
  /** cost + target × (core + charges) − equity: how far the target is missed; below zero, by how much it is passed. */
  readonly shortfall: number;
}

/** A bound and what the prices say about each movable. */
export interface Certificate {
  /** No plan within the guard and the cost limit has an objective below this. Dollars; the objective counts the shortfall. */
  readonly bound: number;
  /** By movable: the marginal cost a unit up to which trading it pays at these prices. */
  readonly worths: Float64Array;
}

/** What shares of `unitsMax` come to. */
export function outcomeOf(programme: Programme, shares: Float64Array): Outcome {
  const { underlyings, joint, buckets, movables, cells, offset, target } = programme;
  const losses = underlyings.map((each) => Float64Array.from(each.losses));
  const together = Float64Array.from(joint.losses);
  const deltas = buckets.map(({ delta }) => delta);
  let cost = 0;
  let charges = programme.charge;
  for (const [at, movable] of movables.entries()) {
    const units = movable.unitsMax * shares[at]!;
    if (units === 0) continue;
    cost += chordCost(movable, programme.segments, units);
    charges -= movable.charge * units;
    deltas[movable.bucket]! += movable.direction * units * movable.delta;
    for (let cell = 0; cell < cells; cell++) {
      const change = -movable.direction * units * movable.profits[cell]!;
      losses[movable.underlying]![cell]! += change;
      together[cell]! += change;
    }
  }
  const sum = losses.reduce((worsts, each) => worsts + Math.max(0, ...each), 0);
  const core = underlyings.length === 1 ? sum : Math.max(0, ...together, offset * sum);
  charges += buckets.reduce((total, { chargeRate }, at) => total + Math.abs(deltas[at]!) * chargeRate, 0);
  return { cost, core, charges, shortfall: cost + target * (core + charges) - programme.equity };
}

/** Cost of `units` by chords on equal segments: never below the parabola, and equal to it at the ends of each segment. */
export function chordCost(
  { unitsMax, halfSpread, impact }: { readonly unitsMax: number; readonly halfSpread: number; readonly impact: number },
  segments: number,
  units: number,
): number {
  const width = unitsMax / segments;
  const full = Math.min(segments, Math.floor(units / width));
  const bend = full * width;
  const beyond = Math.max(0, units - bend);
  return bend * (halfSpread + impact * bend) + beyond * (halfSpread + impact * (bend + bend + width));
}

/** What one unit more of a movable would cost, by chords; for one that is traded whole, what its last unit did. */
export function marginalCost({ movables, segments }: Programme, at: number, share: number): number {
  const { halfSpread, impact, unitsMax } = movables[at]!;
  const segment = Math.min(segments - 1, Math.floor(share * segments + 1e-9));
  return halfSpread + (impact * unitsMax * (2 * segment + 1)) / segments;
}

/**
 * The bound that row prices prove, and the worth of each movable at them.
 *
 * Prices below zero count as zero; where a group of prices would make M, W or D worth more than it costs, the group is
 * scaled down until it does not: any prices give a true bound, only those of an optimum a sharp one.
 */
export function certify(programme: Programme, objective: Objective, given: Float64Array): Certificate {
  const { underlyings, buckets, movables, cells, segments, target } = programme;
  const rows = rowNumbersOf(programme);
  const prices = feasiblePrices(programme, objective, rows, given);
  const onTarget = objective.shortfall + prices[TARGET]!;
  const costWeight = objective.cost + onTarget + prices[SPEND]!;
  const joined = underlyings.length > 1;

  // Σ price × (what stands on the right), with the losses before the plan moved over to it.
  let bound =
    objective.shortfall * (target * programme.charge - programme.equity) -
    prices[TARGET]! * (programme.equity - target * programme.charge) -
    prices[SPEND]! * programme.costMax;
  const cellPrices = [...underlyings, programme.joint].map(({ losses, guard }, block) => {
    const sum = new Float64Array(cells);
    for (let cell = 0; cell < cells; cell++) {
      const worst = prices[rows.worst + block * cells + cell]!;
      const guarded = prices[rows.guard + block * cells + cell]!;
      sum[cell] = worst + guarded;
      bound += worst * losses[cell]! + guarded * (losses[cell]! - guard[cell]!);
    }
    return sum;
  });
  const bucketPrices = buckets.map(({ delta, chargeRate }, at) => {
    const price = prices[rows.long + at]! - prices[rows.short + at]!;
    bound += price * delta * chargeRate;
    return price * chargeRate;
  });

  const worths = new Float64Array(movables.length);
  for (const [at, movable] of movables.entries()) {
    const { direction, profits, underlying, bucket } = movable;
    let worth = onTarget * target * movable.charge - bucketPrices[bucket]! * direction * movable.delta;
    for (let cell = 0; cell < cells; cell++) {
      const price = cellPrices[underlying]![cell]! + (joined ? cellPrices[underlyings.length]![cell]! : 0);
      worth += price * direction * profits[cell]!;
    }
    worths[at] = costWeight > 0 ? worth / costWeight : 0;
    const width = movable.unitsMax / segments;
    for (let segment = 0; segment < segments; segment++) {
      const slope = movable.halfSpread + movable.impact * width * (2 * segment + 1);
      bound += Math.min(0, slope * costWeight - worth) * width;
    }
  }
  return { bound, worths };
}

/**
 * The row whose price gives most of a movable's worth: what the trade is for. Null when no row makes it worth anything.
 */
export function strongestRow(programme: Programme, prices: Float64Array, at: number): number | null {
  const { movables, underlyings, buckets, cells, target } = programme;
  const rows = rowNumbersOf(programme);
  const { underlying, bucket, direction, delta, charge, profits } = movables[at]!;
  let found: number | null = null;
  let largest = 0;
  const consider = (row: number, worth: number) => {
    if (worth > largest) [found, largest] = [row, worth];
  };
  consider(TARGET, prices[TARGET]! * target * charge);
  const relief = direction * delta * buckets[bucket]!.chargeRate;
  consider(rows.long + bucket, -relief * prices[rows.long + bucket]!);
  consider(rows.short + bucket, relief * prices[rows.short + bucket]!);
  for (const block of new Set([underlying, underlyings.length])) {
    for (let cell = 0; cell < cells; cell++) {
      const row = block * cells + cell;
      const price = prices[rows.worst + row]! + prices[rows.guard + row]!;
      const isGuard = prices[rows.guard + row]! > prices[rows.worst + row]!;
      consider((isGuard ? rows.guard : rows.worst) + row, price * direction * profits[cell]!);
    }
  }
  return found;
}

function feasiblePrices(programme: Programme, objective: Objective, rows: RowNumbers, given: Float64Array) {
  const { underlyings, buckets, cells, target, offset } = programme;
  const prices = Float64Array.from(given, (price) => Math.max(0, price));
  const room = (objective.shortfall + prices[TARGET]!) * target;
  const shrink = (members: readonly number[], most: number) => {
    const sum = members.reduce((total, row) => total + prices[row]!, 0);
    if (sum > most) for (const row of members) prices[row]! *= most / sum;
  };
  const block = (at: number) => Array.from({ length: cells }, (_, cell) => rows.worst + at * cells + cell);
  if (underlyings.length === 1) {
    shrink(block(0), room);
    // With one underlying there are no joint rows and no offset.
    prices[OFFSET] = 0;
    prices.fill(0, rows.worst + cells, rows.guard);
    prices.fill(0, rows.guard + cells, rows.long);
  } else {
    shrink([...block(underlyings.length), OFFSET], room);
    for (const at of underlyings.keys()) shrink(block(at), offset * prices[OFFSET]!);
  }
  for (const at of buckets.keys()) shrink([rows.long + at, rows.short + at], room);
  return prices;
}
