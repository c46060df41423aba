/*
 * The exponential and the logarithm that pricing stands on.
 *
 * `Math.exp` and `Math.log` may differ in the last bit between engines and versions, and then a replay on another
 * machine is no replay. These two use only the operations that IEEE 754 rounds exactly (+ − × ÷), in a fixed order, so
 * they answer the same bits everywhere, and a vector kernel that keeps the order agrees bit for bit.
 *
 * exp: x = k·ln 2 + r with |r| ≤ ln 2 / 2, and e^r = 1 + r + r²·P(r), P of degree 9 (error of the fit 1.6e-17).
 * log: of a ratio, without dividing first. With the denominator scaled by 2^e so that the ratio lies in [√½, √2) and
 * s = (a − b)/(a + b), ln(a/b) = 2·artanh(s) = 2s + s³·L(s²), L of degree 6 (5e-18). The difference a − b is exact
 * there, so ln(F/K) keeps its relative accuracy next to the money, where a rounded quotient would lose it: an option
 * about to expire divides that logarithm by a tiny deviation.
 *
 * The coefficients are our own minimax fits, made in 60-digit arithmetic and rounded once.
 */

/** ln 2 in two parts; the first ends in eleven zero bits, so that its product with an exponent is exact. */
const LN2_HIGH = 0.6931471805598903;
const LN2_LOW = 5.497923018708371e-14;
const ONE_OVER_LN2 = 1.4426950408889634;

/** Every 2^k that a float64 can hold, subnormal ones included: a look-up instead of writing exponent bits. */
const EXPONENT_MIN = -1075;
const POWERS_OF_TWO = powersOfTwo();

/** For reading the exponent of a quotient. */
const BITS = new DataView(new ArrayBuffer(8));
/** The upper half of the bits of 1 and of √½. */
const HIGH_OF_ONE = 0x3ff00000;
const HIGH_OF_ROOT_HALF = 0x3fe6a09e;

/**
 * e^x within one unit in the last place; 0 and infinity where a float64 has nothing between; NaN for NaN.
 *
 * @method PRICING-1
 */
export function exponential(x: number): number {
  if (!(x > -745.14)) return Number.isNaN(x) ? x : 0;
  if (x > 709) return x > 710 ? Infinity : exponential(0.5 * x) * exponential(0.5 * x);
  const k = Math.floor(x * ONE_OVER_LN2 + 0.5);
  const r = x - k * LN2_HIGH - k * LN2_LOW;
  let p = 2.5068106121378856e-8;
  p = p * r + 2.762004655807622e-7;
  p = p * r + 2.755735567565744e-6;
  p = p * r + 2.4801521396570133e-5;
  p = p * r + 1.9841269784515785e-4;
  p = p * r + 1.38888889171382e-3;
  p = p * r + 8.333333333356249e-3;
  p = p * r + 4.166666666662431e-2;
  p = p * r + 0.16666666666666644;
  p = p * r + 0.5000000000000001;
  return (1 + (r + r * r * p)) * (POWERS_OF_TWO[k - EXPONENT_MIN] as number);
}

/**
 * ln(numerator ÷ denominator), within 2 units in the last place, however close to zero.
 *
 * Both are above zero, normal, and their quotient is in [1e-300, 1e300]; otherwise the answer means nothing.
 *
 * @method PRICING-1
 */
export function logRatio(numerator: number, denominator: number): number {
  // Next to the money the exponent is zero, and the quotient that would tell it is not needed.
  const isNear = numerator > 0.75 * denominator && numerator < 1.375 * denominator;
  const exponent = isNear ? 0 : exponentOf(numerator / denominator);
  const scaled = isNear ? denominator : denominator * (POWERS_OF_TWO[exponent - EXPONENT_MIN] as number);
  const s = (numerator - scaled) / (numerator + scaled);
  const w = s * s;
  let p = 0.1461713884835605;
  p = p * w + 0.15331662767644605;
  p = p * w + 0.18182891006247062;
  p = p * w + 0.2222221110711689;
  p = p * w + 0.2857142862615928;
  p = p * w + 0.3999999999989906;
  p = p * w + 0.666666666666667;
  return exponent * LN2_HIGH + (2 * s + (s * w * p + exponent * LN2_LOW));
}

/** The exponent that leaves the quotient in [√½, √2). */
function exponentOf(quotient: number): number {
  BITS.setFloat64(0, quotient);
  return ((BITS.getInt32(0) + (HIGH_OF_ONE - HIGH_OF_ROOT_HALF)) >> 20) - 1023;
}

/** Doubling and halving from 1: exact, which a power function need not be. */
function powersOfTwo(): Float64Array {
  const powers = new Float64Array(1024 - EXPONENT_MIN);
  powers[-EXPONENT_MIN] = 1;
  for (let k = 1; k < 1024; k++) powers[k - EXPONENT_MIN] = 2 * (powers[k - 1 - EXPONENT_MIN] as number);
  for (let k = -1; k >= EXPONENT_MIN; k--) powers[k - EXPONENT_MIN] = 0.5 * (powers[k + 1 - EXPONENT_MIN] as number);
  return powers;
}
