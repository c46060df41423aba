import { entry, type SquareMatrix } from "../estimate/square-matrix.f64.js";

/*
 * The calm view may put a leg that gains more than it loses at less than its gain (HYBRID-27), at whatever suits the book:
 * the least of x' C x over a box.
 *
 * Some sides rest on their bounds, the others are open. The least over the open ones is a linear system; the way there
 * ends at the first bound that it meets, which then holds that side. Where nothing is met, the side that pulls inward most
 * is let go, and where none pulls, the point is the least. Every face of the box is the least at most once, so this
 * ends; going to one side's best place after the other does too, and takes for ever where two underlyings are nearly one.
 */

/** A pull that is rounding, as a share of the box. */
const NO_PULL = 1e-13;
/** What elimination leaves of a row that depends on those before it. */
const NO_PIVOT = 1e-13;
/** Far more than any box was seen to need: rounding may make two faces look better than each other. */
const TURNS_PER_SIDE = 20;

/**
 * The point of the box [low, high] where x' C x is least. It is in the box whatever happens, so its form is never too
 * small.
 *
 * @param correlation  possible (no negative form); as many rows as the box has sides
 *
 * Cost: a few times open sides³; nothing where the box is a point.
 */
export function smallestForm(
  low: readonly number[],
  high: readonly number[],
  correlation: SquareMatrix,
): readonly number[] {
  const lowest = (side: number) => low[side] as number;
  const highest = (side: number) => high[side] as number;
  const point = low.map((least, side) => Math.min(Math.max(0, least), highest(side)));
  const sides = [...low.keys()].filter((side) => highest(side) > lowest(side));
  const held = new Set(sides);
  const size = sides.reduce((sum, side) => sum + Math.max(Math.abs(lowest(side)), Math.abs(highest(side))), 0);
  for (let turn = 0; turn < TURNS_PER_SIDE * sides.length; turn += 1) {
    const open = sides.filter((side) => !held.has(side));
    const step = stepToLeast(open, point, correlation);
    let reach = 1;
    let met: number | undefined;
    for (const [at, side] of open.entries()) {
      const [here, wanted] = [point[side] as number, step[at] as number];
      const room = wanted < 0 ? lowest(side) - here : highest(side) - here;
      if (Math.abs(wanted) * reach > Math.abs(room)) [reach, met] = [room / wanted, side];
    }
    for (const [at, side] of open.entries()) {
      const [bound, moved] = [(step[at] as number) < 0 ? lowest(side) : highest(side), reach * (step[at] as number)];
      point[side] =
        side === met ? bound : Math.min(Math.max((point[side] as number) + moved, lowest(side)), highest(side));
    }
    if (met !== undefined) {
      held.add(met);
      continue;
    }
    let most = NO_PULL * size;
    let released: number | undefined;
    for (const side of held) {
      const slope = slopeAt(side, point, correlation);
      const isFree = slope > 0 ? (point[side] as number) > lowest(side) : (point[side] as number) < highest(side);
      if (isFree && Math.abs(slope) > most) [most, released] = [Math.abs(slope), side];
    }
    if (released === undefined) break;
    held.delete(released);
  }
  return point;
}

/** Half the slope of the form. */
function slopeAt(side: number, point: readonly number[], correlation: SquareMatrix): number {
  let sum = 0;
  for (let other = 0; other < point.length; other += 1)
    sum += entry(correlation, side, other) * (point[other] as number);
  return sum;
}

/** From a point to where the form is least if only the open sides move and no bound is in the way. */
function stepToLeast(open: readonly number[], point: readonly number[], correlation: SquareMatrix): readonly number[] {
  const rows = open.map((side) => [
    ...open.map((other) => entry(correlation, side, other)),
    -slopeAt(side, point, correlation),
  ]);
  for (const [at, row] of rows.entries()) {
    const pivot = row[at] as number;
    // A side that the others already make up stays where it is.
    if (pivot <= NO_PIVOT) {
      row.fill(0);
      continue;
    }
    for (const other of rows) {
      const share = (other[at] as number) / pivot;
      if (other === row || share === 0) continue;
      for (let column = at; column < row.length; column += 1) {
        other[column] = (other[column] as number) - share * (row[column] as number);
      }
    }
  }
  return rows.map((row, at) => (row[at] === 0 ? 0 : (row[open.length] as number) / (row[at] as number)));
}
