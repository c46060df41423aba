import { checkSeries, checkWhole } from "../estimate/checked-series.f64.js";
import { NoEstimate } from "../estimate/no-estimate.js";
import { horizonLogRate } from "./rate.f64.js";

/*
 * Other horizons than a day, with every hour as a start: positions are opened and liquidated at any time, not at
 * midnight. Starts overlap, so the counts are many and not independent; they say how a rate scales, not how sure it is.
 */

/** Hourly closes of one asset; undefined where there is none. */
export interface HourlyCloses {
  /** Start of each hour, Unix seconds, ascending. */
  readonly hours: readonly number[];
  readonly closes: readonly (number | undefined)[];
}

/** What one horizon came to. */
export interface HorizonScore {
  readonly hours: number;
  readonly starts: number;
  readonly exceptionsOnFall: number;
  readonly exceptionsOnRise: number;
}

const HOUR_S = 3600;
const DAY_S = 86_400;

/**
 * Exceptions of the scaled rate over `hours` from every hourly close on whose day `logRateOn` has a rate. Starts whose
 * end is missing do not count.
 *
 * @param logRateOn  log rate of a day, by day since 1970
 *
 * @throws NoEstimate for hours that are not whole or not in 1 … 120, and closes that are not above zero.
 * @method HYBRID-9
 */
export function scoreHorizon(
  series: HourlyCloses,
  logRateOn: ReadonlyMap<number, number>,
  hours: number,
): HorizonScore {
  const counted = { hours, starts: 0, exceptionsOnFall: 0, exceptionsOnRise: 0 };
  eachStart(series, logRateOn, hours, (logRate, logMove) => {
    counted.starts += 1;
    if (logMove < -logRate) counted.exceptionsOnFall += 1;
    if (logMove > logRate) counted.exceptionsOnRise += 1;
  });
  return counted;
}

function eachStart(
  { hours: times, closes }: HourlyCloses,
  logRateOn: ReadonlyMap<number, number>,
  hours: number,
  visit: (logRate: number, logMove: number) => void,
): void {
  checkWhole("hours", hours, 1, 120);
  checkSeries(times, 0, "hours");
  const scale = horizonLogRate(1, hours);
  for (let at = 0; at + hours < times.length; at += 1) {
    const logRate = logRateOn.get(Math.floor((times[at] as number) / DAY_S));
    const [from, to] = [closes[at], closes[at + hours]];
    if (logRate === undefined || from === undefined || to === undefined) continue;
    if ((times[at + hours] as number) - (times[at] as number) !== hours * HOUR_S) continue;
    if (!(from > 0 && to > 0)) throw new NoEstimate("PARAMETER_OUT_OF_RANGE", { parameter: "close", index: at });
    visit(logRate * scale, Math.log(to / from));
  }
}

/** A book's hourly score: losses over `hours` beyond its margin of the day, scaled as a log rate is. */
export interface BookHorizonScore {
  readonly hours: number;
  readonly starts: number;
  readonly exceptions: number;
}

/**
 * Exceptions of a book's scaled margin from every hour on whose day it has one.
 *
 * @param legs      hourly closes and weight of each leg, all under the same hours
 * @param marginOn  margin of a day as a share of gross, by day since 1970
 *
 * @throws NoEstimate for legs under different hours.
 * @method HYBRID-9
 */
export function scoreBookHorizon(
  legs: readonly { readonly weight: number; readonly series: HourlyCloses }[],
  marginOn: ReadonlyMap<number, number>,
  hours: number,
): BookHorizonScore {
  checkWhole("hours", hours, 1, 120);
  const times = legs[0]?.series.hours ?? [];
  if (legs.some(({ series }) => series.hours.length !== times.length)) {
    throw new NoEstimate("SERIES_UNEQUAL", { series: "hours", expected: times.length, found: "another" });
  }
  const scale = horizonLogRate(1, hours);
  const counted = { hours, starts: 0, exceptions: 0 };
  for (let at = 0; at + hours < times.length; at += 1) {
    const margin = marginOn.get(Math.floor((times[at] as number) / DAY_S));
    if (margin === undefined || (times[at + hours] as number) - (times[at] as number) !== hours * HOUR_S) continue;
    const loss = lossBetween(legs, at, at + hours);
    if (loss === undefined) continue;
    counted.starts += 1;
    if (loss > margin * scale) counted.exceptions += 1;
  }
  return counted;
}

function lossBetween(
  legs: readonly { readonly weight: number; readonly series: HourlyCloses }[],
  from: number,
  to: number,
): number | undefined {
  let loss = 0;
  for (const { weight, series } of legs) {
    const [before, after] = [series.closes[from], series.closes[to]];
    if (before === undefined || after === undefined) return undefined;
    loss -= weight * (after / before - 1);
  }
  return loss;
}
