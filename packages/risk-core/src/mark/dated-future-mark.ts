import type { Price, Ratio } from "@ballast/money";
import type { MonotonicMillis } from "../market/monotonic-millis.js";
import { ONE_UNITS, unitsOf } from "../market/price-units.js";
import { type AveragedBasis, averagedUntil, observeBasis } from "./averaged-basis.js";
import { type Mark, markFrom } from "./mark-forms.js";
import { bookPrice, type OwnBook } from "./own-book.js";

/*
 * The mark of a dated future: the index and a fair basis, which is averaged *per year*, so that it shrinks by itself as the
 * expiry comes near and needs no correction from day to day. The clamp has the same shape, a part that stays and a part
 * per year, because a contract that expires in two hours can be no further from its index than a perpetual, while one that
 * expires in a year may well stand ten per cent away.
 */

/** How the mark of a dated future is made. */
export interface DatedFutureMarkRules {
  /** The part of the clamp that does not depend on the expiry: a share of the index. */
  readonly clampWidth: Ratio;
  /** What is added to it for a year. */
  readonly clampWidthPerYear: Ratio;
  readonly memoryMs: number;
}

/** What there is to make a mark from at one moment. */
export interface DatedFutureQuote {
  /** A price that decisions may use; inside the settlement window, `settlementBlend`. */
  readonly index: Price;
  readonly book: OwnBook;
  /** Other venues' futures of the same expiry; null without, then the index stands in for it. */
  readonly anchor: Price | null;
  readonly msToExpiry: number;
  readonly atMs: MonotonicMillis;
}

const YEAR_MS = 365n * 24n * 3_600_000n;
/** Below a day a basis per year says nothing: one basis point is some forty per cent a year. */
const BASIS_MS_MIN = 24n * 3_600_000n;

/**
 * The mark after one look at the market, and the average basis per year to remember. After the expiry the mark is the index.
 *
 * @method MARK-2 MARK-3
 */
export function markDatedFuture(
  rules: DatedFutureMarkRules,
  before: AveragedBasis,
  { index, book, anchor, msToExpiry, atMs }: DatedFutureQuote,
): { readonly mark: Mark; readonly basis: AveragedBasis } {
  const centre = unitsOf(index);
  const left = BigInt(Math.max(0, Math.floor(msToExpiry)));
  if (left === 0n)
    return { mark: { price: index, clamped: false }, basis: averagedUntil(before, rules.memoryMs, atMs) };
  const width = unitsOf(rules.clampWidth) + accrued(unitsOf(rules.clampWidthPerYear), left);
  const own = bookPrice(book);
  const basis =
    left < BASIS_MS_MIN
      ? averagedUntil({ ...before, standing: null }, rules.memoryMs, atMs)
      : observeBasis(
          before,
          own === null ? null : annualised(((own - centre) * ONE_UNITS) / centre, left),
          annualised(width, left),
          rules.memoryMs,
          atMs,
        );
  const forms = {
    averaged: centre + (centre * accrued(basis.average, left)) / ONE_UNITS,
    book: own,
    anchor: anchor === null ? null : unitsOf(anchor),
  };
  return { mark: markFrom(forms, centre, width), basis };
}

/** What falls on the time left of something per year. */
function accrued(perYear: bigint, leftMs: bigint): bigint {
  return (perYear * leftMs) / YEAR_MS;
}

/** Something over the time left, as it would be over a year. */
function annualised(share: bigint, leftMs: bigint): bigint {
  return (share * YEAR_MS) / leftMs;
}
