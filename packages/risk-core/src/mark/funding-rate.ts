import { ok, reject, type Result } from "@ballast/model";
import { Decimal, LEDGER_SCALE, type Price, type Rate, type Ratio, type Usd } from "@ballast/money";
import type { MonotonicMillis } from "../market/monotonic-millis.js";
import {
  meanOf,
  sampled,
  type Samples,
  samplesRequired,
  type SamplesTooFew,
  type SamplingRules,
} from "./regular-samples.js";

/*
 * Funding keeps a perpetual at its index: whoever stands on the side that has pulled it away pays the other. The premium is
 * measured with an impact size, so that one contract at the top of the book does not make it; sampled all through the
 * interval, so that no instant makes it; and what is paid is the premium moved towards the interest rate by no more than a
 * dampener, inside a cap.
 */

/** How the rate of an interval is made. */
export interface FundingRules extends SamplingRules {
  /** What holding the underlying costs, for the period that the premium stands for. */
  readonly interestRate: Rate;
  /** How far the rate may be moved from the premium towards the interest rate. */
  readonly dampener: Rate;
  /** The interval as a share of the period that the premium stands for: ⅛ for hourly payments of an eight-hour rate. */
  readonly intervalShare: Ratio;
  /** What longs pay in every interval besides. */
  readonly staticRate: Rate;
  /** The rate of one interval is not beyond this, either way. */
  readonly rateMax: Rate;
}

/** Average prices at which an order of the impact size would be filled; null where the book is too thin for it. */
export interface ImpactPrices {
  readonly bid: Price | null;
  readonly ask: Price | null;
}

/**
 * The size, in dollars, at which a book is asked for its impact prices: what so much margin opens.
 *
 * @method MARK-10
 */
export function impactNotional(margin: Usd, initialMarginRate: Ratio): Usd {
  return margin.div(initialMarginRate) as Usd;
}

/**
 * How far a perpetual stands above its index, as a share of it: what the impact bid is above, or minus what the impact ask
 * is below; 0 while the index lies between them. A side that is too thin says nothing. Not rounded.
 *
 * @method MARK-10
 */
export function premiumOf(index: Price, { bid, ask }: ImpactPrices): Rate {
  const above = bid === null ? ZERO : Decimal.max(0, bid.sub(index));
  const below = ask === null ? ZERO : Decimal.max(0, index.sub(ask));
  return above.sub(below).div(index) as unknown as Rate;
}

/**
 * The samples of an interval after a look at the premium; null while the index is frozen or the book is gone.
 *
 * @method MARK-10
 */
export function samplePremium(
  rules: FundingRules,
  samples: Samples,
  premium: Rate | null,
  nowMs: MonotonicMillis,
): Samples {
  return sampled(rules, samples, premium, nowMs);
}

/**
 * The rate of an interval, from its samples: paid by longs when positive, 18 digits after the point, half-even. Rejects with
 * SAMPLES_TOO_FEW.
 *
 * @method MARK-11
 */
export function fundingRate(rules: FundingRules, samples: Samples): Result<Rate, SamplesTooFew> {
  const required = samplesRequired(rules);
  const premium = meanOf(samples);
  if (premium === null || samples.count < required) {
    return reject({ code: "SAMPLES_TOO_FEW", samples: samples.count, required });
  }
  const whole = damped(premium, rules.interestRate, rules.dampener);
  const rate = capped(whole.mul(rules.intervalShare).add(rules.staticRate), rules.rateMax);
  return ok(rate.toDecimalPlaces(LEDGER_SCALE) as unknown as Rate);
}

/**
 * The premium moved towards the interest by no more than `dampener`, either way; the interest itself where it is that near.
 * In whatever unit premium and interest share: a rate, or dollars a contract.
 *
 * @method MARK-11
 */
export function damped(premium: Decimal, interest: Decimal, dampener: Decimal): Decimal {
  return premium.add(capped(interest.sub(premium), dampener));
}

/** The value, or the nearer end of ±`most`. */
function capped(value: Decimal, most: Decimal): Decimal {
  return Decimal.min(Decimal.max(value, most.neg()), most);
}

const ZERO = new Decimal(0);
