/*
 * Division of whole numbers, by name. Ledgers of chains count in whole units, and which way a division rounds is part of
 * their rules: each call says it.
 */

/** a ÷ b rounded down, towards minus infinity; `b` is not zero. */
export function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** a ÷ b rounded up, towards plus infinity; `b` is not zero. */
export function ceilDivide(a: bigint, b: bigint): bigint {
  return -floorDivide(-a, b);
}

/** a × 10^exponent for any whole exponent, cut towards zero. */
export function scaledByTen(a: bigint, exponent: bigint): bigint {
  return exponent >= 0n ? a * 10n ** exponent : a / 10n ** -exponent;
}

/** The largest whole number whose square is not above `a` (≥ 0). */
export function wholeRoot(a: bigint): bigint {
  if (a < 2n) return a;
  let root = 1n << BigInt((a.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + a / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

export const wholeMin = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const wholeMax = (a: bigint, b: bigint): bigint => (a > b ? a : b);
export const magnitudeOf = (a: bigint): bigint => (a < 0n ? -a : a);
