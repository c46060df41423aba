import type { Candle } from "./candles.f64.js";
import { checkWhole } from "./checked-series.f64.js";
import { NoEstimate } from "./no-estimate.js";

/*
 * Four estimates of the variance of one interval from a window of candles.
 *
 * The close sees one number a day; the range between high and low also sees the wick that closed back, and is worth
 * about five days of closes (Parkinson 1980) or seven with open and close (Garman and Klass 1980) when the price is a
 * diffusion without drift that never jumps between candles. Yang and Zhang (2000) add the jump from close to open and
 * weigh drift away, at the price of a window. All four are in units of log move squared per interval; the square root
 * is a volatility per interval, and a year of a market that never closes is 365 days.
 *
 * A streaming estimate is the batch over the last `window` candles, computed anew at each candle: a running sum would
 * save little and drift away from the batch in the last digits, and two answers to one question are one too many.
 */

/** The estimators by name. */
export type RangeEstimator = "CLOSE_TO_CLOSE" | "PARKINSON" | "GARMAN_KLASS" | "YANG_ZHANG";

/**
 * Variance of the log move of one interval. Candles must follow each other without holes (`readHistory` says where they
 * do not): a hole would count as one interval.
 *
 * CLOSE_TO_CLOSE removes the mean and divides by n − 1; it and YANG_ZHANG use the first candle only for its close.
 *
 * @throws NoEstimate for fewer than 3 candles (1 for PARKINSON and GARMAN_KLASS).
 * @method ESTIMATE-3
 */
export function rangeVariance(candles: readonly Candle[], estimator: RangeEstimator): number {
  const needed = estimator === "PARKINSON" || estimator === "GARMAN_KLASS" ? 1 : 3;
  if (candles.length < needed) {
    throw new NoEstimate("SERIES_TOO_SHORT", { series: "candles", needed, found: candles.length });
  }
  switch (estimator) {
    case "CLOSE_TO_CLOSE":
      return sampleVariance(candles.slice(1).map(({ close }, at) => Math.log(close / closeOf(candles, at))));
    case "PARKINSON":
      return mean(candles.map(parkinson));
    case "GARMAN_KLASS":
      return mean(candles.map(garmanKlass));
    case "YANG_ZHANG":
      return yangZhang(candles);
  }
}

/**
 * A streaming estimate: hands back a function that takes the next candle and answers the variance over the last
 * `window` candles, undefined until there are so many.
 *
 * @method ESTIMATE-3
 */
export function rollingRangeVariance(
  estimator: RangeEstimator,
  window: number,
): (candle: Candle) => number | undefined {
  checkWhole("window", window, 3);
  const kept: Candle[] = [];
  return (candle) => {
    kept.push(candle);
    if (kept.length > window) kept.shift();
    return kept.length < window ? undefined : rangeVariance(kept, estimator);
  };
}

/** The variance that a log range ln(high ÷ low) stands for: its square ÷ (4 ln 2). */
export function parkinsonVariance(logRange: number): number {
  return (logRange * logRange) / (4 * Math.LN2);
}

function parkinson({ high, low }: Candle): number {
  return parkinsonVariance(Math.log(high / low));
}

function garmanKlass({ open, high, low, close }: Candle): number {
  return 0.5 * Math.log(high / low) ** 2 - (2 * Math.LN2 - 1) * Math.log(close / open) ** 2;
}

function yangZhang(candles: readonly Candle[]): number {
  const own = candles.slice(1);
  const overnight = sampleVariance(own.map(({ open }, at) => Math.log(open / closeOf(candles, at))));
  const openToClose = sampleVariance(own.map(({ open, close }) => Math.log(close / open)));
  const rogersSatchell = mean(
    own.map(
      ({ open, high, low, close }) =>
        Math.log(high / close) * Math.log(high / open) + Math.log(low / close) * Math.log(low / open),
    ),
  );
  const share = 0.34 / (1.34 + (own.length + 1) / (own.length - 1));
  return overnight + share * openToClose + (1 - share) * rogersSatchell;
}

const closeOf = (candles: readonly Candle[], at: number): number => (candles[at] as Candle).close;

function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function sampleVariance(values: readonly number[]): number {
  const centre = mean(values);
  let sum = 0;
  for (const value of values) sum += (value - centre) ** 2;
  return sum / (values.length - 1);
}
