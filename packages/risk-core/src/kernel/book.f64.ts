import { instrumentsOf } from "./book-columns.f64.js";
import type { BookColumns, RowTable } from "./columns.js";
import type { KernelEngine, LoadedBook } from "./engine.js";
import { kernelEngine } from "./fastest-engine.js";
import { KernelInputRefused } from "./kernel-refusal.js";

/** A book that has been checked and is inside a kernel, ready to be scanned again and again. */
export interface Book {
  readonly accounts: number;
  readonly positions: number;
  /** How many instruments a row table must have. */
  readonly instruments: number;
  readonly loaded: LoadedBook;
}

/** Accounts [from, to); the whole book where it is not said. */
export interface AccountRange {
  readonly from?: number;
  readonly to?: number;
}

/**
 * Checks a book and takes a copy of it into a kernel. A worker loads its slice (`sliceBook`) into a kernel of its own.
 *
 * Cost: about as much as a scan.
 *
 * @throws KernelInputRefused KernelMemoryRefused
 * @method KERNEL-4 KERNEL-6
 */
export function loadBook(columns: BookColumns, engine: KernelEngine = kernelEngine()): Book {
  const instruments = instrumentsOf(columns);
  return {
    accounts: columns.cash.length,
    positions: columns.row.length,
    instruments,
    loaded: engine.loadBook(columns),
  };
}

/**
 * Free margin of every account of the range: its cash and its lowest stressed value, in dollars. [to − from]
 *
 * A float64, within the bound of `screenBook` of the exact number: it orders and it screens, it does not decide.
 *
 * Cost: 20 positions under 32 scenarios take some 0.1 µs an account.
 *
 * @throws KernelInputRefused when the table lacks a row of the book, or the range is not within the book.
 * @method KERNEL-2
 */
export function scanBook(book: Book, rows: RowTable, range: AccountRange = {}): Float64Array {
  requireRows(book, rows);
  const { from, to } = rangeOf(book, range);
  const freeMargins = new Float64Array(to - from);
  book.loaded.scan(rows, from, to, freeMargins, null);
  return freeMargins;
}

/**
 * The scenario in which each of the listed accounts has its lowest value; the first one on a tie.
 *
 * @throws KernelInputRefused when the table lacks a row of the book, or an account is not in it.
 * @method KERNEL-2
 */
export function bindingScenarios(book: Book, rows: RowTable, accounts: Iterable<number>): Uint32Array {
  requireRows(book, rows);
  const listed = Uint32Array.from(accounts);
  for (const [at, account] of listed.entries()) {
    if (account >= book.accounts) {
      throw new KernelInputRefused("accounts", at, `an account below ${book.accounts}`, account);
    }
  }
  const bindings = new Uint32Array(listed.length);
  book.loaded.bindingScenarios(rows, listed, bindings);
  return bindings;
}

/** @throws KernelInputRefused */
export function requireRows(book: Book, rows: RowTable): void {
  if (rows.instruments >= book.instruments) return;
  throw new KernelInputRefused("instruments", null, `rows of ${book.instruments} instruments`, rows.instruments);
}

/** @throws KernelInputRefused */
export function rangeOf(book: Book, { from = 0, to = book.accounts }: AccountRange): { from: number; to: number } {
  if (!(Number.isInteger(to) && to <= book.accounts)) {
    throw new KernelInputRefused("to", null, `a whole number up to ${book.accounts}`, to);
  }
  if (!(Number.isInteger(from) && from >= 0 && from <= to)) {
    throw new KernelInputRefused("from", null, `a whole number from 0 to ${to}`, from);
  }
  return { from, to };
}
