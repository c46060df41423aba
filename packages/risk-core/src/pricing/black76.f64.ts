import { exponential, logRatio } from "./elementary.f64.js";
import { cumulativeNormal, DENSITY_AT_ZERO, scaledTail } from "./normal.f64.js";

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
 * itself, never one of large numbers, and put–call parity needs no subtraction of prices.
 *
 * Shortly before expiry even the small difference is one of nearly equal numbers: a share of about s is left of them.
 * There all three cases become M·(Y(a − t) − Y(a + t)) with a = |h|, a series in t whose derivatives follow from
 * Y′ = aY − 1/√(2π). Below a deviation of 0.05 four terms reach the last bit. So the price keeps its relative accuracy:
 * it errs by 1e-15 of max(F, K) at most, and by 6e-14 of itself within 5 deviations of the forward, 1.2e-12 out to
 * 37 (50-digit references, deviations from 1e-9 to 10).
 *
 * Order of operations, for a twin that wants the same bits: h = logRatio(F, K) ÷ s; t = 0.5·s; d1 = h + t; d2 = h − t;
 * M = F·exponential(−0.5·(d1·d1)); then `timeValueBySeries` or Y(|d1|) and Y(|d2|), and the functions below. Nothing is
 * contracted into a fused multiply-add. `black76-column.f64.ts` is such a twin, and twice as fast.
 */

/** Below this deviation time value is computed by its series. */
export const SERIES_DEVIATION_MAX = 0.05;

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
  if (deviation < SERIES_DEVIATION_MAX) {
    return callFromTimeValue(forward, strike, h, timeValueBySeries(scale, Math.abs(h), t));
  }
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
  if (deviation < SERIES_DEVIATION_MAX) {
    return putFromTimeValue(forward, strike, h, timeValueBySeries(scale, Math.abs(h), t));
  }
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
  if (d1 < 0) return scale * (tail1 - tail2);
  if (d2 < 0) return forward - scale * (tail1 + tail2);
  return forward - strike + scale * (tail2 - tail1);
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
  if (d1 < 0) return strike - forward + scale * (tail1 - tail2);
  if (d2 < 0) return strike - scale * (tail1 + tail2);
  return scale * (tail2 - tail1);
}

/** A call from the value of the option out of the money, which it is itself for h < 0. */
export function callFromTimeValue(forward: number, strike: number, h: number, timeValue: number): number {
  return h < 0 ? timeValue : forward - strike + timeValue;
}

/** A put from the value of the option out of the money. */
export function putFromTimeValue(forward: number, strike: number, h: number, timeValue: number): number {
  return h < 0 ? strike - forward + timeValue : timeValue;
}

/** M·(Y(a − t) − Y(a + t)) for a ≥ 0 and 0 < t ≤ 0.025: −2·M·(t·Y′ + t³·Y‴/3! + t⁵·Y⁗′/5! + t⁷·…) at a. */
export function timeValueBySeries(scale: number, a: number, t: number): number {
  // Far out nothing is left, and the derivatives may overflow.
  if (scale === 0) return 0;
  const y0 = scaledTail(a);
  const y1 = a * y0 - DENSITY_AT_ZERO;
  const y2 = a * y1 + y0;
  const y3 = a * y2 + 2 * y1;
  const y4 = a * y3 + 3 * y2;
  const y5 = a * y4 + 4 * y3;
  const y6 = a * y5 + 5 * y4;
  const y7 = a * y6 + 6 * y5;
  const w = t * t;
  return -2 * scale * t * (y1 + w * (y3 / 6 + w * (y5 / 120 + (w * y7) / 5040)));
}

/** What is left where nothing is left to chance: `received` is got for `paid`. NaN for what has no price. */
function intrinsicAtLimit(received: number, paid: number, deviation: number): number {
  if (!(received >= 0 && paid >= 0 && deviation >= 0)) return NaN;
  return received > paid ? received - paid : 0;
}
