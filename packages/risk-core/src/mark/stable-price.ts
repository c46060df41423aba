import { type Price, type Ratio } from "@ballast/money";
import type { MonotonicMillis } from "../market/monotonic-millis.js";
import { productOf, publishedPrice, unitsOf } from "../market/price-units.js";

/*
 * A price that follows the real one at a bounded speed, both ways. Collateral counts at the lower of the two when new risk
 * is judged, so that a price that has just been pumped is worth nothing to whoever pumped it until it has stood for hours.
 * Maintenance takes the plain price: a shield against manipulation must never be what liquidates somebody.
 */

export interface StablePriceRules {
  /** How far it moves in a second, as a share of itself. */
  readonly perSecondMax: Ratio;
  /** An interval counts for no more than this: after an outage it does not leap. */
  readonly stepMsMax: number;
}

/** A stable price and the time until which it has followed. */
export interface StablePrice {
  readonly price: Price;
  readonly atMs: MonotonicMillis;
}

/**
 * The stable price after time has passed at `price`: towards it, never beyond it, by at most `perSecondMax` of itself for
 * every second. An earlier time than the last changes nothing.
 *
 * @param price a price that decisions may use
 * @method MARK-5
 */
export function followStable(
  rules: StablePriceRules,
  before: StablePrice,
  price: Price,
  nowMs: MonotonicMillis,
): StablePrice {
  const passed = BigInt(Math.floor(Math.min(nowMs - before.atMs, rules.stepMsMax)));
  if (passed <= 0n) return before;
  const [from, to] = [unitsOf(before.price), unitsOf(price)];
  const step = (productOf(from, unitsOf(rules.perSecondMax)) * passed) / 1_000n;
  const reached = to > from + step ? from + step : to < from - step ? from - step : to;
  return { price: reached === to ? price : publishedPrice(reached), atMs: nowMs };
}
