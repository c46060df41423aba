/*
 * How far a scanned free margin can be from the exact one.
 *
 * A dot product of n terms in float64 errs by at most γ(n)·Σ|q||R|, γ(k) = k·u / (1 − k·u), u = 2^−53: each term is rounded
 * once when it is multiplied and at most n − 1 times while it is summed. Three more roundings touch each term: quantity,
 * row value and cash were decimals, and became float64. Cash is added last. So with M = Σ|q|·max|R| (the largest size in any
 * scenario bounds every scenario, and a minimum moves by no more than what it is the minimum of),
 *
 *     |scanned − exact| ≤ γ(n + 3)·(|cash| + M)  +  Σ|q|·(error of a value)
 *
 * M and the second sum are themselves float64 sums of the rounded numbers. One rounding more in γ covers the first, by
 * 1/(n + 3) of itself, and a millionth covers the second, both as long as n < 10^6. Products below the smallest float64
 * vanish: a smallest float64 is added for each.
 *
 * The kernel and its twin both compute it by this file, which is therefore written in what their two languages share.
 */

/** 2^−53. */
const UNIT_ROUNDOFF: number = 1.1102230246251565e-16;
/** 2^−1074. */
const SMALLEST: number = 5e-324;
/** Covers the rounding of a sum of fewer than 10^6 terms of one sign. */
const SUM_ALLOWANCE: number = 1.000001;
const POSITIONS_MAX: number = 1e6;

/** γ(k): the relative error that k roundings can add up to. @method KERNEL-7 */
export function gamma(roundings: number): number {
  return (roundings * UNIT_ROUNDOFF) / (1 - roundings * UNIT_ROUNDOFF);
}

/**
 * A bound on |scanned − exact| for one account, in dollars; infinite from 10^6 positions on.
 *
 * @param size       Σ |quantity| · the largest size of the row
 * @param valueError Σ |quantity| · the error of a value of the row
 * @method KERNEL-7
 */
export function scanError(positions: number, cash: number, size: number, valueError: number): number {
  if (positions >= POSITIONS_MAX) return Infinity;
  const rounding = gamma(positions + 4) * (Math.abs(cash) + size);
  return rounding + valueError * SUM_ALLOWANCE + (positions + 1) * SMALLEST;
}
