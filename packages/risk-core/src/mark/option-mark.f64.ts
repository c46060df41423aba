import { ok, type Result } from "@ballast/model";
import { black76Call, black76Put, logRatio, type OptionType } from "../pricing/index.js";
import { surfaceVolatility, type VolatilityUnknown, type VolSurface } from "./vol-surface.f64.js";

export interface MarkedOption {
  /** As a share of the forward: the mark in coin of a coin-settled option; × forward the one in dollars, undiscounted. */
  readonly price: number;
  /** 1.00 is 100 % a year; null once there is no time left. */
  readonly volatility: number | null;
}

/**
 * The mark of an option: the price that the surface gives its strike, whatever its own book says. At expiry, and after
 * it, what exercising would pay.
 *
 * @param forward of the expiry, above 0; inside the settlement window the blend of MARK-4
 *
 * Rejects with VOLATILITY_UNKNOWN.
 *
 * @method MARK-14
 */
export function markOption(
  surface: VolSurface,
  { type, strike, forward, expiryYears }: OptionToMark,
): Result<MarkedOption, VolatilityUnknown> {
  const worth = type === "call" ? black76Call : black76Put;
  const moneyness = strike / forward;
  if (expiryYears <= 0) return ok({ price: worth(1, moneyness, 0), volatility: null });
  const volatility = surfaceVolatility(surface, logRatio(strike, forward), expiryYears);
  if (!volatility.ok) return volatility;
  return ok({
    price: worth(1, moneyness, volatility.value * Math.sqrt(expiryYears)),
    volatility: volatility.value,
  });
}

export interface OptionToMark {
  readonly type: OptionType;
  readonly strike: number;
  readonly forward: number;
  readonly expiryYears: number;
}
