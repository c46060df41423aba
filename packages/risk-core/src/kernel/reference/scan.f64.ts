import type { BookColumns, RowTable } from "../columns.js";
import type { LoadedBook } from "../engine.js";
import { scanError } from "../error-bound.f64.js";

/*
 * The scan of a whole book in plain JavaScript: the twin of `assembly/scan.ts`, to be read first, and to be run where there
 * is no WebAssembly. Eight sums at a time stay in registers while the positions of an account are added to them, in their
 * order; nothing else is done for speed.
 *
 * Cash is added once, to the lowest sum. Rounding is monotone, so that is the lowest of the sums with cash added.
 */

/** A book for the scan in JavaScript. @method KERNEL-2 KERNEL-3 */
export function referenceBook(given: BookColumns): LoadedBook {
  const book: BookColumns = {
    firstPosition: given.firstPosition.slice(),
    row: given.row.slice(),
    quantity: given.quantity.slice(),
    cash: given.cash.slice(),
  };
  return {
    scan: (rows, from, to, freeMargins, errors) => scan(book, rows, from, to, freeMargins, errors),
    bindingScenarios: (rows, accounts, bindings) => {
      bindings.set(accounts.map((account) => bindingScenario(book, rows, account)));
    },
  };
}

function scan(
  book: BookColumns,
  rows: RowTable,
  from: number,
  to: number,
  freeMargins: Float64Array,
  errors: Float64Array | null,
): void {
  const { firstPosition, row, quantity, cash } = book;
  const { values, stride } = rows;
  for (let account = from; account < to; account++) {
    const first = firstPosition[account] as number;
    const end = firstPosition[account + 1] as number;
    let lowest = Infinity;
    for (let scenario = 0; scenario < stride; scenario += 8) {
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      let e = 0;
      let f = 0;
      let g = 0;
      let h = 0;
      for (let position = first; position < end; position++) {
        const q = quantity[position] as number;
        const at = (row[position] as number) * stride + scenario;
        a += q * (values[at] as number);
        b += q * (values[at + 1] as number);
        c += q * (values[at + 2] as number);
        d += q * (values[at + 3] as number);
        e += q * (values[at + 4] as number);
        f += q * (values[at + 5] as number);
        g += q * (values[at + 6] as number);
        h += q * (values[at + 7] as number);
      }
      lowest = Math.min(lowest, a, b, c, d, e, f, g, h);
    }
    const owned = cash[account] as number;
    freeMargins[account - from] = owned + lowest;
    if (errors !== null) errors[account - from] = errorOf(book, rows, first, end, owned);
  }
}

function errorOf(
  { row, quantity }: BookColumns,
  { bounds }: RowTable,
  first: number,
  end: number,
  cash: number,
): number {
  let size = 0;
  let valueError = 0;
  for (let position = first; position < end; position++) {
    const units = Math.abs(quantity[position] as number);
    const at = 2 * (row[position] as number);
    size += units * (bounds[at] as number);
    valueError += units * (bounds[at + 1] as number);
  }
  return scanError(end - first, cash, size, valueError);
}

function bindingScenario({ firstPosition, row, quantity }: BookColumns, rows: RowTable, account: number): number {
  let binding = 0;
  let lowest = Infinity;
  for (let scenario = 0; scenario < rows.scenarios; scenario++) {
    let sum = 0;
    const end = firstPosition[account + 1] as number;
    for (let position = firstPosition[account] as number; position < end; position++) {
      sum +=
        (quantity[position] as number) * (rows.values[(row[position] as number) * rows.stride + scenario] as number);
    }
    if (sum < lowest) {
      lowest = sum;
      binding = scenario;
    }
  }
  return binding;
}
