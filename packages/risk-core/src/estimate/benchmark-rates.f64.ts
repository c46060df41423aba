import { normalQuantile } from "../pricing/normal.f64.js";
import { checkParameter, checkWhole } from "./checked-series.f64.js";
import { nextEwma } from "./ewma.f64.js";
import { sortedSample } from "./quantile.f64.js";

/*
 * What others charge for a day of one asset, to stand beside our own rate: one volatility times a normal quantile, the
 * plain quantile of the last years, and the filtered one. Each is a stream: it answers the rate of the next day from
 * the moves it has been fed, undefined while it has too few, and never sees the day it answers for.
 */

/** A rate for the next day, and a way to tell it what the day brought (a log move, or the loss of a book). */
export interface BenchmarkRate {
  /** Log rate of the next day (or margin of the book); undefined while there is too little history. */
  readonly next: () => number | undefined;
  readonly observe: (move: number) => void;
}

/** The usual constants: memory of RiskMetrics (1996), two years of days, and the least history for a rate. */
const MEMORY = 0.94;
const WINDOW = 500;
const FILTER_FROM = 30;
const QUANTILE_FROM = 100;

/**
 * What counts as exceeded: a move to either side (a rate for longs and shorts alike), or a loss (a margin for one
 * book, fed with its losses).
 */
export type BenchmarkTail = "EITHER_SIDE" | "LOSS";

/**
 * Exponential volatility (memory 0.94) times the normal quantile.
 *
 * @param coverage  0.995 for one exception in two hundred days
 * @throws NoEstimate for a coverage outside (0, 1).
 * @method ESTIMATE-18
 */
export function ewmaRate(coverage: number, tail: BenchmarkTail): BenchmarkRate {
  checkParameter("coverage", coverage, Number.EPSILON, 1 - Number.EPSILON);
  const multiple = normalQuantile(tail === "LOSS" ? coverage : (1 + coverage) / 2);
  const filter = exponentialFilter();
  return {
    next: () => {
      const sigma = filter.next();
      return sigma === undefined ? undefined : multiple * sigma;
    },
    observe: filter.observe,
  };
}

/**
 * Quantile of the last 500 moves.
 *
 * @throws NoEstimate for a coverage outside (0, 1), a window below 100.
 * @method ESTIMATE-18
 */
export function historicalRate(coverage: number, tail: BenchmarkTail, window: number = WINDOW): BenchmarkRate {
  checkParameter("coverage", coverage, Number.EPSILON, 1 - Number.EPSILON);
  checkWhole("window", window, QUANTILE_FROM);
  const recent = sortedSample(window);
  return {
    next: () => (recent.count() < QUANTILE_FROM ? undefined : recent.quantile(coverage)),
    observe: (move) => recent.add(sized(move, tail)),
  };
}

/**
 * Filtered historical simulation: quantile of the last 500 standardised moves times today's exponential volatility.
 *
 * @throws NoEstimate for a coverage outside (0, 1), a window below 100.
 * @method ESTIMATE-14 ESTIMATE-18
 */
export function filteredHistoricalRate(coverage: number, tail: BenchmarkTail, window: number = WINDOW): BenchmarkRate {
  checkParameter("coverage", coverage, Number.EPSILON, 1 - Number.EPSILON);
  checkWhole("window", window, QUANTILE_FROM);
  const filter = exponentialFilter();
  const recent = sortedSample(window);
  return {
    next: () => {
      const sigma = filter.next();
      return sigma === undefined || recent.count() < QUANTILE_FROM ? undefined : recent.quantile(coverage) * sigma;
    },
    observe: (move) => {
      const sigma = filter.next();
      if (sigma !== undefined) recent.add(sized(move, tail) / sigma);
      filter.observe(move);
    },
  };
}

const sized = (move: number, tail: BenchmarkTail): number => (tail === "LOSS" ? move : Math.abs(move));

/** Volatility of the next day once 30 moves are there and the market has moved at all. */
function exponentialFilter(): BenchmarkRate {
  let variance: number | undefined;
  let count = 0;
  return {
    next: () => (variance === undefined || variance === 0 || count < FILTER_FROM ? undefined : Math.sqrt(variance)),
    observe: (move) => {
      variance = nextEwma(variance, move, MEMORY);
      count += 1;
    },
  };
}
