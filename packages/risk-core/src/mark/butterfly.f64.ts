import { exponential, type SviSmile, sviPoint } from "../pricing/index.js";

/*
 * Butterfly arbitrage of a whole smile: Durrleman's g at every strike. It is smooth, bends where the smile bends and
 * around the forward, and tends to (4 − slope²)/16 in each wing, which Lee's bound keeps at or above zero. So it is looked
 * at densely around both places and ever more thinly outwards, at place + spread · sinh(u) for even steps of u; and where
 * it comes near zero between two steps, its lowest point there is searched.
 */

const STEPS = 24;
const STEP = 0.25;
/** A dip between two steps is searched when g is below this at both of its ends: it falls by less than that in between. */
const NEAR = 0.1;
const HALVINGS = 14;
/** Room for rounding: g is a sum of terms of about one. */
const ROUNDING = 1e-12;

/**
 * Is Durrleman's g at or above zero at every strike?
 *
 * Cost: some 100 points of the smile; ends at the first that is below.
 *
 * @method MARK-7
 */
export function hasNoButterfly(smile: SviSmile): boolean {
  return leastAround(smile, smile.m) >= -ROUNDING && leastAround(smile, 0) >= -ROUNDING;
}

/** The lowest g around a place, or the first one found below zero. */
function leastAround(smile: SviSmile, place: number): number {
  const g = (u: number): number => {
    const grown = exponential(u);
    return sviPoint(smile, place + smile.sigma * 0.5 * (grown - 1 / grown)).durrleman;
  };
  let least = Number.POSITIVE_INFINITY;
  let [before, here] = [Number.POSITIVE_INFINITY, g(-STEPS * STEP)];
  for (let step = -STEPS; step <= STEPS; step++) {
    if (!(here >= -ROUNDING)) return here;
    if (here < least) least = here;
    const after = step === STEPS ? Number.POSITIVE_INFINITY : g((step + 1) * STEP);
    if (here < NEAR && here <= before && here <= after) least = Math.min(least, lowest(g, step * STEP));
    [before, here] = [here, after];
  }
  return least;
}

/** The lowest value within one step of `u`, by golden section. */
function lowest(g: (u: number) => number, u: number): number {
  let [low, high] = [u - STEP, u + STEP];
  let [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
  let [atLeft, atRight] = [g(left), g(right)];
  for (let halving = 0; halving < HALVINGS; halving++) {
    if (atLeft < atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - GOLDEN * (high - low);
      atLeft = g(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + GOLDEN * (high - low);
      atRight = g(right);
    }
  }
  return Math.min(atLeft, atRight);
}

const GOLDEN = 0.6180339887498949;
