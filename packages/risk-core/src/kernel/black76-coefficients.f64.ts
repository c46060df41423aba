/*
 * The numbers of the pricing kernel, written once: the AssemblyScript kernel and its JavaScript twin both import this file,
 * so they cannot drift apart. Two compilers read it, hence plain constants with a type that both know.
 *
 * Every fit is our own, minimax, made with `scripts/fit-black76.py` in 70-digit arithmetic and rounded to float64.
 */

/*
 * The scaled tail Y(z) = e^{z²/2}·N(−z) for z ≥ 0: one rational of degree 8/9 from the centre to z = 38. All coefficients
 * are positive, so nothing cancels. It is fitted so that N(−z) errs by 4e-17 at most, and by 2.4e-14 of itself in the far
 * tail, where the rounding of z²/2 is larger than that. Two pieces of lower degree would cost a branch and save nothing.
 */
export const TAIL_P0: number = 0.5;
export const TAIL_P1: number = 0.6978050327183382;
export const TAIL_P2: number = 0.4817654493593082;
export const TAIL_P3: number = 0.2087984996243753;
export const TAIL_P4: number = 0.06142248754790712;
export const TAIL_P5: number = 0.012504581062404947;
export const TAIL_P6: number = 0.0017217524152382381;
export const TAIL_P7: number = 0.0001473952435890241;
export const TAIL_P8: number = 6.078595918485028e-6;
export const TAIL_Q0: number = 1;
export const TAIL_Q1: number = 2.1934946262395423;
export const TAIL_Q2: number = 2.2136863951991312;
export const TAIL_Q3: number = 1.353077403586966;
export const TAIL_Q4: number = 0.553986512866623;
export const TAIL_Q5: number = 0.15824862076719315;
export const TAIL_Q6: number = 0.03171380302973865;
export const TAIL_Q7: number = 0.004331030031868216;
export const TAIL_Q8: number = 0.0003694650855962705;
export const TAIL_Q9: number = 1.5236780396506333e-5;

/* ln((1 + s)/(1 − s)) = 2s + s³·Σ LOG_i·s^{2i} for |s| ≤ 0.2004, within 6e-17 of itself. */
export const LOG_0: number = 0.6666666666666695;
export const LOG_1: number = 0.3999999999932025;
export const LOG_2: number = 0.2857142884075476;
export const LOG_3: number = 0.22222182248464237;
export const LOG_4: number = 0.18184636951179026;
export const LOG_5: number = 0.1528308303029738;
export const LOG_6: number = 0.15123885378806398;
/** 1024·ln 2: the number of doublings comes out of the exponent as a multiple of 1/1024. */
export const LN2_1024: number = 709.782712893384;

/* 2^r = Σ EXP2_i·r^i for |r| ≤ ½, within 3e-18 of itself. */
export const EXP2_0: number = 1;
export const EXP2_1: number = 0.6931471805599453;
export const EXP2_2: number = 0.2402265069591013;
export const EXP2_3: number = 0.05550410866482008;
export const EXP2_4: number = 0.009618129107594065;
export const EXP2_5: number = 0.0013333558146775186;
export const EXP2_6: number = 0.0001540353045718842;
export const EXP2_7: number = 1.5252733492744193e-5;
export const EXP2_8: number = 1.3215435241177519e-6;
export const EXP2_9: number = 1.017819966651774e-7;
export const EXP2_10: number = 7.073790785869085e-9;
export const EXP2_11: number = 4.434766457628074e-10;
/** −1/(2 ln 2): e^{−a²/2} = 2^(a² · this). */
export const HALF_SQUARE_TO_EXP2: number = -0.7213475204444817;
/** 1.5·2^52: added and taken away again it rounds to a whole number, and leaves that number in the low bits. */
export const TO_WHOLE: number = 6755399441055744;

/* The domain. Inside it no step overflows, and what is clamped is zero to a float64. */
/** Forwards and strikes are at most this. */
export const PRICE_MAX: number = 1e60;
/** Below this a forward or strike counts as this size inside the logarithm only; zero is a limit and priced as such. */
export const LOG_OPERAND_MIN: number = 1e-60;
/** Deviations σ√T are at most this; there a call is its forward. */
export const DEVIATION_MAX: number = 64;
/** A smaller deviation counts as this: the price is intrinsic value. */
export const DEVIATION_MIN: number = 1e-300;
/** Moneyness counts as at most this many deviations: beyond, time value is below 1e-290 of the price. */
export const MONEYNESS_MAX: number = 37;
