import { checkColumns, checkWhole } from "./checked-series.f64.js";
import {
  type CoverageTest,
  kupiecVerdict,
  type KupiecVerdict,
  largestRise,
  peakToTrough,
  testCoverage,
  worstWindow,
} from "./coverage-test.f64.js";

/*
 * How good a margin was, day by day, on history: how often it was not enough, whether those days came together, what it
 * cost, and how much it swung. The four are one answer: any of them is easy to have at the expense of the others.
 */

/** A margin and what it was for, on the days it covered. */
export interface MarginSeries {
  /** Days since 1970, ascending. */
  readonly days: readonly number[];
  /** What happened, in the unit of `covered`: the loss, or the size of the move where both sides are judged. */
  readonly happened: readonly number[];
  /** What would have been covered. */
  readonly covered: readonly number[];
  /** What it cost, as a share of notional or of gross. */
  readonly margins: readonly number[];
}

/** Kupiec's verdict on one stretch of days. */
export interface WindowVerdict {
  readonly from: number;
  readonly to: number;
  readonly exceptions: number;
  readonly verdict: KupiecVerdict;
}

/** Exceptions of one calendar year. */
export interface YearCount {
  readonly year: number;
  readonly exceptions: number;
  readonly days: number;
}

/** The score of one series. Margins are in the unit of the series' margins. */
export interface MarginScore {
  readonly test: CoverageTest;
  /** Share of days covered, 0 … 1. */
  readonly coverage: number;
  /** Largest count of exceptions in 250 consecutive days. */
  readonly worstWindow: number;
  /** Consecutive stretches of 250 days from the first day on; what is left at the end is not a stretch. */
  readonly windows: readonly WindowVerdict[];
  /** Calendar years, ascending. */
  readonly years: readonly YearCount[];
  readonly meanMargin: number;
  readonly lowestMargin: number;
  readonly highestMargin: number;
  /** Within 30 consecutive days. */
  readonly peakToTrough: number;
  readonly largestRise: number;
}

export const VERDICT_DAYS = 250;
export const SWING_DAYS = 30;
const DAY_MS = 86_400_000;

/**
 * Scores a margin that promised to be exceeded with probability `promised` a day. An exception is a day on which more
 * happened than was covered.
 *
 * @throws NoEstimate for an empty series, columns of different lengths, values that are not finite, margins that are
 *   not above zero.
 * @method ESTIMATE-16 ESTIMATE-17
 */
export function scoreMargins({ days, happened, covered, margins }: MarginSeries, promised: number): MarginScore {
  checkColumns([days, happened, covered, margins], 1);
  const exceeded = happened.map((loss, at) => loss > (covered[at] as number));
  const test = testCoverage(exceeded, promised);
  let sum = 0;
  for (const margin of margins) sum += margin;
  return {
    test,
    coverage: 1 - test.exceptions / test.days,
    worstWindow: worstWindow(exceeded, VERDICT_DAYS),
    windows: windowVerdicts(days, exceeded, promised),
    years: yearCounts(days, exceeded),
    meanMargin: sum / margins.length,
    lowestMargin: margins.reduce((lowest, margin) => Math.min(lowest, margin)),
    highestMargin: margins.reduce((highest, margin) => Math.max(highest, margin)),
    peakToTrough: peakToTrough(margins, SWING_DAYS),
    largestRise: largestRise(margins),
  };
}

/**
 * The smallest factor on what was covered that brings every series to at most its promised share of exceptions and at
 * most `windowMax` of them in 250 days: the price of a model is compared fairly only at equal safety. It is known in
 * hindsight alone, for all models alike.
 *
 * @throws NoEstimate for series that cannot be scored.
 * @method ESTIMATE-19
 */
export function equalSafetyFactor(series: readonly MarginSeries[], promised: number, windowMax: number): number {
  checkWhole("windowMax", windowMax, 0);
  let factor = 0;
  for (const { happened, covered } of series) {
    checkColumns([happened, covered], 1);
    const ratios = happened.map((loss, at) => loss / (covered[at] as number));
    // At the factor itself an exception is just covered, so the next larger ratio decides.
    const allowed = Math.floor(promised * ratios.length);
    factor = Math.max(factor, nthLargest(ratios, allowed));
    const window = Math.min(VERDICT_DAYS, ratios.length);
    for (let to = window; to <= ratios.length; to += 1) {
      factor = Math.max(factor, nthLargest(ratios.slice(to - window, to), windowMax));
    }
  }
  return factor;
}

/** The (n + 1)-th largest value above zero; zero when there are not so many. */
function nthLargest(values: readonly number[], n: number): number {
  const largest: number[] = [];
  for (const value of values) {
    if (largest.length > n && value <= (largest[n] as number)) continue;
    let at = largest.length;
    while (at > 0 && (largest[at - 1] as number) < value) at -= 1;
    largest.splice(at, 0, value);
    if (largest.length > n + 1) largest.pop();
  }
  return Math.max(0, largest[n] ?? 0);
}

function windowVerdicts(days: readonly number[], exceeded: readonly boolean[], promised: number): WindowVerdict[] {
  const verdicts: WindowVerdict[] = [];
  for (let from = 0; from + VERDICT_DAYS <= days.length; from += VERDICT_DAYS) {
    const exceptions = exceeded.slice(from, from + VERDICT_DAYS).filter(Boolean).length;
    verdicts.push({
      from: days[from] as number,
      to: days[from + VERDICT_DAYS - 1] as number,
      exceptions,
      verdict: kupiecVerdict(exceptions, VERDICT_DAYS, promised),
    });
  }
  return verdicts;
}

function yearCounts(days: readonly number[], exceeded: readonly boolean[]): YearCount[] {
  return sumYears(
    days.map((day, at) => ({
      year: new Date(day * DAY_MS).getUTCFullYear(),
      exceptions: exceeded[at] === true ? 1 : 0,
      days: 1,
    })),
  );
}

/** Counts of the same year added up, ascending by year. */
export function sumYears(counts: readonly YearCount[]): YearCount[] {
  const years = new Map<number, YearCount>();
  for (const { year, exceptions, days } of counts) {
    const sum = years.get(year) ?? { year, exceptions: 0, days: 0 };
    years.set(year, { year, exceptions: sum.exceptions + exceptions, days: sum.days + days });
  }
  return [...years.values()].sort((left, right) => left.year - right.year);
}

/** The year of the lowest coverage, the first one on a tie; the caller vouches for at least one. */
export function worstYear(years: readonly YearCount[]): YearCount {
  return years.reduce((worst, year) => (year.exceptions / year.days > worst.exceptions / worst.days ? year : worst));
}
