import { ceilDivide, magnitudeOf, scaledByTen, wholeMax } from "../whole-numbers.js";

/*
 * Drift's borrow curve and the shares of its insurance vaults. Rates and utilisation are in millionths.
 */

const ONE = 1_000_000n;
const INDEX_DIGITS = 19n;

/** What a scaled deposit has grown to by its index, in tokens, rounded down. */
export function tokensOf(scaledBalance: bigint, index: bigint, decimals: bigint): bigint {
  return scaledByTen(scaledBalance * index, decimals - INDEX_DIGITS);
}

/** The same of a debt, rounded up. */
export function debtOf(scaledBalance: bigint, index: bigint, decimals: bigint): bigint {
  return ceilDivide(scaledBalance * index, 10n ** (INDEX_DIGITS - decimals));
}

/** Two straight pieces for what is asked backwards; the second bends further for the rate itself. */
export interface BorrowCurve {
  readonly optimalUtilisation: bigint;
  readonly optimalRate: bigint;
  readonly rateMax: bigint;
  readonly rateMin: bigint;
}

/** Where the curve bends beyond the optimum, and each piece's thousandths of the remaining rise. */
const BENDS: readonly (readonly [until: bigint, thousandths: bigint])[] = [
  [850_000n, 50n],
  [900_000n, 100n],
  [950_000n, 150n],
  [990_000n, 200n],
  [995_000n, 250n],
  [ONE, 250n],
];

/** Share of deposits that is lent. */
export function utilisationOf(deposits: bigint, borrows: bigint): bigint {
  if (deposits === 0n) return borrows === 0n ? 0n : ONE;
  return (borrows * ONE) / deposits;
}

/**
 * Yearly borrow rate: a line to the optimum, then six steeper pieces to the highest rate at full use.
 *
 * @method TIERS-25
 */
export function borrowRateAt(curve: BorrowCurve, utilisation: bigint): bigint {
  const { optimalUtilisation, optimalRate, rateMax, rateMin } = curve;
  if (utilisation <= optimalUtilisation) {
    return wholeMax((optimalRate * utilisation) / optimalUtilisation, rateMin);
  }
  const rise = rateMax - optimalRate;
  let [rate, from] = [optimalRate, optimalUtilisation];
  for (const [until, thousandths] of BENDS) {
    if (until <= from) continue;
    const part = (utilisation < until ? utilisation : until) - from;
    rate += (rise * thousandths * part) / (1000n * (until - from));
    from = until;
    if (utilisation <= until) break;
  }
  return wholeMax(rate, rateMin);
}

/**
 * Yearly rate that depositors earn: what borrowers pay on what is lent, less the insurance vault's share.
 *
 * @method TIERS-25
 */
export function depositRateAt(curve: BorrowCurve, utilisation: bigint, insuranceShare: bigint): bigint {
  const paid = (borrowRateAt(curve, utilisation) * utilisation) / ONE;
  return (paid * (ONE - insuranceShare)) / ONE;
}

/**
 * Tokens that can still be borrowed until the rate reaches a target on the two-piece curve, not below zero. A target above
 * the highest rate goes on along the second piece.
 *
 * @method TIERS-25
 */
export function borrowCapacity(curve: BorrowCurve, target: bigint, deposits: bigint, borrows: bigint): bigint {
  const { optimalUtilisation, optimalRate, rateMax } = curve;
  const utilisation =
    target <= optimalRate
      ? (target * optimalUtilisation) / optimalRate
      : optimalUtilisation + ((ONE - optimalUtilisation) * (target - optimalRate)) / (rateMax - optimalRate);
  return wholeMax((deposits * utilisation) / ONE - borrows, 0n);
}

/**
 * By how many powers of ten a vault's shares are to be cut when they dwarf its balance (above zero).
 *
 * @method TIERS-25
 */
export function rebaseOf(shares: bigint, balance: bigint): { readonly exponent: bigint; readonly divisor: bigint } {
  const excess = shares / 10n / balance;
  const exponent = excess < 10n ? 0n : BigInt(excess.toString().length - 1);
  return { exponent, divisor: 10n ** exponent };
}

/**
 * Shares that a leaver gives up so that it does not gain while waiting: those beyond what its value at the request buys.
 *
 * @method TIERS-25
 */
export function sharesLost(requested: bigint, valueAtRequest: bigint, shares: bigint, balance: bigint): bigint {
  if (magnitudeOf(requested) * balance <= valueAtRequest * shares) return 0n;
  return requested - (valueAtRequest * (shares - requested)) / (balance - valueAtRequest);
}
