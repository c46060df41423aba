import { ok, type Result, reject } from "@ballast/model";
import { type OptionType, type OutsideDomain, outsideDomain, outsideGrowth, outsideUnlessZero } from "./domain.f64.js";
import { exponential, logRatio } from "./elementary.f64.js";
import { black76Call, black76Put } from "./black76.f64.js";

/*
 * Options on the geometric mean of the price. The logarithm of that mean is a sum of normal variables, hence itself
 * normal: the option is worth Black-76 on the forward and the deviation of the mean.
 *
 * Watched continuously over [0, T]:   mean of ln(G/S) = μT/2,           variance = σ²T/3,                  μ = r − q − σ²/2
 * At fixings t₁ ≤ … ≤ tₙ, p already fixed with geometric mean G₀, of n + p in all:
 *     ln G = (p·ln G₀ + Σ ln S(tᵢ)) / (n + p),    variance = σ²·Σᵢ (tᵢ − tᵢ₋₁)·(n − i + 1)² / (n + p)²     (t₀ = 0)
 * because the step from tᵢ₋₁ to tᵢ counts in every fixing from i on.
 */

export interface AverageTerms {
  readonly type: OptionType;
  readonly spot: number;
  readonly strike: number;
  /** 1.00 is 100 % a year. */
  readonly volatility: number;
  readonly rate: number;
  readonly carryYield: number;
  /** When it pays, in years of 365 days. */
  readonly expiryYears: number;
}

/** Fixings still to come, and what is fixed already. */
export interface FixingSchedule {
  /** In years from now, not falling, none after expiry. */
  readonly fixingYears: readonly number[];
  readonly fixed?: { readonly count: number; readonly geometricMean: number };
}

/** Fixings out of order, before now or after expiry; none at all; or fixed ones that are no fixings. */
export interface FixingsRefused {
  readonly code: "FIXINGS_REFUSED";
  readonly schedule: FixingSchedule;
}

/**
 * The value of an option on the geometric mean from now to expiry, watched continuously.
 *
 * Rejects with PRICING_INPUT_OUTSIDE_DOMAIN.
 *
 * @method PRICING-10
 */
export function continuousGeometricAsian(terms: AverageTerms): Result<number, OutsideDomain> {
  const outside = outsideTerms(terms);
  if (outside !== null) return reject(outside);
  const { spot, expiryYears, volatility } = terms;
  const variance = (volatility * volatility * expiryYears) / 3;
  return ok(priceOfMean(terms, spot, 0.5 * driftOf(terms) * expiryYears, variance));
}

/**
 * The value of an option on the geometric mean of its fixings, some of which may be known.
 *
 * Rejects with PRICING_INPUT_OUTSIDE_DOMAIN, FIXINGS_REFUSED. Cost: one pass over the fixings.
 *
 * @method PRICING-10
 */
export function discreteGeometricAsian(
  terms: AverageTerms,
  schedule: FixingSchedule,
): Result<number, OutsideDomain | FixingsRefused> {
  const outside = outsideTerms(terms);
  if (outside !== null) return reject(outside);
  const { spot, expiryYears, volatility } = terms;
  const { fixingYears, fixed = { count: 0, geometricMean: spot } } = schedule;
  const { count, geometricMean } = fixed;
  const all = fixingYears.length + count;
  if (!(all > 0 && Number.isInteger(count) && count >= 0)) return reject({ code: "FIXINGS_REFUSED", schedule });
  if (outsideDomain("spot", geometricMean) !== null) return reject({ code: "FIXINGS_REFUSED", schedule });
  let before = 0;
  let sumYears = 0;
  let varianceYears = 0;
  let remaining = fixingYears.length;
  for (const at of fixingYears) {
    if (!(at >= before && at <= expiryYears)) return reject({ code: "FIXINGS_REFUSED", schedule });
    varianceYears += (at - before) * remaining * remaining;
    sumYears += at;
    before = at;
    remaining -= 1;
  }
  const mean = (count * logRatio(geometricMean, spot) + driftOf(terms) * sumYears) / all;
  return ok(priceOfMean(terms, spot, mean, (volatility * volatility * varianceYears) / (all * all)));
}

function outsideTerms({ spot, strike, expiryYears, volatility, rate, carryYield }: AverageTerms): OutsideDomain | null {
  return (
    outsideDomain("spot", spot) ??
    outsideUnlessZero("strike", strike) ??
    outsideUnlessZero("expiryYears", expiryYears) ??
    outsideDomain("volatility", volatility) ??
    outsideGrowth("rate", rate, expiryYears) ??
    outsideGrowth("carryYield", carryYield, expiryYears)
  );
}

/** Of the logarithm of the price, a year. */
function driftOf({ rate, carryYield, volatility }: AverageTerms): number {
  return rate - carryYield - 0.5 * volatility * volatility;
}

/** Black-76 on a mean whose logarithm over the spot is normal. */
function priceOfMean(
  { type, strike, rate, expiryYears }: AverageTerms,
  spot: number,
  mean: number,
  variance: number,
): number {
  const forward = spot * exponential(mean + 0.5 * variance);
  const deviation = Math.sqrt(variance);
  const price = type === "call" ? black76Call(forward, strike, deviation) : black76Put(forward, strike, deviation);
  return exponential(-rate * expiryYears) * price;
}
