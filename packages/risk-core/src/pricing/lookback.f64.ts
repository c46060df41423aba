import { ok, type Result, reject } from "@ballast/model";
import { black76Call, black76Put } from "./black76.f64.js";
import {
  type OptionType,
  type OutsideDomain,
  outsideDomain,
  outsideGrowth,
  outsideUnlessZero,
  PRICING_DOMAIN,
} from "./domain.f64.js";
import { exponential, logRatio } from "./elementary.f64.js";
import { cumulativeNormal, normalDensity, scaledTail } from "./normal.f64.js";

/*
 * Options on the highest or lowest price, watched continuously.
 *
 * All four contracts stand on what the extreme will still add beyond a level L that it has reached or passed. Undiscounted,
 * for the minimum and for the maximum,
 *
 *     E[(L − min S)⁺] = ∫₀ᴸ P(min S ≤ y) dy,          E[(max S − L)⁺] = ∫ P(max S ≥ y) dy from L to ∞.
 *
 * The reflection principle gives the probability as the one of ending beyond y plus a mirrored one. The first integrates
 * to a Black-76 put (call) struck at L, the second to the mirrored part below. With m the lowest price so far,
 *
 *     fixed strike, put     (K − m)⁺ + put struck at L + mirrored part beyond L,     L = min(K, m)
 *     floating strike, call            call struck at m + mirrored part beyond m     (S − m plus the put is the call)
 *
 * and the other two likewise with the highest price. Nothing is a difference of large numbers. The textbook form divides
 * by the cost of carry b = r − q and fails at b = 0, where crypto usually is; see `mirroredPart`.
 */

export interface LookbackTerms {
  readonly type: OptionType;
  readonly spot: number;
  /** So far, the present spot included: the lowest price for a floating call and a fixed put, the highest otherwise. */
  readonly extreme: number;
  /** Years of 365 days. */
  readonly expiryYears: number;
  /** 1.00 is 100 % a year. */
  readonly volatility: number;
  readonly rate: number;
  readonly carryYield: number;
}

/** A lowest price above the present one, or a highest below it. */
export interface ExtremeNotReached {
  readonly code: "EXTREME_NOT_REACHED";
  readonly spot: number;
  readonly extreme: number;
}

/**
 * The value of a lookback with floating strike: the call pays S − lowest, the put highest − S.
 *
 * Rejects with PRICING_INPUT_OUTSIDE_DOMAIN, EXTREME_NOT_REACHED.
 *
 * @method PRICING-9
 */
export function floatingLookback(terms: LookbackTerms): Result<number, OutsideDomain | ExtremeNotReached> {
  const isOnMinimum = terms.type === "call";
  const refused = refusedTerms(terms, isOnMinimum);
  if (refused !== null) return reject(refused);
  const { extreme } = terms;
  const { forward, deviation, discount } = undiscounted(terms);
  const vanilla = isOnMinimum ? black76Call(forward, extreme, deviation) : black76Put(forward, extreme, deviation);
  return ok(discount * (vanilla + mirroredPart(terms, extreme, isOnMinimum)));
}

/**
 * The value of a lookback with fixed strike: the call pays (highest − strike)⁺, the put (strike − lowest)⁺.
 *
 * Rejects with PRICING_INPUT_OUTSIDE_DOMAIN, EXTREME_NOT_REACHED.
 *
 * @method PRICING-9
 */
export function fixedLookback(
  terms: LookbackTerms & { readonly strike: number },
): Result<number, OutsideDomain | ExtremeNotReached> {
  const isOnMinimum = terms.type === "put";
  const { strike, extreme } = terms;
  const refused = outsideUnlessZero("strike", strike) ?? refusedTerms(terms, isOnMinimum);
  if (refused !== null) return reject(refused);
  const { forward, deviation, discount } = undiscounted(terms);
  const level = isOnMinimum ? Math.min(strike, extreme) : Math.max(strike, extreme);
  const locked = Math.abs(strike - level);
  const vanilla = isOnMinimum ? black76Put(forward, level, deviation) : black76Call(forward, level, deviation);
  return ok(discount * (locked + vanilla + mirroredPart(terms, level, isOnMinimum)));
}

function refusedTerms(terms: LookbackTerms, isOnMinimum: boolean): OutsideDomain | ExtremeNotReached | null {
  const { spot, extreme, expiryYears, volatility, rate, carryYield } = terms;
  const outside =
    outsideDomain("spot", spot) ??
    outsideDomain("extreme", extreme) ??
    outsideUnlessZero("expiryYears", expiryYears) ??
    outsideDomain("volatility", volatility) ??
    outsideGrowth("rate", rate, expiryYears) ??
    outsideGrowth("carryYield", carryYield, expiryYears) ??
    outsideDeviation(volatility, expiryYears);
  if (outside !== null) return outside;
  const isReached = isOnMinimum ? extreme <= spot : extreme >= spot;
  return isReached ? null : { code: "EXTREME_NOT_REACHED", spot, extreme };
}

/** Beyond this the highest price is all but unbounded, and so would be the terms of the formula. */
const DEVIATION_MAX = 50;

function outsideDeviation(volatility: number, expiryYears: number): OutsideDomain | null {
  const most = DEVIATION_MAX / Math.sqrt(expiryYears);
  if (volatility <= most) return null;
  const { least } = PRICING_DOMAIN.volatility;
  return { code: "PRICING_INPUT_OUTSIDE_DOMAIN", input: "volatility", received: volatility, least, most };
}

function undiscounted({ spot, expiryYears, volatility, rate, carryYield }: LookbackTerms) {
  return {
    forward: spot * exponential((rate - carryYield) * expiryYears),
    deviation: volatility * Math.sqrt(expiryYears),
    discount: exponential(-rate * expiryYears),
  };
}

/**
 * The undiscounted integral of the mirrored probability beyond a level that the extreme has reached.
 *
 * With k = ln(level/S), s = σ√T, λ = 2b/σ², g± = k/s − s/2 ± λs/2 and η = 1 for the minimum, −1 for the maximum, it is
 * S·(n(λ) − n(0))/λ for
 *
 *     n(λ) = η·(e^{λk}·N(η·g₊) − e^{λs²/2}·N(η·g₋)),     n(0) = 0,
 *     n′(λ) = s·φ(g₋)·e^{λs²/2} + η·(k·e^{λk}·N(η·g₊) − ½s²·e^{λs²/2}·N(η·g₋)).
 *
 * For a small λ the quotient is the mean of n′ from 0 to λ, which a Gauss rule gives to the last bits without dividing
 * by λ; for a large one it is the quotient.
 */
function mirroredPart(terms: LookbackTerms, level: number, isOnMinimum: boolean): number {
  const { spot, expiryYears, volatility, rate, carryYield } = terms;
  if (expiryYears === 0 || level === 0) return 0;
  const k = logRatio(level, spot);
  const s = volatility * Math.sqrt(expiryYears);
  const lambda = (2 * (rate - carryYield)) / (volatility * volatility);
  const sign = isOnMinimum ? 1 : -1;
  if (Math.abs(lambda) * (s + s * s + Math.abs(k)) > 0.25) return (spot * mirrored(k, s, lambda, sign)) / lambda;
  let mean = 0;
  for (const { at, weight } of GAUSS) mean += weight * mirroredSlope(k, s, lambda * at, sign);
  return spot * mean;
}

/** Nodes and weights of the six-point Gauss rule on [0, 1]. */
const GAUSS = [
  { at: 0.03376524289842399, weight: 0.08566224618958518 },
  { at: 0.16939530676686773, weight: 0.1803807865240693 },
  { at: 0.38069040695840156, weight: 0.23395696728634552 },
  { at: 0.6193095930415985, weight: 0.23395696728634552 },
  { at: 0.8306046932331322, weight: 0.1803807865240693 },
  { at: 0.966234757101576, weight: 0.08566224618958518 },
] as const;

/** n(λ). */
function mirrored(k: number, s: number, lambda: number, sign: number): number {
  const drifted = exponential(0.5 * lambda * s * s) * cumulativeNormal(sign * (k / s - 0.5 * s - 0.5 * lambda * s));
  return sign * (mirroredProbability(k, s, lambda, sign) - drifted);
}

/** n′(λ). */
function mirroredSlope(k: number, s: number, lambda: number, sign: number): number {
  const growth = exponential(0.5 * lambda * s * s);
  const g = k / s - 0.5 * s - 0.5 * lambda * s;
  const density = s * growth * normalDensity(g);
  const drifted = 0.5 * s * s * growth * cumulativeNormal(sign * g);
  return density + sign * (k * mirroredProbability(k, s, lambda, sign) - drifted);
}

/**
 * e^{λk}·N(η·g₊). In the tail the power alone may overflow while the probability vanishes: there both exponents are
 * added first, by e^{λk}·φ(g₊) = e^{λs²/2}·φ(g₋).
 */
function mirroredProbability(k: number, s: number, lambda: number, sign: number): number {
  const centre = k / s - 0.5 * s;
  const g = sign * (centre + 0.5 * lambda * s);
  if (g >= 0) return exponential(lambda * k) * cumulativeNormal(g);
  const lower = centre - 0.5 * lambda * s;
  return exponential(0.5 * (lambda * s * s - lower * lower)) * scaledTail(-g);
}
