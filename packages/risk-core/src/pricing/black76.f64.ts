import { exponential, logRatio } from "./elementary.f64.js";
import { cumulativeNormal, scaledTail } from "./normal.f64.js";

/*
 * Black's formula of 1976, undiscounted, as a kernel for scans.
 *
 *     call = F·N(d1) − K·N(d2),   d1 = h + t,   d2 = h − t,   h = ln(F/K)/s,   t = s/2,   s = σ√T (the deviation)
 *
 * Because F·φ(d1) = K·φ(d2), both tails share one exponential. With M = F·e^{−d1²/2} and the scaled tail Y of
 * `normal.f64.ts`, F·N(−d1) = M·Y(d1) and K·N(−d2) = M·Y(d2), and the price is intrinsic value plus time value:
 *
 *     d1 < 0       time value = M·(Y(−d1) − Y(−d2))     call = time value              put = K − F + time value
 *     d2 ≥ 0       time value = M·(Y(d2) − Y(d1))       call = F − K + time value      put = time value
 *     otherwise    tails = M·(Y(d1) + Y(−d2))           call = F − tails               put = K − tails
 *
 * One exponential, one logarithm, two rationals, four divisions. Out of the money the price is the small difference
 * itself, never one of large numbers, so it keeps its relative accuracy down to the smallest float, and put–call parity
 * needs no subtraction of prices. Time value is kept at or above zero, where the last bit of Y could carry it below.
 *
 * Order of operations, for a twin that wants the same bits: h = logRatio(F, K) ÷ s; t = 0.5·s; d1 = h + t; d2 = h − t;
 * M = F·exponential(−0.5·(d1·d1)); Y(|d1|) and Y(|d2|) by `scaledTail`; then `callFromTails` or `putFromTails`. Nothing
 * is contracted into a fused multiply-add. `black76-column.f64.ts` is such a twin, and twice as fast.
 */

/**
 * The undiscounted value of a European call on a forward, within 1e-15 of max(forward, strike).
 *
 * Forward, strike and deviation are at or above zero. A zero is a limit and is answered as such: no deviation leaves
 * intrinsic value, a strike of zero leaves the forward, a forward of zero leaves nothing. What is below zero or not a
 * number gives NaN. Forward and strike up to 1e150 with a quotient within 1e±300: doors check before they call.
 *
 * @param deviation σ√T: volatility times the root of the years to expiry
 * @method PRICING-3
 */
export function black76Call(forward: number, strike: number, deviation: number): number {
  if (!(forward > 0 && strike > 0 && deviation > 0)) return intrinsicAtLimit(forward, strike, deviation);
  const h = logRatio(forward, strike) / deviation;
  const t = 0.5 * deviation;
  const d1 = h + t;
  const d2 = h - t;
  const scale = forward * exponential(-0.5 * (d1 * d1));
  return callFromTails(forward, strike, d1, d2, scale, scaledTail(Math.abs(d1)), scaledTail(Math.abs(d2)));
}

/**
 * The undiscounted value of a European put on a forward; accuracy, domain and limits as `black76Call`.
 *
 * @method PRICING-3
 */
export function black76Put(forward: number, strike: number, deviation: number): number {
  if (!(forward > 0 && strike > 0 && deviation > 0)) return intrinsicAtLimit(strike, forward, deviation);
  const h = logRatio(forward, strike) / deviation;
  const t = 0.5 * deviation;
  const d1 = h + t;
  const d2 = h - t;
  const scale = forward * exponential(-0.5 * (d1 * d1));
  return putFromTails(forward, strike, d1, d2, scale, scaledTail(Math.abs(d1)), scaledTail(Math.abs(d2)));
}

/**
 * N(d1): the slope of the undiscounted call by the forward, within 1e-15 of what the rounding of its inputs leaves open; a
 * put's is 1 less. Limits as `black76Call`; without deviation and on the strike, the ½ between the two slopes that meet.
 *
 * @method PRICING-3
 */
export function black76CallDelta(forward: number, strike: number, deviation: number): number {
  if (forward > 0 && strike > 0 && deviation > 0) {
    return cumulativeNormal(logRatio(forward, strike) / deviation + 0.5 * deviation);
  }
  if (!(forward >= 0 && strike >= 0 && deviation >= 0)) return NaN;
  return forward === strike ? 0.5 : forward > strike ? 1 : 0;
}

/** The call of the essay's table; `tail1` and `tail2` are Y(|d1|) and Y(|d2|), `scale` is M. */
export function callFromTails(
  forward: number,
  strike: number,
  d1: number,
  d2: number,
  scale: number,
  tail1: number,
  tail2: number,
): number {
  if (d1 < 0) return atLeastZero(scale * (tail1 - tail2));
  if (d2 < 0) return forward - scale * (tail1 + tail2);
  return forward - strike + atLeastZero(scale * (tail2 - tail1));
}

/** The put of the essay's table. */
export function putFromTails(
  forward: number,
  strike: number,
  d1: number,
  d2: number,
  scale: number,
  tail1: number,
  tail2: number,
): number {
  if (d1 < 0) return strike - forward + atLeastZero(scale * (tail1 - tail2));
  if (d2 < 0) return strike - scale * (tail1 + tail2);
  return atLeastZero(scale * (tail2 - tail1));
}

/** What is left where nothing is left to chance: `received` is got for `paid`. NaN for what has no price. */
function intrinsicAtLimit(received: number, paid: number, deviation: number): number {
  if (!(received >= 0 && paid >= 0 && deviation >= 0)) return NaN;
  return received > paid ? received - paid : 0;
}

/** Written so that NaN stays NaN. */
function atLeastZero(value: number): number {
  return value < 0 ? 0 : value;
}
