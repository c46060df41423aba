import type { Programme } from "./programme.f64.js";

/** Losses in every cell in float64: of each underlying and of all together. */
export interface ScannedLosses {
  readonly underlyings: readonly Float64Array[];
  readonly joint: Float64Array;
}

/** The losses after trading `traded` units (unsigned, by column) of the account that the programme is of. */
export function lossesOf({ underlyings, joint, movables, cells }: Programme, traded: Float64Array): ScannedLosses {
  const after = underlyings.map(({ losses }) => Float64Array.from(losses));
  const together = Float64Array.from(joint.losses);
  for (const { column, underlying, direction, profits } of movables) {
    const units = direction * traded[column]!;
    if (units === 0) continue;
    const own = after[underlying]!;
    for (let cell = 0; cell < cells; cell++) {
      own[cell]! -= units * profits[cell]!;
      together[cell]! -= units * profits[cell]!;
    }
  }
  return { underlyings: after, joint: together };
}

/** Every cell that may be the worst loss, when each is known to within `doubt`; none when all are surely gains. */
export function cellsNearWorst(losses: Float64Array, doubt: number): readonly number[] {
  let worst = 0;
  for (const loss of losses) worst = Math.max(worst, loss);
  const found: number[] = [];
  for (let cell = 0; cell < losses.length; cell++) if (losses[cell]! > worst - 2 * doubt) found.push(cell);
  return found;
}

/** Every cell that may be above its guard, when each is known to within `doubt`. */
export function cellsNearGuard(losses: Float64Array, guard: Float64Array, doubt: number): readonly number[] {
  const found: number[] = [];
  for (let cell = 0; cell < losses.length; cell++) if (losses[cell]! > guard[cell]! - 2 * doubt) found.push(cell);
  return found;
}
