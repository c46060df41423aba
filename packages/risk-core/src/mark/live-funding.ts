import type { UtcMillis } from "@ballast/model";
import { Decimal, type Price, type Rate, type Usd } from "@ballast/money";
import { type MonotonicMillis } from "../market/monotonic-millis.js";
import { roundedPrice } from "../market/price-units.js";
import { fundingRate, type FundingRules, type ImpactPrices, premiumOf, samplePremium } from "./funding-rate.js";
import type { OwnBook } from "./own-book.js";
import { NO_SAMPLES, type Samples } from "./regular-samples.js";

/*
 * The funding of a live perpetual. Intervals are parts of the day, so that whoever starts in the middle of one ends with
 * everybody else; the premium is sampled while one runs; when time has passed its end, what it has become is kept until
 * somebody takes it and pays.
 */

/** How a perpetual is funded live. */
export interface LiveFundingRules extends FundingRules {
  /** Dollars at which the own book is asked for its impact prices. */
  readonly impact: Usd;
}

/** The interval that runs. */
export interface RunningFunding {
  /** Its end; a multiple of the interval since 1970. */
  readonly paidAt: UtcMillis;
  readonly samples: Samples;
}

/** An interval that has ended, and what it has become. */
export interface EndedFunding {
  readonly paidAt: UtcMillis;
  /** Null where there were too few samples: a person decides, and nobody pays by itself. */
  readonly rate: Rate | null;
  /** The mark that stood when it ended. */
  readonly price: Price;
}

/** What a look at a perpetual sees. */
export interface FundingLook {
  readonly at: UtcMillis;
  readonly nowMs: MonotonicMillis;
  /** The mark before this look; null before the first. */
  readonly markBefore: Price | null;
  readonly index: Price;
  readonly book: OwnBook;
  readonly depth: Usd | null;
}

/**
 * The running interval after a look, and the one that has ended by it, if one has. Intervals that pass while nothing can be
 * seen have no funding.
 *
 * @method MARK-10 MARK-11 MARK-15
 */
export function lookAtFunding(
  rules: LiveFundingRules,
  running: RunningFunding | null,
  look: FundingLook,
): { readonly running: RunningFunding; readonly ended: EndedFunding | null } {
  const { at, nowMs, markBefore, index } = look;
  const over = running !== null && at >= running.paidAt;
  const ended = over && markBefore !== null ? endOf(rules, running, markBefore) : null;
  const current = running === null || over ? { paidAt: endAfter(rules, at), samples: NO_SAMPLES } : running;
  const impact = impactPrices(look.book, look.depth, rules.impact);
  const premium = impact === null ? null : premiumOf(index, impact);
  return { running: { ...current, samples: samplePremium(rules, current.samples, premium, nowMs) }, ended };
}

function endOf(rules: LiveFundingRules, { paidAt, samples }: RunningFunding, price: Price): EndedFunding {
  const rate = fundingRate(rules, samples);
  return { paidAt, rate: rate.ok ? rate.value : null, price };
}

/** The end of the interval that a moment lies in; a moment on a boundary begins the next one. */
function endAfter({ windowMs }: LiveFundingRules, at: UtcMillis): UtcMillis {
  return (at - (at % windowMs) + windowMs) as UtcMillis;
}

/**
 * Average prices of market orders of `size` dollars in a book whose price moves by one per cent for `depth` dollars, evenly:
 * half of the whole move away from its best price. Null without both sides.
 *
 * @method MARK-10
 */
export function impactPrices({ bid, ask }: OwnBook, depth: Usd | null, size: Usd): ImpactPrices | null {
  if (depth === null || bid === null || ask === null) return null;
  const move = Decimal.min(size.div(depth).div(200), 1);
  const paid = ask.mul(move.add(1)) as Price;
  const received = bid.mul(move.neg().add(1)) as Price;
  return { bid: received.isZero() ? null : roundedPrice(received), ask: roundedPrice(paid) };
}
