import { ok, reject, type Result } from "@ballast/model";
import { Decimal, type Price, ratio, type Ratio } from "@ballast/money";
import type { MonotonicMillis } from "../market/monotonic-millis.js";
import { roundedPrice } from "../market/price-units.js";
import {
  meanOf,
  sampled,
  type Samples,
  samplesRequired,
  type SamplesTooFew,
  type SamplingRules,
} from "./regular-samples.js";

/*
 * What an expiring contract settles at: the average of the index over the last half hour, one sample every few seconds.
 * During that half hour a part of the settlement is already history, so a part of the contract's price no longer moves:
 * its mark blends what has been sampled with what is still to come, and its delta falls in a straight line to nothing.
 */

/**
 * The samples after a look at the index: one more if the window before the expiry is open and the last sample is old
 * enough. A frozen index gives no sample.
 *
 * @param index a price that decisions may use, or null
 * @method MARK-4
 */
export function sampleSettlement(
  rules: SamplingRules,
  samples: Samples,
  index: Price | null,
  msToExpiry: number,
  nowMs: MonotonicMillis,
): Samples {
  const open = msToExpiry >= 0 && msToExpiry < rules.windowMs;
  return open ? sampled(rules, samples, index, nowMs) : samples;
}

/**
 * The price at which contracts of this expiry settle. Rejects with SAMPLES_TOO_FEW when the index was silent or frozen for
 * too much of the window.
 *
 * @method MARK-4
 */
export function settlementPrice(rules: SamplingRules, samples: Samples): Result<Price, SamplesTooFew> {
  const required = samplesRequired(rules);
  const mean = meanOf(samples);
  if (mean === null || samples.count < required) {
    return reject({ code: "SAMPLES_TOO_FEW", samples: samples.count, required });
  }
  return ok(roundedPrice(mean));
}

/**
 * The share of the settlement that is still open: 1 before the window, 0 at expiry, a straight line between.
 *
 * @method MARK-4
 */
export function openShare(msToExpiry: number, windowMs: number): Ratio {
  if (msToExpiry >= windowMs) return ratio("1");
  if (msToExpiry <= 0) return ratio("0");
  return new Decimal(msToExpiry).div(windowMs) as unknown as Ratio;
}

/**
 * What an expiring contract is marked against: what has been sampled for the part of the window that is over, the forward
 * for the part that is open.
 *
 * @method MARK-4
 */
export function settlementBlend(averageSoFar: Price, forward: Price, open: Ratio): Price {
  return averageSoFar.mul(new Decimal(1).sub(open)).add(forward.mul(open)) as Price;
}

/** What is left of an expiring option's delta, in units of the underlying per contract. */
export interface SettlingDelta {
  readonly delta: Decimal;
  /** The same less the part of a premium paid in coin that still moves with the underlying. */
  readonly netTransactionDelta: Decimal;
}

/**
 * The delta of an option inside its settlement window.
 *
 * @param delta what it would be without the window
 * @param coinPrice the option's mark in coin, where its premium is paid in coin
 * @method MARK-4
 */
export function settlingDelta(delta: Decimal, coinPrice: Decimal, open: Ratio): SettlingDelta {
  return { delta: delta.mul(open), netTransactionDelta: delta.sub(coinPrice).mul(open) };
}
