import { ok, type Result, reject } from "@ballast/model";
import { type OutsideDomain, outsideDomain } from "./domain.f64.js";
import { logRatio } from "./elementary.f64.js";

/*
 * A volatility smile by five numbers (Gatheral's raw form): total variance over log-moneyness k = ln(K/F),
 *
 *     w(k) = a + b·(ρ·(k − m) + √((k − m)² + σ²)),     volatility = √(w/T).
 *
 * A smile is free of butterfly arbitrage where Durrleman's g(k) is at or above zero (it is the density of the forward at
 * expiry up to a positive factor), and its wings are not too steep while b·(1 + |ρ|) ≤ 2 (Lee).
 */

/** The five numbers of one expiry. */
export interface SviSmile {
  /** Level. */
  readonly a: number;
  /** Steepness of the wings, ≥ 0. */
  readonly b: number;
  /** Tilt, strictly between −1 and 1. */
  readonly rho: number;
  /** Where the bend is, in log-moneyness. */
  readonly m: number;
  /** How round the bend is, > 0. */
  readonly sigma: number;
}

/** The five numbers do not describe a variance above zero at every strike. */
export interface SmileRefused {
  readonly code: "SVI_SMILE_REFUSED";
  readonly smile: SviSmile;
}

/** Total variance and its two derivatives by log-moneyness at one point. */
export interface SviPoint {
  readonly totalVariance: number;
  readonly slope: number;
  readonly curvature: number;
  /** Durrleman's g: below zero the smile admits butterfly arbitrage here. */
  readonly durrleman: number;
}

/**
 * The volatility of a strike on the smile: 1.00 is 100 % a year.
 *
 * Rejects with PRICING_INPUT_OUTSIDE_DOMAIN (also for an expiry of now and a strike of zero), SVI_SMILE_REFUSED.
 *
 * @method PRICING-8
 */
export function sviVolatility(
  smile: SviSmile,
  { forward, strike, expiryYears }: { readonly forward: number; readonly strike: number; readonly expiryYears: number },
): Result<number, OutsideDomain | SmileRefused> {
  const outside =
    outsideDomain("forward", forward) ?? outsideDomain("strike", strike) ?? outsideDomain("expiryYears", expiryYears);
  if (outside !== null) return reject(outside);
  const refused = smileRefused(smile);
  if (refused !== null) return reject(refused);
  return ok(Math.sqrt(sviTotalVariance(smile, logRatio(strike, forward)) / expiryYears));
}

/**
 * Null when the five numbers are finite, within their ranges and give a total variance above zero at every strike;
 * otherwise why not.
 *
 * @method PRICING-8
 */
export function smileRefused(smile: SviSmile): SmileRefused | null {
  const { a, b, rho, m, sigma } = smile;
  const minimum = a + b * sigma * Math.sqrt(1 - rho * rho);
  const isSmile = b >= 0 && Math.abs(rho) < 1 && sigma > 0 && Number.isFinite(m) && Number.isFinite(b * sigma);
  if (isSmile && minimum > 0 && Number.isFinite(minimum)) return null;
  return { code: "SVI_SMILE_REFUSED", smile };
}

/** Total variance at a log-moneyness; does not check, does not allocate. */
export function sviTotalVariance({ a, b, rho, m, sigma }: SviSmile, logMoneyness: number): number {
  const x = logMoneyness - m;
  return a + b * (rho * x + Math.sqrt(x * x + sigma * sigma));
}

/**
 * Total variance, its derivatives and Durrleman's g at a log-moneyness; does not check the smile.
 *
 * @method PRICING-8
 */
export function sviPoint(smile: SviSmile, logMoneyness: number): SviPoint {
  const { b, rho, m, sigma } = smile;
  const x = logMoneyness - m;
  const root = Math.sqrt(x * x + sigma * sigma);
  const totalVariance = sviTotalVariance(smile, logMoneyness);
  const slope = b * (rho + x / root);
  const curvature = (b * (sigma / root) * (sigma / root)) / root;
  const lean = 1 - (logMoneyness * slope) / (2 * totalVariance);
  const durrleman = lean * lean - 0.25 * slope * slope * (1 / totalVariance + 0.25) + 0.5 * curvature;
  return { totalVariance, slope, curvature, durrleman };
}
