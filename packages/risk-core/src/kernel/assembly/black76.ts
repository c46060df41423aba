/*
 * Black's formula of 1976 for arrays, two prices in one instruction. `reference/black76.f64.ts` is its twin: the same
 * operations in the same order, one price at a time, with the mathematics told there.
 *
 * The work is cut into stages, each a short loop over a block that stays in the first-level cache. One long loop needs
 * some forty constants, which do not fit into sixteen registers and are built anew for every price, and its chain of
 * dependent operations is longer than a processor looks ahead: 55 to 60 million prices a second where the stages give
 * more than 75. For the same reasons the heavy stages take two vectors at a time, constants are read from memory before
 * the loop (a vector literal costs three instructions at each use), and polynomials are split so that their chains are
 * short.
 */
import * as k from "../black76-coefficients.f64";

/** Bytes of one column of a block: 256 prices. */
const BLOCK: usize = 2048;

/** The smaller and the larger of forward and strike. */
const LOWER = memory.data(2048, 16);
const UPPER = memory.data(2048, 16);
/** What the option is worth at no deviation. */
const INTRINSIC = memory.data(2048, 16);
/** ln(UPPER / LOWER). */
const MONEYNESS = memory.data(2048, 16);
/** The two arguments of the normal distribution: `a` in the first BLOCK, `b` in the second. */
const DEVIATES = memory.data(4096, 16);
/** LOWER · e^{−a²/2}. */
const SCALE = memory.data(2048, 16);
/** Y(|a|) and Y(b), laid out as DEVIATES. */
const TAILS = memory.data(4096, 16);

const DOMAIN = memory.data<f64>([k.PRICE_MAX, k.DEVIATION_MAX, k.DEVIATION_MIN, k.MONEYNESS_MAX], 16);
const LOG = memory.data<f64>(
  [k.LOG_0, k.LOG_1, k.LOG_2, k.LOG_3, k.LOG_4, k.LOG_5, k.LOG_6, k.LN2_1024, k.LOG_OPERAND_MIN],
  16,
);
const EXP2 = memory.data<f64>(
  [
    k.EXP2_0,
    k.EXP2_1,
    k.EXP2_2,
    k.EXP2_3,
    k.EXP2_4,
    k.EXP2_5,
    k.EXP2_6,
    k.EXP2_7,
    k.EXP2_8,
    k.EXP2_9,
    k.EXP2_10,
    k.EXP2_11,
    k.HALF_SQUARE_TO_EXP2,
    k.TO_WHOLE,
  ],
  16,
);
const TAIL_P = memory.data<f64>(
  [k.TAIL_P0, k.TAIL_P1, k.TAIL_P2, k.TAIL_P3, k.TAIL_P4, k.TAIL_P5, k.TAIL_P6, k.TAIL_P7, k.TAIL_P8],
  16,
);
const TAIL_Q = memory.data<f64>(
  [k.TAIL_Q0, k.TAIL_Q1, k.TAIL_Q2, k.TAIL_Q3, k.TAIL_Q4, k.TAIL_Q5, k.TAIL_Q6, k.TAIL_Q7, k.TAIL_Q8, k.TAIL_Q9],
  16,
);

/**
 * Prices options, each with its own forward, strike, deviation and side (1 call, −1 put). Addresses are of f64 columns;
 * `count` is a multiple of four.
 *
 * @returns 1, or 0 when an input is outside the domain (prices are then meaningless)
 */
export function priceOptions(
  forwards: usize,
  strikes: usize,
  deviations: usize,
  sides: usize,
  prices: usize,
  count: usize,
): i32 {
  let valid = i64x2.splat(-1);
  const end = count << 3;
  for (let at: usize = 0; at < end; at += BLOCK) {
    const size = min(BLOCK, end - at);
    valid = v128.and(valid, prepareOptions(forwards + at, strikes + at, sides + at, size));
    logarithms(size);
    valid = v128.and(valid, finishBlock(deviations + at, prices + at, size));
  }
  return i32(i64x2.all_true(valid));
}

/**
 * Prices every option under every scenario. Forwards and their logarithms are one to a scenario; strikes, their logarithms
 * and sides one to an option; deviations and prices row-major, [options × scenarios]. `scenarios` is a multiple of four.
 * Forwards, strikes and sides have been checked by the caller.
 *
 * @returns 1, or 0 when a deviation is outside the domain
 */
export function priceMatrix(
  forwards: usize,
  logForwards: usize,
  strikes: usize,
  logStrikes: usize,
  sides: usize,
  deviations: usize,
  prices: usize,
  options: usize,
  scenarios: usize,
): i32 {
  let valid = i64x2.splat(-1);
  let filled: usize = 0;
  for (let option: usize = 0, end = options << 3; option < end; option += 8) {
    const strike = v128.load64_splat(strikes + option);
    const logStrike = v128.load64_splat(logStrikes + option);
    const side = v128.load64_splat(sides + option);
    for (let at: usize = 0, width = scenarios << 3; at < width; at += 16) {
      const forward = v128.load(forwards + at);
      v128.store(LOWER + filled, f64x2.pmin(forward, strike));
      v128.store(INTRINSIC + filled, intrinsicValue(forward, strike, side));
      v128.store(MONEYNESS + filled, f64x2.abs(f64x2.sub(v128.load(logForwards + at), logStrike)));
      filled += 16;
      if (filled == BLOCK) {
        valid = v128.and(valid, finishBlock(deviations, prices, BLOCK));
        deviations += BLOCK;
        prices += BLOCK;
        filled = 0;
      }
    }
  }
  if (filled > 0) valid = v128.and(valid, finishBlock(deviations, prices, filled));
  return i32(i64x2.all_true(valid));
}

/** ln(values[i] / unit); `count` is a multiple of four. */
export function logRatios(values: usize, unit: f64, results: usize, count: usize): void {
  const one = f64x2.splat(unit);
  const end = count << 3;
  for (let from: usize = 0; from < end; from += BLOCK) {
    const size = min(BLOCK, end - from);
    for (let at: usize = 0; at < size; at += 16) {
      const value = v128.load(values + from + at);
      v128.store(LOWER + at, f64x2.pmin(value, one));
      v128.store(UPPER + at, f64x2.pmax(one, value));
    }
    logarithms(size);
    for (let at: usize = 0; at < size; at += 16) {
      const below = f64x2.lt(v128.load(values + from + at), one);
      v128.store(results + from + at, v128.xor(v128.load(MONEYNESS + at), v128.and(below, f64x2.splat(-0.0))));
    }
  }
}

/** Stage 1 of single options: LOWER, UPPER and INTRINSIC. @returns all ones where the inputs are inside the domain */
function prepareOptions(forwards: usize, strikes: usize, sides: usize, size: usize): v128 {
  let valid = i64x2.splat(-1);
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  const priceMax = v128.load64_splat(DOMAIN);
  for (let at: usize = 0; at < size; at += 16) {
    const forward = v128.load(forwards + at);
    const strike = v128.load(strikes + at);
    const side = v128.load(sides + at);
    // In this order `lower` is NaN when the forward is, and `upper` when the strike is: no NaN slips through.
    const lower = f64x2.pmin(forward, strike);
    const upper = f64x2.pmax(strike, forward);
    const inDomain = v128.and(f64x2.ge(lower, zero), f64x2.le(upper, priceMax));
    valid = v128.and(valid, v128.and(inDomain, f64x2.eq(f64x2.abs(side), one)));
    v128.store(LOWER + at, lower);
    v128.store(UPPER + at, upper);
    v128.store(INTRINSIC + at, intrinsicValue(forward, strike, side));
  }
  return valid;
}

/** Stages 3 to 6: prices from LOWER, INTRINSIC and MONEYNESS. @returns all ones where deviations are inside the domain */
function finishBlock(deviations: usize, prices: usize, size: usize): v128 {
  const valid = deviates(deviations, size);
  scales(size);
  tails(DEVIATES, TAILS, size);
  tails(DEVIATES + BLOCK, TAILS + BLOCK, size);
  sums(prices, size);
  return valid;
}

/** Stage 2: MONEYNESS = ln(UPPER / LOWER). */
function logarithms(size: usize): void {
  const c0 = v128.load64_splat(LOG);
  const c1 = v128.load64_splat(LOG, 8);
  const c2 = v128.load64_splat(LOG, 16);
  const c3 = v128.load64_splat(LOG, 24);
  const c4 = v128.load64_splat(LOG, 32);
  const c5 = v128.load64_splat(LOG, 40);
  const c6 = v128.load64_splat(LOG, 48);
  const ln2 = v128.load64_splat(LOG, 56);
  const operandMin = v128.load64_splat(LOG, 64);
  for (let at: usize = 0; at < size; at += 32) {
    const lower0 = f64x2.pmax(operandMin, v128.load(LOWER + at));
    const lower1 = f64x2.pmax(operandMin, v128.load(LOWER + at, 16));
    const upper0 = f64x2.pmax(operandMin, v128.load(UPPER + at));
    const upper1 = f64x2.pmax(operandMin, v128.load(UPPER + at, 16));
    const doublings0 = doublingsBetween(lower0, upper0);
    const doublings1 = doublingsBetween(lower1, upper1);
    const near0 = i32x4.sub(upper0, doublings0);
    const near1 = i32x4.sub(upper1, doublings1);
    const s0 = f64x2.div(f64x2.sub(near0, lower0), f64x2.add(near0, lower0));
    const s1 = f64x2.div(f64x2.sub(near1, lower1), f64x2.add(near1, lower1));
    const z0 = f64x2.mul(s0, s0);
    const z1 = f64x2.mul(s1, s1);
    const w0 = f64x2.mul(z0, z0);
    const w1 = f64x2.mul(z1, z1);
    const p0 = mad(mad(mad(c5, w0, c3), w0, c1), z0, mad(mad(mad(c6, w0, c4), w0, c2), w0, c0));
    const p1 = mad(mad(mad(c5, w1, c3), w1, c1), z1, mad(mad(mad(c6, w1, c4), w1, c2), w1, c0));
    const near2 = f64x2.add(f64x2.add(s0, s0), f64x2.mul(f64x2.mul(s0, z0), p0));
    const near3 = f64x2.add(f64x2.add(s1, s1), f64x2.mul(f64x2.mul(s1, z1), p1));
    v128.store(MONEYNESS + at, mad(countOf(doublings0), ln2, near2));
    v128.store(MONEYNESS + at, mad(countOf(doublings1), ln2, near3), 16);
  }
}

/** Stage 3: DEVIATES from MONEYNESS and the deviations. @returns all ones where the deviations are inside the domain */
function deviates(deviations: usize, size: usize): v128 {
  let valid = i64x2.splat(-1);
  const zero = f64x2.splat(0);
  const half = f64x2.splat(0.5);
  const deviationMax = v128.load64_splat(DOMAIN, 8);
  const deviationMin = v128.load64_splat(DOMAIN, 16);
  const moneynessMax = v128.load64_splat(DOMAIN, 24);
  for (let at: usize = 0; at < size; at += 16) {
    const deviation = v128.load(deviations + at);
    valid = v128.and(valid, v128.and(f64x2.ge(deviation, zero), f64x2.le(deviation, deviationMax)));
    const spread = f64x2.pmax(deviationMin, deviation);
    const distance = f64x2.pmin(f64x2.div(v128.load(MONEYNESS + at), spread), moneynessMax);
    const shift = f64x2.mul(spread, half);
    v128.store(DEVIATES + at, f64x2.sub(distance, shift));
    v128.store(DEVIATES + at, f64x2.add(distance, shift), 2048);
  }
  return valid;
}

/** Stage 4: SCALE = LOWER · e^{−a²/2}. */
function scales(size: usize): void {
  const e0 = v128.load64_splat(EXP2);
  const e1 = v128.load64_splat(EXP2, 8);
  const e2 = v128.load64_splat(EXP2, 16);
  const e3 = v128.load64_splat(EXP2, 24);
  const e4 = v128.load64_splat(EXP2, 32);
  const e5 = v128.load64_splat(EXP2, 40);
  const e6 = v128.load64_splat(EXP2, 48);
  const e7 = v128.load64_splat(EXP2, 56);
  const e8 = v128.load64_splat(EXP2, 64);
  const e9 = v128.load64_splat(EXP2, 72);
  const e10 = v128.load64_splat(EXP2, 80);
  const e11 = v128.load64_splat(EXP2, 88);
  const toExp2 = v128.load64_splat(EXP2, 96);
  const toWhole = v128.load64_splat(EXP2, 104);
  for (let at: usize = 0; at < size; at += 32) {
    const a0 = v128.load(DEVIATES + at);
    const a1 = v128.load(DEVIATES + at, 16);
    const x0 = f64x2.mul(f64x2.mul(a0, a0), toExp2);
    const x1 = f64x2.mul(f64x2.mul(a1, a1), toExp2);
    const whole0 = f64x2.add(x0, toWhole);
    const whole1 = f64x2.add(x1, toWhole);
    const r0 = f64x2.sub(x0, f64x2.sub(whole0, toWhole));
    const r1 = f64x2.sub(x1, f64x2.sub(whole1, toWhole));
    const s0 = f64x2.mul(r0, r0);
    const s1 = f64x2.mul(r1, r1);
    const q0 = f64x2.mul(s0, s0);
    const q1 = f64x2.mul(s1, s1);
    const high0 = mad(mad(e11, r0, e10), s0, mad(e9, r0, e8));
    const high1 = mad(mad(e11, r1, e10), s1, mad(e9, r1, e8));
    const middle0 = mad(mad(e7, r0, e6), s0, mad(e5, r0, e4));
    const middle1 = mad(mad(e7, r1, e6), s1, mad(e5, r1, e4));
    const low0 = mad(mad(e3, r0, e2), s0, mad(e1, r0, e0));
    const low1 = mad(mad(e3, r1, e2), s1, mad(e1, r1, e0));
    const p0 = mad(mad(high0, q0, middle0), q0, low0);
    const p1 = mad(mad(high1, q1, middle1), q1, low1);
    // The low bits of `whole` are the power of two: moved up, they add to the exponent.
    const exp0 = i64x2.add(p0, i64x2.shl(whole0, 52));
    const exp1 = i64x2.add(p1, i64x2.shl(whole1, 52));
    v128.store(SCALE + at, f64x2.mul(v128.load(LOWER + at), exp0));
    v128.store(SCALE + at, f64x2.mul(v128.load(LOWER + at, 16), exp1), 16);
  }
}

/** Stage 5: results = Y(|arguments|). */
function tails(args: usize, results: usize, size: usize): void {
  const p0 = v128.load64_splat(TAIL_P);
  const p1 = v128.load64_splat(TAIL_P, 8);
  const p2 = v128.load64_splat(TAIL_P, 16);
  const p3 = v128.load64_splat(TAIL_P, 24);
  const p4 = v128.load64_splat(TAIL_P, 32);
  const p5 = v128.load64_splat(TAIL_P, 40);
  const p6 = v128.load64_splat(TAIL_P, 48);
  const p7 = v128.load64_splat(TAIL_P, 56);
  const p8 = v128.load64_splat(TAIL_P, 64);
  const q0 = v128.load64_splat(TAIL_Q);
  const q1 = v128.load64_splat(TAIL_Q, 8);
  const q2 = v128.load64_splat(TAIL_Q, 16);
  const q3 = v128.load64_splat(TAIL_Q, 24);
  const q4 = v128.load64_splat(TAIL_Q, 32);
  const q5 = v128.load64_splat(TAIL_Q, 40);
  const q6 = v128.load64_splat(TAIL_Q, 48);
  const q7 = v128.load64_splat(TAIL_Q, 56);
  const q8 = v128.load64_splat(TAIL_Q, 64);
  const q9 = v128.load64_splat(TAIL_Q, 72);
  for (let at: usize = 0; at < size; at += 32) {
    const z0 = f64x2.abs(v128.load(args + at));
    const z1 = f64x2.abs(v128.load(args + at, 16));
    const w0 = f64x2.mul(z0, z0);
    const w1 = f64x2.mul(z1, z1);
    const oddP0 = mad(mad(mad(p7, w0, p5), w0, p3), w0, p1);
    const oddP1 = mad(mad(mad(p7, w1, p5), w1, p3), w1, p1);
    const evenP0 = mad(mad(mad(mad(p8, w0, p6), w0, p4), w0, p2), w0, p0);
    const evenP1 = mad(mad(mad(mad(p8, w1, p6), w1, p4), w1, p2), w1, p0);
    const oddQ0 = mad(mad(mad(mad(q9, w0, q7), w0, q5), w0, q3), w0, q1);
    const oddQ1 = mad(mad(mad(mad(q9, w1, q7), w1, q5), w1, q3), w1, q1);
    const evenQ0 = mad(mad(mad(mad(q8, w0, q6), w0, q4), w0, q2), w0, q0);
    const evenQ1 = mad(mad(mad(mad(q8, w1, q6), w1, q4), w1, q2), w1, q0);
    v128.store(results + at, f64x2.div(mad(oddP0, z0, evenP0), mad(oddQ0, z0, evenQ0)));
    v128.store(results + at, f64x2.div(mad(oddP1, z1, evenP1), mad(oddQ1, z1, evenQ1)), 16);
  }
}

/** Stage 6: time value, at least zero, and intrinsic value. */
function sums(prices: usize, size: usize): void {
  const zero = f64x2.splat(0);
  for (let at: usize = 0; at < size; at += 16) {
    const scale = v128.load(SCALE + at);
    const below = f64x2.lt(v128.load(DEVIATES + at), zero);
    const tailA = f64x2.mul(scale, v128.load(TAILS + at));
    const tailB = f64x2.mul(scale, v128.load(TAILS + at, 2048));
    // lower − tailA where a < 0, tailA elsewhere.
    const received = f64x2.add(
      v128.and(v128.load(LOWER + at), below),
      v128.xor(tailA, v128.and(below, f64x2.splat(-0.0))),
    );
    const timeValue = f64x2.pmax(zero, f64x2.sub(received, tailB));
    v128.store(prices + at, f64x2.add(timeValue, v128.load(INTRINSIC + at)));
  }
}

/** max(0, side · (forward − strike)). */
function intrinsicValue(forward: v128, strike: v128, side: v128): v128 {
  return f64x2.pmax(f64x2.splat(0), f64x2.mul(side, f64x2.sub(forward, strike)));
}

/**
 * The nearest whole number of doublings from `lower` to `upper`, as it stands in an exponent. The high words are compared
 * as integers: a float's bits are nearly its binary logarithm.
 */
function doublingsBetween(lower: v128, upper: v128): v128 {
  const difference = i32x4.add(i32x4.sub(upper, lower), i32x4(0, 0x80000, 0, 0x80000));
  return v128.and(difference, i32x4(0, 0xfff00000, 0, 0xfff00000));
}

/** Doublings ÷ 1024 as a float: the count is put below the exponent of 1, and 1 is taken away. */
function countOf(doublings: v128): v128 {
  const one = f64x2.splat(1);
  return f64x2.sub(v128.or(i32x4.shr_u(doublings, 10), one), one);
}

/** a·x + c, rounded twice. */
function mad(a: v128, x: v128, c: v128): v128 {
  return f64x2.add(f64x2.mul(a, x), c);
}
