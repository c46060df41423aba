import type { AccountId, InstrumentId } from "@ballast/model";
import type { Book } from "./journal.js";

/*
 * The chart of accounts. Every account keeps five kinds of book, each per asset:
 *
 *   collateral            what is in the wallet; negative is a debt to the pool
 *   external              minus what came in from outside, so that a deposit needs no row that everybody shares
 *   fees                  trading fees this account has paid; held by the house
 *   position/<instrument> contracts of the instrument, and what the open contracts have cost in the settlement asset
 *   debt/<account>        what the other account owes this one, or, negative, what this one owes the other
 *
 * A book is credited with what it gains, so every journal sums to zero in every asset.
 */

const POSITION = "position/";

/** The book that holds an instrument's contracts and their cost. */
export function positionBook(instrument: InstrumentId): Book {
  return `${POSITION}${instrument}`;
}

/** The instrument of a position book; null for every other book. */
export function instrumentOf(book: Book): InstrumentId | null {
  return book.startsWith(POSITION) ? (book.slice(POSITION.length) as InstrumentId) : null;
}

const DEBT = "debt/";

/** The book of what stands between an account and another one that paid for it. */
export function debtBook(other: AccountId): Book {
  return `${DEBT}${other}`;
}

/** The other account of a debt book; null for every other book. */
export function counterpartyOf(book: Book): AccountId | null {
  return book.startsWith(DEBT) ? (book.slice(DEBT.length) as AccountId) : null;
}
