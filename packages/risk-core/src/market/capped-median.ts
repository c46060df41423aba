import type { Price, Ratio } from "@ballast/money";
import { divideHalfEven } from "../scan/fixed-point.js";
import { exactPrice, productOf, unitsOf } from "./price-units.js";

/** One price and its part of an average. */
export interface WeightedPrice {
  readonly price: Price;
  /** Above zero; only the proportions matter. */
  readonly weight: Ratio;
}

/** The same, counted in units. */
export interface WeightedUnits {
  readonly units: bigint;
  readonly weight: bigint;
}

export interface CappedMedian {
  readonly median: Price;
  /** Each price moved to the nearer end of the band around the median, in the order given. */
  readonly capped: readonly Price[];
  /** The weighted average of the capped prices. */
  readonly average: Price;
}

/**
 * The weighted average of prices none of which is taken as further from their median than `capWidth` of it. One source
 * moves the result by at most its share of the weight × 2 × `capWidth`, plus what it moves the median: no further than
 * to the neighbour of the middle. To the nearest 10^-21.
 *
 * @param prices at least one
 * @method MARKET-4
 */
export function cappedMedian(prices: readonly WeightedPrice[], capWidth: Ratio): CappedMedian {
  const counted = prices.map(({ price, weight }) => ({ units: unitsOf(price), weight: unitsOf(weight) }));
  const median = medianOf(counted.map(({ units }) => units));
  const half = productOf(median, unitsOf(capWidth));
  return {
    median: exactPrice(median),
    capped: counted.map(({ units }) => exactPrice(within(units, median, half))),
    average: exactPrice(cappedAverage(counted, median, half)),
  };
}

/** The middle one, or the mean of the two in the middle. At least one. */
export function medianOf(units: readonly bigint[]): bigint {
  const ascending = [...units].sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
  const upper = ascending[ascending.length >> 1] as bigint;
  if (ascending.length % 2 === 1) return upper;
  return divideHalfEven((ascending[(ascending.length >> 1) - 1] as bigint) + upper, 2n);
}

/** The weighted average, each no further from `centre` than `half`. At least one. */
export function cappedAverage(prices: readonly WeightedUnits[], centre: bigint, half: bigint): bigint {
  let sum = 0n;
  let total = 0n;
  for (const { units, weight } of prices) {
    sum += within(units, centre, half) * weight;
    total += weight;
  }
  return divideHalfEven(sum, total);
}

/** The value itself, or the nearer end of centre ± half. */
function within(units: bigint, centre: bigint, half: bigint): bigint {
  const [low, high] = [centre - half, centre + half];
  return units < low ? low : units > high ? high : units;
}
