import type { Price, Rate, Ratio } from "@ballast/money";
import type { MonotonicMillis } from "../market/monotonic-millis.js";
import { ONE_UNITS, unitsOf } from "../market/price-units.js";
import { type AveragedBasis, observeBasis } from "./averaged-basis.js";
import { type Mark, markFrom } from "./mark-forms.js";
import { bookPrice, type OwnBook } from "./own-book.js";

/*
 * The mark of a perpetual: what its positions are worth, which must follow the contract's own market, because that is
 * where they are closed, and must not be made by it, because that is where it can be bought.
 *
 * Three forms are asked and the middle one is taken: the index with the average basis of the last minutes; the own book
 * now; and an anchor that the own book has no part in. To move the mark away from the anchor one has to move the book and
 * hold it there for as long as the average remembers, and even then the clamp ends it.
 */

/** How the mark of a perpetual is made. */
export interface PerpetualMarkRules {
  /** The mark is never further from the index than this share of it. */
  readonly clampWidth: Ratio;
  /** Memory of the average basis. */
  readonly memoryMs: number;
}

/** What there is to make a mark from at one moment. `index` is a price that decisions may use. */
export interface PerpetualQuote {
  readonly index: Price;
  readonly book: OwnBook;
  /** Other venues' perpetuals, or `fairPerpetual`; null without either, then the index stands in for it. */
  readonly anchor: Price | null;
  readonly atMs: MonotonicMillis;
}

/**
 * The mark after one look at the market, and the average basis to remember.
 *
 * @method MARK-1 MARK-2
 */
export function markPerpetual(
  rules: PerpetualMarkRules,
  before: AveragedBasis,
  { index, book, anchor, atMs }: PerpetualQuote,
): { readonly mark: Mark; readonly basis: AveragedBasis } {
  const centre = unitsOf(index);
  const width = unitsOf(rules.clampWidth);
  const own = bookPrice(book);
  const sample = own === null ? null : ((own - centre) * ONE_UNITS) / centre;
  const basis = observeBasis(before, sample, width, rules.memoryMs, atMs);
  const forms = {
    averaged: centre + (centre * basis.average) / ONE_UNITS,
    book: own,
    anchor: anchor === null ? null : unitsOf(anchor),
  };
  return { mark: markFrom(forms, centre, width), basis };
}

/**
 * What a perpetual is worth by its funding alone: the index, and the funding still to be paid until the next payment.
 *
 * @param fundingRate for a whole interval, paid by longs when positive
 * @param remaining share of the interval that is left, 0…1
 * @method MARK-1
 */
export function fairPerpetual(index: Price, fundingRate: Rate, remaining: Ratio): Price {
  return index.add(index.mul(fundingRate).mul(remaining)) as Price;
}
