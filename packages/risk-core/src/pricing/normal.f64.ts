import { exponential, logRatio } from "./elementary.f64.js";

/*
 * The standard normal distribution.
 *
 * Both tails come from one function, the scaled tail (a Mills ratio over √2π)
 *
 *     Y(z) = e^{z²/2}·N(−z)   for z ≥ 0,   so   N(−z) = e^{−z²/2}·Y(z)   and   N(z) = 1 − N(−z).
 *
 * Y falls smoothly from ½ to 1/(z√2π): one rational of degree 10/11, all coefficients positive, follows it from the
 * centre to infinity with a relative error of 1e-17, and no term cancels. Two pieces of lower degree (7/8 and 5/5)
 * would save a dozen operations and cost a branch and a seam that shows in differences of two tails.
 *
 * What is left is the exponential. Its argument z²/2 is rounded, and at z = 37 that rounding alone is 7e-14 of the
 * answer. `cumulativeNormal` therefore squares the leading 24 bits of z exactly and puts the rest into a second factor.
 * Prices do without: there z is itself a rounded result.
 *
 * Coefficients are our own fits in 110-digit arithmetic.
 */

/** 1/√(2π): the density at zero. */
export const DENSITY_AT_ZERO = 0.3989422804014327;

/** Beyond this the powers in the rational might overflow; Y is 4e-26 there and for a caller as good as zero. */
const SCALED_TAIL_MAX = 1e25;

/**
 * Y(z) = e^{z²/2}·N(−z), for z ≥ 0, within 1e-15 relative. Positive; no branch but the guard against overflow.
 *
 * @method PRICING-2
 */
export function scaledTail(z: number): number {
  const x = z < SCALED_TAIL_MAX ? z : SCALED_TAIL_MAX;
  let p = 3.3224105690033396e-7;
  let q = 8.32804827219664e-7;
  q = q * x + 2.4425248180280117e-5;
  p = p * x + 9.744264208411883e-6;
  q = q * x + 3.5589984516601764e-4;
  p = p * x + 1.4165125476815285e-4;
  q = q * x + 3.3405147561425385e-3;
  p = p * x + 1.3229283103206632e-3;
  q = q * x + 2.2194265582637148e-2;
  p = p * x + 8.713244150829226e-3;
  q = q * x + 0.1087457241342512;
  p = p * x + 4.207982738107908e-2;
  q = q * x + 0.3986209592491119;
  p = p * x + 0.1505934907432243;
  q = q * x + 1.0881636133365742;
  p = p * x + 0.3945830510926656;
  q = q * x + 2.1598958732930558;
  p = p * x + 0.7271150527760174;
  q = q * x + 2.9597654192089373;
  p = p * x + 0.8578406003444464;
  q = q * x + 2.51356576149176;
  p = p * x + 0.5;
  q = q * x + 1;
  return p / q;
}

/**
 * N(x), the probability that a standard normal variable is at most x.
 *
 * Within 2e-16 of the truth, and within 2e-15 of it relatively down to x = −37; below that it fades with the smallest
 * floats and is 0 from −38.6 on.
 *
 * @method PRICING-2
 */
export function cumulativeNormal(x: number): number {
  const z = Math.abs(x);
  const tail = exponentialOfHalfSquare(z) * scaledTail(z);
  return x < 0 ? tail : 1 - tail;
}

/**
 * φ(x), the density of the standard normal distribution, within 1e-15 relative as far as floats are normal.
 *
 * @method PRICING-2
 */
export function normalDensity(x: number): number {
  return DENSITY_AT_ZERO * exponentialOfHalfSquare(Math.abs(x));
}

/**
 * The x with N(x) = probability, within 1e-15·max(1, |x|): −∞ at 0, ∞ at 1, NaN outside [0, 1].
 *
 * Next to ½ a rational in (p − ½)², odd by construction. In the tails a rational in √(−2 ln p) is within 7e-9, and one
 * Newton step on ln N(−z) = −z²/2 + ln Y(z) finishes: the logarithm is nearly a parabola there, and nothing underflows.
 * A probability next to 1 is read as its distance from 1, which is exact; it cannot say more than that distance holds.
 *
 * @method PRICING-2
 */
export function normalQuantile(probability: number): number {
  const fromHalf = probability - 0.5;
  if (Math.abs(fromHalf) <= 0.25) return fromHalf * centralQuantile(fromHalf * fromHalf);
  const tail = probability < 0.5 ? probability : 1 - probability;
  if (tail === 0) return probability < 0.5 ? -Infinity : Infinity;
  if (!(tail > 0)) return NaN;
  const z = tailQuantile(tail);
  return probability < 0.5 ? -z : z;
}

/** e^{−z²/2} for z ≥ 0 with z² exact to well beyond a float64. */
function exponentialOfHalfSquare(z: number): number {
  if (z > 40) return 0;
  const leading = Math.fround(z);
  const rest = (z - leading) * (z + leading);
  return exponential(-0.5 * (leading * leading)) * exponential(-0.5 * rest);
}

/** x ÷ (p − ½) for w = (p − ½)² ≤ 1/16. */
function centralQuantile(w: number): number {
  let p = 0.8668772300158347;
  let q = 15.52599150734755;
  p = p * w + 12.274941873115939;
  q = q * w - 38.987870280352595;
  p = p * w - 56.30487886054645;
  q = q * w + 30.505843236864475;
  p = p * w + 57.538384089122154;
  q = q * w - 9.410122053905114;
  p = p * w - 20.962743017093498;
  q = q * w + 1;
  p = p * w + 2.5066282746310007;
  return p / q;
}

/** The z > 0 with N(−z) = tail, for 0 < tail < 0.25. */
function tailQuantile(tail: number): number {
  const logTail = tail < SMALLEST_NORMAL ? logRatio(tail * 2 ** 64, 1) - 64 * LN2 : logRatio(tail, 1);
  const t = Math.sqrt(-2 * logTail);
  let p = 0.01765186399625574;
  let q = 0.01765123590162868;
  p = p * t + 0.6111201197102727;
  q = q * t + 0.611311096569597;
  p = p * t + 3.816463714242606;
  q = q * t + 3.9139065057333893;
  p = p * t + 2.8392969065187272;
  q = q * t + 5.0160273233867505;
  p = p * t - 6.998397931696109;
  q = q * t + 1;
  p = p * t - 3.1398184091614487;
  const z = p / q;
  const tailAtZ = scaledTail(z);
  return z + ((logRatio(tailAtZ, 1) - 0.5 * (z * z) - logTail) * tailAtZ) / DENSITY_AT_ZERO;
}

/** Below this a float64 has no exponent left to read; a product with 2^64 brings it back. */
const SMALLEST_NORMAL = 2.2250738585072014e-308;
const LN2 = 0.6931471805599453;
