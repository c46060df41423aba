import type { Price } from "@ballast/money";
import { medianOf } from "../market/capped-median.js";
import { unitsOf } from "../market/price-units.js";

/**
 * The house's own market in an instrument. Bid and ask are what an order of the impact size would get, where the exchange
 * knows that: then a wall of one contract moves neither.
 */
export interface OwnBook {
  readonly bid: Price | null;
  readonly ask: Price | null;
  readonly last: Price | null;
}

/**
 * What the own book says, in units: the median of bid, ask and last trade, so none of the three can move it alone beyond
 * the other two. Without a side that is missing: the mean of two, or the one; null when nothing is there.
 *
 * @method MARK-1
 */
export function bookPrice({ bid, ask, last }: OwnBook): bigint | null {
  const said = [bid, ask, last].filter((price) => price !== null).map(unitsOf);
  return said.length === 0 ? null : medianOf(said);
}
