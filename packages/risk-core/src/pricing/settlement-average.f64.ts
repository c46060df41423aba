import { ok, type Result, reject } from "@ballast/model";
import { black76Call, black76CallDelta, black76Put } from "./black76.f64.js";
import { outsideDomain, type OutsideDomain, outsideGrowth, outsideUnlessZero } from "./domain.f64.js";
import { exponential, logRatio } from "./elementary.f64.js";
import type { OptionTerms } from "./price-option.f64.js";

/*
 * An option that settles at the average of the index over a last window, thirty minutes on most venues.
 *
 * Inside the window a part of that average is history: settlement = fixed + moving, and only the moving part has risk. An
 * option on it is one on the moving part, struck at what the strike leaves: K − fixed. Once fixed has passed the strike
 * the outcome is decided. As the window runs down the moving part shrinks to nothing, and delta with it.
 *
 * An average also moves less than what it averages. For a martingale the second moment of its average over a time with
 * variance v is 2(e^v − 1 − v)/v² of the squared mean; the logarithm of that, m(v) ≈ v/3, is the variance of the
 * log-normal variable with the same two moments, and that is what Black-76 is given. Before the window the whole is the
 * variance up to its opening plus m of the window's.
 */

export interface SettlingTerms extends OptionTerms {
  readonly windowYears: number;
  /** The part of `forward` that the average has fixed, 0 before the window: average so far × share of the window gone. */
  readonly fixedForward: number;
}

export interface SettlingOption {
  /** Discounted. */
  readonly price: number;
  /** By the index: what is left of delta, 0 at expiry. */
  readonly delta: number;
  /** Share of the settlement average that is still open, 1 before the window. */
  readonly openShare: number;
}

/** A fixed part before the window opens, below zero, or beyond the forward that it is a part of. */
export interface FixedForwardRefused {
  readonly code: "FIXED_FORWARD_REFUSED";
  readonly forward: number;
  readonly fixedForward: number;
  readonly openShare: number;
}

/**
 * Price and delta of a European option on the settlement average.
 *
 * Rejects with PRICING_INPUT_OUTSIDE_DOMAIN, FIXED_FORWARD_REFUSED.
 *
 * @method PRICING-11
 */
export function settlingOption(terms: SettlingTerms): Result<SettlingOption, OutsideDomain | FixedForwardRefused> {
  const { type, forward, strike, expiryYears, volatility, rate, windowYears, fixedForward } = terms;
  const outside =
    outsideDomain("forward", forward) ??
    outsideUnlessZero("strike", strike) ??
    outsideUnlessZero("expiryYears", expiryYears) ??
    outsideDomain("windowYears", windowYears) ??
    outsideDomain("volatility", volatility) ??
    outsideGrowth("rate", rate, expiryYears);
  if (outside !== null) return reject(outside);
  const openShare = expiryYears < windowYears ? expiryYears / windowYears : 1;
  const isPart = openShare === 1 ? fixedForward === 0 : fixedForward >= 0 && fixedForward <= forward;
  if (!isPart) return reject({ code: "FIXED_FORWARD_REFUSED", forward, fixedForward, openShare });

  const discount = exponential(-rate * expiryYears);
  const strikeLeft = strike - fixedForward;
  if (strikeLeft <= 0) {
    const isCall = type === "call";
    return ok({
      price: isCall ? discount * (forward - strike) : 0,
      delta: isCall ? discount * openShare : 0,
      openShare,
    });
  }
  const moving = forward - fixedForward;
  const deviation = averageDeviation(volatility, expiryYears, windowYears);
  const callDelta = black76CallDelta(moving, strikeLeft, deviation);
  const price =
    type === "call" ? black76Call(moving, strikeLeft, deviation) : black76Put(moving, strikeLeft, deviation);
  return ok({
    price: discount * price,
    delta: discount * openShare * (type === "call" ? callDelta : callDelta - 1),
    openShare,
  });
}

/**
 * The deviation of the part of a settlement average that is still open, as of the log-normal variable with its mean and
 * variance: about σ√(T − ⅔·window) before the window, about σ√(T/3) inside it. Does not check.
 *
 * @method PRICING-11
 */
export function averageDeviation(volatility: number, expiryYears: number, windowYears: number): number {
  const variance = volatility * volatility;
  const averagedYears = Math.min(expiryYears, windowYears);
  return Math.sqrt(variance * (expiryYears - averagedYears) + varianceOfMean(variance * averagedYears));
}

/** m(v) of the essay. */
function varianceOfMean(v: number): number {
  if (v > 1) return v + logRatio(2 * (1 - (1 + v) * exponential(-v)), v * v);
  // 2(e^v − 1 − v)/v² = 1 + v/3 + v²/12 + …: each term is v/(n + 2) of the one before.
  let term = v / 3;
  let excess = 0;
  for (let n = 2; n < 22; n++) {
    excess += term;
    term *= v / (n + 2);
  }
  return logRatio(1 + excess, 1);
}
