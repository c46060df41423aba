import { checkParameter } from "../estimate/checked-series.f64.js";

/*
 * How far implied volatility may move in a scenario. A flat shock of so many percent is wrong twice: it is too small when
 * the price has fallen by a tenth and too large when it has not moved, because volatility jumps *with* the price. Here
 * the shock grows with the move of the scenario, measured in the underlying's own rate, and falls with the root of time
 * to expiry, as the term structure of observed changes does.
 */

/** At-the-money volatilities of a scenario; of the unit of the volatility that came in. */
export interface ShockedVolatility {
  readonly up: number;
  readonly down: number;
}

/**
 * The volatility of one expiry after a day in which the underlying moved, up and down.
 *
 * @param volatility    at-the-money, above zero (0.5 is 50 % a year)
 * @param daysToExpiry  at or above zero; below one counts as one
 * @param logMove       of the scenario
 * @param logRate       of the underlying (HYBRID-6)
 *
 * @throws NoEstimate for arguments out of range.
 * @method HYBRID-20
 */
export function shockedVolatility(
  volatility: number,
  daysToExpiry: number,
  logMove: number,
  logRate: number,
): ShockedVolatility {
  checkParameter("volatility", volatility, Number.MIN_VALUE, Number.MAX_VALUE);
  checkParameter("daysToExpiry", daysToExpiry, 0, Number.MAX_VALUE);
  checkParameter("logMove", logMove, -Number.MAX_VALUE, Number.MAX_VALUE);
  checkParameter("logRate", logRate, Number.MIN_VALUE, Number.MAX_VALUE);
  const term = (30 / Math.max(daysToExpiry, 1)) ** 0.5;
  const stress = Math.min(1, Math.abs(logMove) / logRate);
  return {
    up: volatility * (1 + (0.15 + 0.45 * stress) * term),
    down: volatility * Math.max(0, 1 - (0.15 + 0.15 * stress) * term),
  };
}

/**
 * How far the risk reversal (call less put at a delta of a quarter) may move at an unchanged price, up and down; of the
 * unit of the volatility.
 *
 * @throws NoEstimate for arguments out of range.
 * @method HYBRID-21
 */
export function skewShock(volatility: number, daysToExpiry: number): number {
  checkParameter("volatility", volatility, Number.MIN_VALUE, Number.MAX_VALUE);
  checkParameter("daysToExpiry", daysToExpiry, 0, Number.MAX_VALUE);
  return 0.12 * (30 / Math.max(daysToExpiry, 1)) ** 0.35 * volatility;
}
