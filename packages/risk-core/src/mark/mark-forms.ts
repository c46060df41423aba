import type { Price } from "@ballast/money";
import { medianOf } from "../market/capped-median.js";
import { productOf, publishedPrice } from "../market/price-units.js";

/** Three ways to say what a contract is worth, in units; null where one cannot be said. */
export interface MarkForms {
  /** The index and the basis the contract has stood at on average. */
  readonly averaged: bigint;
  /** The own book now. */
  readonly book: bigint | null;
  /** What does not depend on the own book: other venues' contracts, or a fair price. */
  readonly anchor: bigint | null;
}

export interface Mark {
  readonly price: Price;
  /** Did the clamp hold it? A mark at its clamp says that the own market has left the index. */
  readonly clamped: boolean;
}

/**
 * The middle of the three forms, no further from the index `centre` than `width` of it. Beside a book the index itself
 * stands in for an anchor that cannot be said, so the mark lies between the average and something that the book has no
 * part in, whatever the book says. Without a book it is the average, or the mean of average and anchor.
 *
 * @method MARK-1
 */
export function markFrom({ averaged, book, anchor }: MarkForms, centre: bigint, width: bigint): Mark {
  const beside = anchor ?? (book === null ? averaged : centre);
  const middle = medianOf(book === null ? [averaged, beside] : [averaged, book, beside]);
  const half = productOf(centre, width);
  const [low, high] = [centre - half, centre + half];
  const held = middle < low ? low : middle > high ? high : middle;
  return { price: publishedPrice(held), clamped: held !== middle };
}
