import { type BookColumns, rowOf, SIZE_MAX } from "./columns.js";
import { KernelInputRefused, requireLength } from "./kernel-refusal.js";

/** One account on its way into the columns. */
export interface BookAccount {
  readonly cash: number;
  readonly positions: Iterable<{ readonly instrument: number; readonly quantity: number }>;
}

/**
 * The columns of a list of accounts, in its order; positions keep theirs.
 *
 * @method KERNEL-1
 */
export function bookColumns(accounts: Iterable<BookAccount>): BookColumns {
  const firstPosition = [0];
  const row: number[] = [];
  const quantity: number[] = [];
  const cash: number[] = [];
  for (const account of accounts) {
    for (const position of account.positions) {
      row.push(rowOf(position.instrument, position.quantity));
      quantity.push(position.quantity);
    }
    firstPosition.push(row.length);
    cash.push(account.cash);
  }
  return {
    firstPosition: Uint32Array.from(firstPosition),
    row: Uint32Array.from(row),
    quantity: Float64Array.from(quantity),
    cash: Float64Array.from(cash),
  };
}

/**
 * The columns of accounts [from, to) alone, as copies with buffers of their own: what a worker is sent.
 *
 * @method KERNEL-4
 */
export function sliceBook({ firstPosition, row, quantity, cash }: BookColumns, from: number, to: number): BookColumns {
  const first = firstPosition[from] ?? 0;
  const end = firstPosition[to] ?? row.length;
  return {
    firstPosition: firstPosition.slice(from, to + 1).map((position) => position - first),
    row: row.slice(first, end),
    quantity: quantity.slice(first, end),
    cash: cash.slice(from, to),
  };
}

/**
 * Checks everything that the kernel relies on.
 *
 * @returns how many instruments a row table must have for this book
 * @throws KernelInputRefused when columns do not fit together, a number is not finite or larger than `SIZE_MAX`, or a
 * position is in the row of the other side.
 * @method KERNEL-6
 */
export function instrumentsOf({ firstPosition, row, quantity, cash }: BookColumns): number {
  requireLength("firstPosition", firstPosition.length, cash.length + 1);
  requireLength("quantity", quantity.length, row.length);
  let before = 0;
  for (let account = 0; account < firstPosition.length; account++) {
    const position = firstPosition[account] as number;
    if (position < before || (account === 0 && position > 0)) {
      throw new KernelInputRefused("firstPosition", account, `at least ${before}, and 0 at first`, position);
    }
    before = position;
  }
  requireLength("row", row.length, before);
  for (let account = 0; account < cash.length; account++) requireSize("cash", account, cash[account] as number);
  let rowMax = -1;
  for (let position = 0; position < row.length; position++) {
    const held = quantity[position] as number;
    const at = row[position] as number;
    requireSize("quantity", position, held);
    if (held !== 0 && held < 0 !== (at & 1) > 0) {
      throw new KernelInputRefused("row", position, held < 0 ? "an odd row for a short" : "an even row for a long", at);
    }
    if (at > rowMax) rowMax = at;
  }
  return Math.floor(rowMax / 2) + 1;
}

function requireSize(column: string, index: number, found: number): void {
  // Written so that NaN is refused.
  if (Math.abs(found) <= SIZE_MAX) return;
  throw new KernelInputRefused(column, index, `a number of at most ${SIZE_MAX} in size`, found);
}
