import { type AccountRange, type Book, rangeOf, requireRows } from "./book.f64.js";
import type { RowTable } from "./columns.js";

/** What a scan can say of an account by itself. */
export const VERDICT = {
  /** Free margin is above zero, whatever was rounded. */
  safe: 0,
  /** Free margin is below zero, whatever was rounded. */
  breach: 1,
  /** Too close to zero for a float64: to be decided in decimals. */
  undecided: 2,
} as const;

export type Verdict = (typeof VERDICT)[keyof typeof VERDICT];

/** Of accounts [from, to) in their order. */
export interface Screen {
  readonly from: number;
  readonly freeMargins: Float64Array;
  /** How far each may be from the exact number, dollars. */
  readonly errors: Float64Array;
  readonly verdicts: Uint8Array;
}

/**
 * Which accounts are certainly above zero, which certainly below, and which are too close to tell.
 *
 * The caller decides the undecided in decimals; nobody decides by a float64 that could be wrong.
 *
 * Cost: a scan and a third.
 *
 * @throws KernelInputRefused when the table lacks a row of the book, or the range is not within the book.
 * @method KERNEL-7
 */
export function screenBook(book: Book, rows: RowTable, range: AccountRange = {}): Screen {
  requireRows(book, rows);
  const { from, to } = rangeOf(book, range);
  const freeMargins = new Float64Array(to - from);
  const errors = new Float64Array(to - from);
  book.loaded.scan(rows, from, to, freeMargins, errors);
  const verdicts = new Uint8Array(to - from);
  for (let at = 0; at < verdicts.length; at++) {
    verdicts[at] = verdictOf(freeMargins[at] as number, errors[at] as number);
  }
  return { from, freeMargins, errors, verdicts };
}

function verdictOf(freeMargin: number, error: number): Verdict {
  if (freeMargin > error) return VERDICT.safe;
  if (freeMargin < -error) return VERDICT.breach;
  return VERDICT.undecided;
}

/** The accounts of a screen with this verdict, by their number in the book, in ascending order. @method KERNEL-7 */
export function accountsThatAre(verdict: keyof typeof VERDICT, { from, verdicts }: Screen): readonly number[] {
  const accounts: number[] = [];
  for (const [at, found] of verdicts.entries()) if (found === VERDICT[verdict]) accounts.push(from + at);
  return accounts;
}
