import { ok, type Result, reject } from "@ballast/model";

/*
 * Dated futures and options settle at an average of the index over a last window, thirty minutes on most venues. Inside
 * the window part of that average is already known: the forward of the settlement price is
 *
 *     fixed + variable,    fixed = average so far · elapsed/window,    variable = forward of the rest · remaining/window,
 *
 * and a move of the market moves the variable part only. Delta therefore decays in a straight line to zero at expiry.
 * Before the window everything is variable.
 */

/** The forward of a settlement average, split into what is known and what still moves. */
export interface SettlementForward {
  readonly fixed: number;
  readonly variable: number;
  /** Share of the average that still moves, 0…1: the factor on delta. */
  readonly variableShare: number;
}

export interface SettlementWindow {
  readonly secondsToExpiry: number;
  readonly windowSeconds: number;
}

/** A window without length, an expiry in the past, or prices that are none. */
export interface WindowRefused {
  readonly code: "SETTLEMENT_WINDOW_REFUSED";
  readonly secondsToExpiry: number;
  readonly windowSeconds: number;
  readonly forward: number;
  readonly averageSoFar: number;
}

/**
 * Splits the forward of a settlement average.
 *
 * @param forward the price at which the rest of the window is expected to average
 * @param averageSoFar mean of the index since the window opened; not read before it opens
 *
 * Rejects with SETTLEMENT_WINDOW_REFUSED.
 *
 * @method PRICING-11
 */
export function settlementForward(
  { secondsToExpiry, windowSeconds }: SettlementWindow,
  { forward, averageSoFar }: { readonly forward: number; readonly averageSoFar: number },
): Result<SettlementForward, WindowRefused> {
  const isWindow = windowSeconds > 0 && windowSeconds < Infinity && secondsToExpiry >= 0 && secondsToExpiry < Infinity;
  const isBefore = secondsToExpiry >= windowSeconds;
  const arePrices = forward > 0 && forward < Infinity && (isBefore || (averageSoFar > 0 && averageSoFar < Infinity));
  if (!isWindow || !arePrices) {
    return reject({ code: "SETTLEMENT_WINDOW_REFUSED", secondsToExpiry, windowSeconds, forward, averageSoFar });
  }
  if (isBefore) return ok({ fixed: 0, variable: forward, variableShare: 1 });
  const variableShare = secondsToExpiry / windowSeconds;
  const fixedShare = (windowSeconds - secondsToExpiry) / windowSeconds;
  return ok({ fixed: averageSoFar * fixedShare, variable: forward * variableShare, variableShare });
}

/**
 * The forward after the market has moved by a factor: 1.1 is up by a tenth.
 *
 * @method PRICING-11
 */
export function shockedForward({ fixed, variable }: SettlementForward, factor: number): number {
  return fixed + variable * factor;
}
