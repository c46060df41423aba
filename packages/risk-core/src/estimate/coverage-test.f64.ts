import { cumulativeNormal } from "../pricing/normal.f64.js";
import { checkParameter, checkSeries, checkWhole } from "./checked-series.f64.js";
import { NoEstimate } from "./no-estimate.js";

/*
 * Does a model that promises to be exceeded with probability p keep its promise? Three likelihood ratios and a zone:
 *
 * - Kupiec (1995): is the *number* of exceptions that of a coin with probability p? One degree of freedom.
 * - Christoffersen (1998): is tomorrow's exception likelier after one of today? One degree of freedom.
 * - both together: conditional coverage, two degrees of freedom.
 * - the traffic light of the Basel committee: how unlikely are so few exceptions or fewer?
 *
 * With three exceptions none of them has much power, and a model that is rejected for *too few* is dear, not unsafe:
 * the verdict says on which side it lies.
 */

/** Where a model stands by the count of its exceptions. */
export type TrafficLight = "GREEN" | "YELLOW" | "RED";

/** A verdict at 5 %: what the count of exceptions says of a model. */
export type KupiecVerdict = "ACCEPTED" | "TOO_MANY" | "TOO_FEW";

/** The three tests of one series of exceptions. */
export interface CoverageTest {
  readonly exceptions: number;
  readonly days: number;
  /** Likelihood ratios, and the probability of one as large if the model were right. */
  readonly kupiec: LikelihoodRatio;
  readonly independence: LikelihoodRatio;
  readonly conditionalCoverage: LikelihoodRatio;
  /** Probability of so many exceptions or fewer if the model were right. */
  readonly cumulativeProbability: number;
  readonly zone: TrafficLight;
  readonly verdict: KupiecVerdict;
}

export interface LikelihoodRatio {
  readonly ratio: number;
  readonly probability: number;
}

/** Zones end where so few exceptions or fewer would have this probability. */
const YELLOW_FROM = 0.95;
const RED_FROM = 0.9999;
const REJECTED_BELOW = 0.05;

/**
 * All tests of a series of days, each true when the loss exceeded what the model said.
 *
 * @param promised  probability of an exception that the model promises, 0.005 for 99.5 %
 *
 * @throws NoEstimate for no days or a probability outside (0, 1).
 * @method ESTIMATE-16
 */
export function testCoverage(exceeded: readonly boolean[], promised: number): CoverageTest {
  const days = exceeded.length;
  if (days === 0) throw new NoEstimate("SERIES_TOO_SHORT", { series: "exceeded", needed: 1, found: 0 });
  const exceptions = exceeded.filter(Boolean).length;
  const kupiec = kupiecTest(exceptions, days, promised);
  const independence = independenceTest(exceeded);
  const conditional = kupiec.ratio + independence.ratio;
  const cumulativeProbability = binomialCumulative(exceptions, days, promised);
  return {
    exceptions,
    days,
    kupiec,
    independence,
    conditionalCoverage: { ratio: conditional, probability: Math.exp(-conditional / 2) },
    cumulativeProbability,
    zone: zoneOf(cumulativeProbability),
    verdict: verdictOf(kupiec, exceptions, days * promised),
  };
}

/**
 * Kupiec's test of `exceptions` in `days`: 2·[ln L(exceptions ÷ days) − ln L(promised)].
 *
 * @throws NoEstimate for counts that are not whole or a probability outside (0, 1).
 * @method ESTIMATE-16
 */
export function kupiecTest(exceptions: number, days: number, promised: number): LikelihoodRatio {
  checkWhole("days", days, 1);
  checkWhole("exceptions", exceptions, 0, days);
  checkParameter("promised", promised, Number.MIN_VALUE, 1 - Number.EPSILON);
  return withProbability(
    2 * (logLikelihood(exceptions, days, exceptions / days) - logLikelihood(exceptions, days, promised)),
  );
}

/**
 * What Kupiec's test says at 5 %, and on which side.
 *
 * @throws NoEstimate as `kupiecTest`.
 * @method ESTIMATE-16
 */
export function kupiecVerdict(exceptions: number, days: number, promised: number): KupiecVerdict {
  return verdictOf(kupiecTest(exceptions, days, promised), exceptions, days * promised);
}

/** The largest count of exceptions in `window` consecutive days, of all days when there are fewer. */
export function worstWindow(exceeded: readonly boolean[], window: number): number {
  checkWhole("window", window, 1);
  let within = 0;
  let worst = 0;
  exceeded.forEach((exception, day) => {
    if (exception) within += 1;
    if (exceeded[day - window] === true) within -= 1;
    worst = Math.max(worst, within);
  });
  return worst;
}

/**
 * Largest ratio of a margin to a lower one inside any `window` consecutive days, in either order: how far a requirement
 * swings within a month. One for a margin that never moves.
 *
 * @throws NoEstimate for no margins, or margins that are not finite or not above zero.
 * @method ESTIMATE-17
 */
export function peakToTrough(margins: ArrayLike<number>, window: number): number {
  checkMargins(margins);
  checkWhole("window", window, 1);
  let largest = 1;
  for (let to = 0; to < margins.length; to += 1) {
    let [low, high] = [margins[to] as number, margins[to] as number];
    for (let at = Math.max(0, to - window + 1); at < to; at += 1) {
      low = Math.min(low, margins[at] as number);
      high = Math.max(high, margins[at] as number);
    }
    largest = Math.max(largest, high / low);
  }
  return largest;
}

/**
 * Largest relative rise of a margin from one day to the next: 0.1 for a tenth; zero when it never rises.
 *
 * @throws NoEstimate as `peakToTrough`.
 * @method ESTIMATE-17
 */
export function largestRise(margins: ArrayLike<number>): number {
  checkMargins(margins);
  let largest = 0;
  for (let at = 1; at < margins.length; at += 1) {
    largest = Math.max(largest, (margins[at] as number) / (margins[at - 1] as number) - 1);
  }
  return largest;
}

/** Is an exception likelier the day after one? Rates out of a state that never occurred count as zero. */
function independenceTest(exceeded: readonly boolean[]): LikelihoodRatio {
  let [quietQuiet, quietHit, hitQuiet, hitHit] = [0, 0, 0, 0];
  for (let day = 1; day < exceeded.length; day += 1) {
    if (exceeded[day - 1] === true) {
      if (exceeded[day] === true) hitHit += 1;
      else hitQuiet += 1;
    } else if (exceeded[day] === true) quietHit += 1;
    else quietQuiet += 1;
  }
  const share = (hits: number, days: number): number => (days === 0 ? 0 : hits / days);
  const hits = quietHit + hitHit;
  const days = quietQuiet + quietHit + hitQuiet + hitHit;
  const afterQuiet = quietQuiet + quietHit;
  const afterHit = hitQuiet + hitHit;
  return withProbability(
    2 *
      (logLikelihood(quietHit, afterQuiet, share(quietHit, afterQuiet)) +
        logLikelihood(hitHit, afterHit, share(hitHit, afterHit)) -
        logLikelihood(hits, days, share(hits, days))),
  );
}

/** ln of p^hits (1 − p)^(days − hits), with 0·ln 0 = 0. */
function logLikelihood(hits: number, days: number, probability: number): number {
  const term = (count: number, share: number): number => (count === 0 ? 0 : count * Math.log(share));
  return term(hits, probability) + term(days - hits, 1 - probability);
}

/** With one degree of freedom, a ratio is the square of a normal. */
function withProbability(ratio: number): LikelihoodRatio {
  // Rounding can leave a perfect fit at −1e-16.
  const atLeastZero = Math.max(0, ratio);
  return { ratio: atLeastZero, probability: 2 * cumulativeNormal(-Math.sqrt(atLeastZero)) };
}

function verdictOf({ probability }: LikelihoodRatio, exceptions: number, expected: number): KupiecVerdict {
  if (probability >= REJECTED_BELOW) return "ACCEPTED";
  return exceptions > expected ? "TOO_MANY" : "TOO_FEW";
}

function zoneOf(cumulativeProbability: number): TrafficLight {
  if (cumulativeProbability < YELLOW_FROM) return "GREEN";
  return cumulativeProbability < RED_FROM ? "YELLOW" : "RED";
}

/** P(count ≤ exceptions) of a binomial, term by term from ln P(0): each term is the last one times a ratio. */
function binomialCumulative(exceptions: number, days: number, probability: number): number {
  let logTerm = days * Math.log1p(-probability);
  let sum = 0;
  for (let count = 0; ; count += 1) {
    sum += Math.exp(logTerm);
    if (count === exceptions) return Math.min(1, sum);
    logTerm += Math.log(((days - count) / (count + 1)) * (probability / (1 - probability)));
  }
}

function checkMargins(margins: ArrayLike<number>): void {
  checkSeries(margins, 1, "margins");
  for (let at = 0; at < margins.length; at += 1) {
    checkParameter("margin", margins[at] as number, Number.MIN_VALUE, Number.MAX_VALUE);
  }
}
