import type { Objective } from "./dual-simplex.f64.js";
import type { Programme } from "./programme.f64.js";

/*
 * The whole programme, every row and every segment written out as a sparse matrix: what any general solver reads. Nothing
 * here is shared with our own solver but the figures, so that the two can check each other.
 *
 * Columns: the segments of each movable in units, then M, W(u) of each underlying, D(b) of each bucket, and the shortfall
 * when it is asked for.
 */

/** Minimise costs · x over 0 ≤ x ≤ `columnMax`, rows · x ≤ `rowMax`. Rows are compressed: entries of row r from `starts[r]`. */
export interface SparseProgramme {
  readonly costs: Float64Array;
  readonly columnMax: Float64Array;
  readonly rowMax: Float64Array;
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

/** Writes the programme out in full, in dollars and units; nothing is scaled and no row is left out. */
export function writeFullProgramme(programme: Programme, objective: Objective): SparseProgramme {
  const { movables, underlyings, joint, buckets, segments, cells, target, offset } = programme;
  const core = movables.length * segments;
  const worst = core + 1;
  const charged = worst + underlyings.length;
  const shortfall = charged + buckets.length;
  const hasShortfall = objective.shortfall > 0;
  const width = shortfall + (hasShortfall ? 1 : 0);
  const rows: (readonly (readonly [column: number, value: number])[])[] = [];
  const rowMax: number[] = [];
  const row = (entries: readonly (readonly [number, number])[], most: number) => {
    rows.push(entries.filter(([, value]) => value !== 0));
    rowMax.push(most);
  };
  /** One entry for every segment of every movable. */
  const traded = (perUnit: (at: number, segment: number) => number) =>
    movables.flatMap((_, at) =>
      Array.from({ length: segments }, (_segment, segment) => [at * segments + segment, perUnit(at, segment)] as const),
    );
  const chord = (at: number, segment: number) => {
    const { halfSpread, impact, unitsMax } = movables[at]!;
    return halfSpread + (impact * unitsMax * (2 * segment + 1)) / segments;
  };
  const lossChange = (cell: number, underlying: number | null) =>
    traded((at) => {
      const { direction, profits, underlying: own } = movables[at]!;
      return underlying === null || underlying === own ? -direction * profits[cell]! : 0;
    });

  row(
    [
      ...traded((at, segment) => chord(at, segment) - target * movables[at]!.charge),
      [core, target],
      ...buckets.map((_, at) => [charged + at, target] as const),
      ...(hasShortfall ? [[shortfall, -1] as const] : []),
    ],
    programme.equity - target * programme.charge,
  );
  row(traded(chord), programme.costMax);
  row([...underlyings.map((_, at) => [worst + at, offset] as const), [core, -1]], 0);
  for (let cell = 0; cell < cells; cell++) {
    for (const [at, { losses, guard }] of underlyings.entries()) {
      const change = lossChange(cell, at);
      row([...change, [worst + at, -1]], -losses[cell]!);
      row(change, guard[cell]! - losses[cell]!);
    }
    const change = lossChange(cell, null);
    row([...change, [core, -1]], -joint.losses[cell]!);
    row(change, joint.guard[cell]! - joint.losses[cell]!);
  }
  for (const [at, { delta, chargeRate }] of buckets.entries()) {
    const change = traded((of) => {
      const { bucket, direction, delta: perUnit } = movables[of]!;
      return bucket === at ? direction * perUnit * chargeRate : 0;
    });
    row([...change, [charged + at, -1]], -delta * chargeRate);
    row([...change.map(([column, value]) => [column, -value] as const), [charged + at, -1]], delta * chargeRate);
  }

  const costs = new Float64Array(width);
  const columnMax = new Float64Array(width).fill(Infinity);
  for (const [at, { unitsMax }] of movables.entries()) {
    for (let segment = 0; segment < segments; segment++) {
      costs[at * segments + segment] = objective.cost * chord(at, segment);
      columnMax[at * segments + segment] = unitsMax / segments;
    }
  }
  if (hasShortfall) costs[shortfall] = objective.shortfall;
  const entries = rows.flat();
  const starts = Int32Array.from(rows.reduce<number[]>((sums, each) => [...sums, sums.at(-1)! + each.length], [0]));
  return {
    costs,
    columnMax,
    rowMax: Float64Array.from(rowMax),
    starts,
    columns: Int32Array.from(entries, ([column]) => column),
    values: Float64Array.from(entries, ([, value]) => value),
  };
}
