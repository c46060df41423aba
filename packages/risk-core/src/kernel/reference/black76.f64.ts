import * as k from "../black76-coefficients.f64.js";
import type { OptionColumns, OptionMatrix } from "../engine.js";

/*
 * Black's formula of 1976, undiscounted: the twin of `assembly/black76.ts`, one price at a time.
 *
 * Only the option that is out of the money is priced; the other is worth its intrinsic value more. With L ≤ H the smaller
 * and the larger of forward and strike, y = ln(H/L) and s = σ√T, that option is worth
 *
 *     L·N(−a) − H·N(−b),   a = y/s − s/2,   b = y/s + s/2
 *
 * whether it is a call or a put. Because L·φ(a) = H·φ(b), both tails share one exponential: with M = L·e^{−a²/2} and the
 * scaled tail Y(z) = e^{z²/2}·N(−z), they are M·Y(a) and M·Y(b); where a < 0 the first is L − M·Y(−a). So a price takes
 * one logarithm, one exponential, two rationals; nothing large is subtracted from anything large, puts and calls agree on
 * their parity by construction, and of a and b it is the smaller that is squared, so that a wide deviation loses no digits.
 *
 * Measured on 8,000 random options against 50-digit references: within 3.1e-16 of the larger of forward and strike, and
 * within 4e-16 as a matrix.
 */

/** Fills `prices`. @returns false when an input is outside the domain @method KERNEL-5 KERNEL-6 */
export function referenceOptions(
  { forwards, strikes, deviations, sides }: OptionColumns,
  prices: Float64Array,
): boolean {
  for (let at = 0; at < prices.length; at++) {
    const forward = forwards[at] as number;
    const strike = strikes[at] as number;
    const deviation = deviations[at] as number;
    const side = sides[at] as number;
    const lower = Math.min(forward, strike);
    const upper = Math.max(forward, strike);
    if (!(lower >= 0 && upper <= k.PRICE_MAX && isInDomain(deviation) && Math.abs(side) === 1)) return false;
    prices[at] = priceFrom(lower, logOfRatio(lower, upper), deviation) + intrinsicValue(forward, strike, side);
  }
  return true;
}

/** Fills `prices` [options × scenarios]. @returns false when a deviation is outside the domain @method KERNEL-5 */
export function referenceMatrix(
  { forwards, strikes, sides, deviations }: OptionMatrix,
  unit: number,
  prices: Float64Array,
): boolean {
  const logForwards = forwards.map((forward) => logInUnits(forward, unit));
  let at = 0;
  for (const [option, strike] of strikes.entries()) {
    const logStrike = logInUnits(strike, unit);
    const side = sides[option] as number;
    for (const [scenario, forward] of forwards.entries()) {
      const deviation = deviations[at] as number;
      if (!isInDomain(deviation)) return false;
      const moneyness = Math.abs((logForwards[scenario] as number) - logStrike);
      prices[at] = priceFrom(Math.min(forward, strike), moneyness, deviation) + intrinsicValue(forward, strike, side);
      at += 1;
    }
  }
  return true;
}

function isInDomain(deviation: number): boolean {
  return deviation >= 0 && deviation <= k.DEVIATION_MAX;
}

/** ln(value / unit). */
function logInUnits(value: number, unit: number): number {
  const size = logOfRatio(Math.min(value, unit), Math.max(value, unit));
  return value < unit ? -size : size;
}

/** Time value: what the option that is out of the money is worth. */
function priceFrom(lower: number, moneyness: number, deviation: number): number {
  const spread = Math.max(deviation, k.DEVIATION_MIN);
  const distance = Math.min(moneyness / spread, k.MONEYNESS_MAX);
  const shift = spread * 0.5;
  const a = distance - shift;
  const b = distance + shift;
  const scale = lower * exp2(a * a * k.HALF_SQUARE_TO_EXP2);
  const tailA = scale * scaledTail(Math.abs(a));
  const tailB = scale * scaledTail(b);
  return Math.max(0, (a < 0 ? lower - tailA : tailA) - tailB);
}

function intrinsicValue(forward: number, strike: number, side: number): number {
  return Math.max(0, side * (forward - strike));
}

/** Y(z) = e^{z²/2}·N(−z) for z ≥ 0; even and odd powers apart, which halves the chain of operations. */
export function scaledTail(z: number): number {
  const w = z * z;
  const oddP = ((k.TAIL_P7 * w + k.TAIL_P5) * w + k.TAIL_P3) * w + k.TAIL_P1;
  const evenP = (((k.TAIL_P8 * w + k.TAIL_P6) * w + k.TAIL_P4) * w + k.TAIL_P2) * w + k.TAIL_P0;
  const oddQ = (((k.TAIL_Q9 * w + k.TAIL_Q7) * w + k.TAIL_Q5) * w + k.TAIL_Q3) * w + k.TAIL_Q1;
  const evenQ = (((k.TAIL_Q8 * w + k.TAIL_Q6) * w + k.TAIL_Q4) * w + k.TAIL_Q2) * w + k.TAIL_Q0;
  return (oddP * z + evenP) / (oddQ * z + evenQ);
}

/*
 * A float64 and its two halves: the exponent is read and written in the high one.
 */
const float = new Float64Array(1);
const halves = new Uint32Array(float.buffer);

function highHalf(value: number): number {
  float[0] = value;
  return halves[1] as number;
}

/** `value` with `bits` added to its high half: times two for every 2^20. */
function withHighHalf(value: number, bits: number): number {
  float[0] = value;
  halves[1] = (halves[1] as number) + bits;
  return float[0];
}

/** 2^x for −1000 ≤ x ≤ 0: a whole power in the exponent, a polynomial for the rest. */
export function exp2(x: number): number {
  const whole = x + k.TO_WHOLE - k.TO_WHOLE;
  const r = x - whole;
  const s = r * r;
  const q = s * s;
  const high = (k.EXP2_11 * r + k.EXP2_10) * s + (k.EXP2_9 * r + k.EXP2_8);
  const middle = (k.EXP2_7 * r + k.EXP2_6) * s + (k.EXP2_5 * r + k.EXP2_4);
  const low = (k.EXP2_3 * r + k.EXP2_2) * s + (k.EXP2_1 * r + k.EXP2_0);
  return withHighHalf((high * q + middle) * q + low, whole * 0x100000);
}

/**
 * ln(upper / lower) for 0 ≤ lower ≤ upper, without dividing one by the other: the whole number of doublings between them
 * is taken off first, then ln(n/l) = 2·artanh((n − l)/(n + l)), whose difference is exact.
 */
export function logOfRatio(lower: number, upper: number): number {
  const low = Math.max(lower, k.LOG_OPERAND_MIN);
  const high = Math.max(upper, k.LOG_OPERAND_MIN);
  // A float's bits are nearly its binary logarithm; half a doubling is added to round.
  const doublings = (highHalf(high) - highHalf(low) + 0x80000) & 0xfff00000;
  const near = withHighHalf(high, -doublings);
  const s = (near - low) / (near + low);
  const z = s * s;
  const w = z * z;
  const odd = (k.LOG_5 * w + k.LOG_3) * w + k.LOG_1;
  const even = ((k.LOG_6 * w + k.LOG_4) * w + k.LOG_2) * w + k.LOG_0;
  const log = s + s + s * z * (odd * z + even);
  return (doublings / 0x100000 / 1024) * k.LN2_1024 + log;
}
