import { ok, type Result, reject } from "@ballast/model";
import { black76Call } from "./black76.f64.js";
import { type OptionType, type OutsideDomain, outsideDomain, outsideUnlessZero } from "./domain.f64.js";
import { logRatio } from "./elementary.f64.js";
import { DENSITY_AT_ZERO, normalDensity, normalQuantile } from "./normal.f64.js";

/*
 * The volatility that explains a price.
 *
 * What carries the volatility is time value, so the price is first stripped of intrinsic value, and every case becomes
 * one: an out-of-the-money call c(s) with forward f = min(F, K) and strike k = max(F, K), rising in the deviation s from
 * 0 to f. (A put out of the money is the call with forward and strike exchanged.)
 *
 * Newton on c itself crawls: in the wing c is flat to hundreds of digits, and near f flat again. So the equation is
 * bent until it is nearly straight. With x = ln(k/f), c has its inflection at s = √(2x); below it −ln(c/f) is close to
 * x²/2s², so 1/√(−2 ln(c/f)) is close to a line through zero; above it c is at first close to a line itself, and in its
 * upper half the distance to the ceiling falls like a normal tail, so its logarithm is taken. Three derivatives make up
 * for what is left of the bend: steps are Householder's of third order (the derivatives of c cost nothing once the
 * density is known): three prices on average, thirteen at most in a search over two hundred thousand options from seconds
 * to ten years and 37 deviations out. A bracket is kept all the while. A step that leaves it is replaced by halving, and so
 * is every step once there were too many: the worst case is a bisection.
 */

export interface PricedOption {
  readonly type: OptionType;
  readonly forward: number;
  readonly strike: number;
  /** Years of 365 days. */
  readonly expiryYears: number;
  /** Undiscounted: divide a premium paid now by the discount factor. */
  readonly price: number;
}

/** Why a price has no volatility. */
export type NoVolatility =
  | OutsideDomain
  /** At expiry every volatility gives the same price. */
  | { readonly code: "NO_TIME_LEFT" }
  /** Below what exercising at the forward would pay: no volatility is that low. */
  | { readonly code: "PRICE_BELOW_INTRINSIC"; readonly price: number; readonly intrinsic: number }
  /** Intrinsic value, or less than 1e-290 above it: any volatility too small to show in the price explains it. */
  | { readonly code: "NO_TIME_VALUE"; readonly price: number }
  /** At or above what no volatility reaches: the forward for a call, the strike for a put. */
  | { readonly code: "PRICE_NOT_BELOW_CEILING"; readonly price: number; readonly ceiling: number };

/**
 * The Black-76 volatility of an undiscounted option price, 1.00 being 100 % a year.
 *
 * How well it is known is the price's affair: its relative error and that of `black76Call`, times the price, over vega.
 *
 * Rejects with PRICING_INPUT_OUTSIDE_DOMAIN (a volatility outside it included), NO_TIME_LEFT, PRICE_BELOW_INTRINSIC,
 * NO_TIME_VALUE, PRICE_NOT_BELOW_CEILING. Cost: about three prices.
 *
 * @method PRICING-7
 */
export function impliedVolatility(option: PricedOption): Result<number, NoVolatility> {
  const { type, forward, strike, expiryYears, price } = option;
  const outside =
    outsideDomain("forward", forward) ??
    outsideDomain("strike", strike) ??
    outsideUnlessZero("expiryYears", expiryYears) ??
    outsideDomain("price", price);
  if (outside !== null) return reject(outside);
  if (expiryYears === 0) return reject({ code: "NO_TIME_LEFT" });
  const intrinsic = Math.max(0, type === "call" ? forward - strike : strike - forward);
  if (price < intrinsic) return reject({ code: "PRICE_BELOW_INTRINSIC", price, intrinsic });
  const ceiling = type === "call" ? forward : strike;
  if (price >= ceiling) return reject({ code: "PRICE_NOT_BELOW_CEILING", price, ceiling });
  const timeValue = price - intrinsic;
  if (timeValue <= TIME_VALUE_LEAST * Math.max(1, forward)) return reject({ code: "NO_TIME_VALUE", price });
  const deviation = impliedDeviation(Math.min(forward, strike), Math.max(forward, strike), timeValue);
  const volatility = deviation / Math.sqrt(expiryYears);
  const unlikely = outsideDomain("volatility", volatility);
  return unlikely === null ? ok(volatility) : reject(unlikely);
}

/** Of a forward above one; absolute below. Smaller ones are floats with few digits. */
const TIME_VALUE_LEAST = 1e-290;

/** After so many steps the bracket is halved, which ends by itself. */
const CURVED_STEPS_MAX = 40;

/** The s at which a call with forward ≤ strike is worth `timeValue`, for 0 < timeValue < forward. */
function impliedDeviation(forward: number, strike: number, timeValue: number): number {
  const x = logRatio(strike, forward);
  const inflection = Math.sqrt(2 * x);
  const isWing = timeValue < black76Call(forward, strike, inflection);
  let low = isWing ? 0 : inflection;
  // Beyond this the call is its ceiling to the last bit.
  let high = isWing ? inflection : 9 + Math.sqrt(81 + 2 * x);
  let s = isWing ? wingStart(forward, timeValue, x) : middleStart(forward, timeValue, x);
  for (let steps = 0; ; steps++) {
    if (!(s > low && s < high) || steps > CURVED_STEPS_MAX) s = 0.5 * (low + high);
    const call = black76Call(forward, strike, s);
    if (call === timeValue) return s;
    if (call < timeValue) low = s;
    else high = s;
    const step = isWing ? wingStep(forward, timeValue, x, s, call) : middleStep(forward, timeValue, x, s, call);
    s += step;
    // A step of third order leaves an error of the fourth power of what it moved by; neighbouring floats cannot be halved.
    if (Math.abs(step) <= 1e-5 * s || high - low <= 4e-16 * high) return Math.min(high, Math.max(low, s));
  }
}

/** From the leading term of the wing, −ln(c/f) ≈ x²/2s² − x/2, once corrected by what it leaves out. */
function wingStart(forward: number, timeValue: number, x: number): number {
  const depth = 0.5 * x - logRatio(timeValue, forward);
  const s = x / Math.sqrt(2 * depth);
  const leftOut = logRatio(x * x, DENSITY_AT_ZERO * s * s * s) + 0.125 * s * s;
  return depth > leftOut ? x / Math.sqrt(2 * (depth - leftOut)) : s;
}

/** As if the two tails above the ceiling were equal, as they are at the money. */
function middleStart(forward: number, timeValue: number, x: number): number {
  const z = -normalQuantile(0.5 * (1 - timeValue / forward));
  return z + Math.sqrt(z * z + 2 * x);
}

/** Householder's step for 1/√(−u) with u = ln(c/f). NaN where the call has vanished. */
function wingStep(forward: number, timeValue: number, x: number, s: number, call: number): number {
  if (!(call > 0)) return NaN;
  const depth = -logRatio(call, forward);
  const depthAimed = -logRatio(timeValue, forward);
  const growth = (forward * normalDensity(0.5 * s - x / s)) / call;
  const { bend, twist } = shapeOfCall(x, s);
  // 1/√depthAimed − 1/√depth over its slope, from the logarithm of the quotient rather than a difference of roots.
  const root = Math.sqrt(depth);
  const rootAimed = Math.sqrt(depthAimed);
  const newton = (2 * depth * logRatio(timeValue, call)) / ((root + rootAimed) * rootAimed * growth);
  const second = bend - growth + (1.5 * growth) / depth;
  const third =
    twist -
    3 * bend * growth +
    2 * growth * growth +
    (4.5 * growth * (bend - growth)) / depth +
    (3.75 * growth * growth) / (depth * depth);
  return householder(newton, second, third);
}

/** Householder's step for c in the lower half, where f − c would lose its digits, and for −ln(f − c) in the upper half. */
function middleStep(forward: number, timeValue: number, x: number, s: number, call: number): number {
  const slope = forward * normalDensity(0.5 * s - x / s);
  const { bend, twist } = shapeOfCall(x, s);
  if (timeValue < 0.5 * forward) return householder((timeValue - call) / slope, bend, twist);
  const room = forward - call;
  const growth = slope / room;
  const newton = logRatio(room, forward - timeValue) / growth;
  return householder(newton, bend + growth, twist + 3 * bend * growth + 2 * growth * growth);
}

/** Second and third derivative of the call by s, each over the first. */
function shapeOfCall(x: number, s: number): { readonly bend: number; readonly twist: number } {
  const ratio = x / s;
  const bend = (ratio * ratio) / s - 0.25 * s;
  return { bend, twist: bend * bend - (3 * ratio * ratio) / (s * s) - 0.25 };
}

/** From Newton's step and the second and third derivative over the first. */
function householder(newton: number, second: number, third: number): number {
  return (newton * (1 + 0.5 * second * newton)) / (1 + newton * (second + (third * newton) / 6));
}
