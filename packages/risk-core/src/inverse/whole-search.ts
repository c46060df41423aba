/*
 * Searches over whole numbers of lots, units or ticks. A margin need not be monotone in a size: a hedge helps until it
 * is none any more, and some rules have steps. So every answer is a *pair* of neighbours, one that holds and one that does
 * not, found by bisection between two that were tried; each search says which of several such pairs it finds.
 */

/** Lots, units or ticks that are tried at most: 2^46, so that sums of them are exact. */
const DOUBLINGS = 46;

/**
 * The last whole number that holds, beyond which doubled numbers do not: the outermost pair that doubling sees. Null when
 * neither a power of two nor the best size between holds; "unbounded" when 2^46 does.
 *
 * @param merit by which the best size is looked for when no power of two holds; it should have one peak
 */
export function outermost(holds: (n: number) => boolean, merit: (n: number) => number): number | "unbounded" | null {
  const probes = Array.from({ length: DOUBLINGS + 1 }, (_, at) => 2 ** at);
  const last = probes.findLast(holds);
  if (last === 2 ** DOUBLINGS) return "unbounded";
  if (last !== undefined) return lastBetween(last, last * 2, holds);
  const best = peak(merit, probes);
  return holds(best) ? lastBetween(best, 2 ** DOUBLINGS, holds) : null;
}

/** The first whole number ≥ 0 that holds, of the innermost pair that doubling sees; null when 2^46 does not. */
export function innermost(holds: (n: number) => boolean): number | null {
  if (holds(0)) return 0;
  let [below, above] = [0, 1];
  while (!holds(above)) {
    if (above >= 2 ** DOUBLINGS) return null;
    [below, above] = [above, above * 2];
  }
  return firstBetween(below, above, holds);
}

/** With `below` not holding and `above` holding: a number that holds and whose predecessor does not. */
export function firstBetween(below: number, above: number, holds: (n: number) => boolean): number {
  let [no, yes] = [below, above];
  while (yes - no > 1) {
    const middle = no + Math.floor((yes - no) / 2);
    if (holds(middle)) yes = middle;
    else no = middle;
  }
  return yes;
}

function lastBetween(holding: number, beyond: number, holds: (n: number) => boolean): number {
  return firstBetween(holding, beyond, (n) => !holds(n)) - 1;
}

/** Where the merit is largest, by thirds around the best of some numbers that ascend. */
export function peak(merit: (n: number) => number, probes: readonly number[]): number {
  const merits = probes.map(merit);
  const best = merits.reduce((most, value, at) => (value > (merits[most] ?? -Infinity) ? at : most), 0);
  let [low, high] = [probes[best - 1] ?? 0, probes[best + 1] ?? probes[best] ?? 0];
  while (high - low > 2) {
    const third = Math.floor((high - low) / 3);
    const [left, right] = [low + third, high - third];
    if (merit(left) < merit(right)) low = left;
    else high = right;
  }
  return [low, low + 1, low + 2].reduce((most, n) => (n > 0 && merit(n) > merit(most) ? n : most), Math.max(low, 1));
}
