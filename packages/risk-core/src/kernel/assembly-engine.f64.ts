import type { BookColumns } from "./columns.js";
import type { KernelEngine, LoadedBook, OptionColumns, OptionMatrix } from "./engine.js";
import { compileKernel, KernelInstance } from "./kernel-instance.f64.js";

/*
 * The kernel in WebAssembly. It sees nothing but its own memory, so what it works on is copied there: a book once, when it
 * is loaded; rows at each scan (some hundred kilobytes, against many megabytes of positions); options in portions that
 * stay in cache. Every book has an instance with a memory of its own: nothing is shared, and a book that is let go is
 * freed as a whole.
 */

/** The engine; null where there is no WebAssembly with vectors. @method KERNEL-3 */
export function assemblyEngine(): KernelEngine | null {
  const module = compileKernel();
  if (module === null) return null;
  const pricing = new KernelInstance(module);
  return {
    name: "assembly",
    loadBook: (columns) => loadBook(new KernelInstance(module), columns),
    priceOptions: (options, prices) => priceOptions(pricing, options, prices),
    priceMatrix: (matrix, unit, prices) => priceMatrix(pricing, matrix, unit, prices),
  };
}

function loadBook(instance: KernelInstance, columns: BookColumns): LoadedBook {
  const { exports } = instance;
  const accounts = columns.cash.length;
  const positions = columns.row.length;
  const book = instance.place(instance.start, {
    firstPosition: 4 * (accounts + 1),
    row: 4 * positions,
    quantity: 8 * positions,
    cash: 8 * accounts,
    freeMargins: 8 * accounts,
    errors: 8 * accounts,
  });
  instance.integers(book.firstPosition, accounts + 1).set(columns.firstPosition);
  instance.integers(book.row, positions).set(columns.row);
  instance.floats(book.quantity, positions).set(columns.quantity);
  instance.floats(book.cash, accounts).set(columns.cash);
  const { firstPosition, row, quantity, cash } = book;

  return {
    scan(rows, from, to, freeMargins, errors) {
      const width = 8 * rows.stride;
      const { table, bounds, stressed } = instance.place(book.end, {
        table: rows.values.byteLength,
        bounds: rows.bounds.byteLength,
        stressed: width,
      });
      instance.floats(table, rows.values.length).set(rows.values);
      instance.floats(bounds, rows.bounds.length).set(rows.bounds);
      exports.scan(
        firstPosition,
        row,
        quantity,
        cash,
        table,
        width,
        bounds,
        stressed,
        from,
        to,
        book.freeMargins,
        errors === null ? 0 : book.errors,
      );
      freeMargins.set(instance.floats(book.freeMargins + 8 * from, to - from));
      errors?.set(instance.floats(book.errors + 8 * from, to - from));
    },

    bindingScenarios({ values, stride }, accounts, bindings) {
      const width = 8 * stride;
      const { table, stressed, listed, found } = instance.place(book.end, {
        table: values.byteLength,
        stressed: width,
        listed: accounts.byteLength,
        found: accounts.byteLength,
      });
      instance.floats(table, values.length).set(values);
      instance.integers(listed, accounts.length).set(accounts);
      exports.bindingScenarios(firstPosition, row, quantity, table, width, stressed, listed, accounts.length, found);
      bindings.set(instance.integers(found, accounts.length));
    },
  };
}

/** Prices that are staged at a time: five columns of 32 kB. */
const PORTION = 4096;
/** Prices come in fours: two vectors of two. */
const PRICES_AT_A_TIME = 4;

function priceOptions(instance: KernelInstance, options: OptionColumns, prices: Float64Array): boolean {
  const staged = instance.place(instance.start, {
    forwards: 8 * PORTION,
    strikes: 8 * PORTION,
    deviations: 8 * PORTION,
    sides: 8 * PORTION,
    prices: 8 * PORTION,
  });
  for (let from = 0; from < prices.length; from += PORTION) {
    const to = Math.min(from + PORTION, prices.length);
    const count = filledUp(to - from);
    stage(instance.floats(staged.forwards, count), options.forwards.subarray(from, to));
    stage(instance.floats(staged.strikes, count), options.strikes.subarray(from, to));
    stage(instance.floats(staged.deviations, count), options.deviations.subarray(from, to));
    stage(instance.floats(staged.sides, count), options.sides.subarray(from, to));
    const valid = instance.exports.priceOptions(
      staged.forwards,
      staged.strikes,
      staged.deviations,
      staged.sides,
      staged.prices,
      count,
    );
    if (valid === 0) return false;
    prices.set(instance.floats(staged.prices, to - from), from);
  }
  return true;
}

function priceMatrix(instance: KernelInstance, matrix: OptionMatrix, unit: number, prices: Float64Array): boolean {
  const { exports } = instance;
  const scenarios = matrix.forwards.length;
  const stride = filledUp(scenarios);
  const portion = Math.max(1, Math.floor(PORTION / stride));
  const filledPortion = filledUp(portion);
  const staged = instance.place(instance.start, {
    forwards: 8 * stride,
    logForwards: 8 * stride,
    strikes: 8 * filledPortion,
    logStrikes: 8 * filledPortion,
    sides: 8 * filledPortion,
    deviations: 8 * portion * stride,
    prices: 8 * portion * stride,
  });
  stage(instance.floats(staged.forwards, stride), matrix.forwards);
  exports.logRatios(staged.forwards, unit, staged.logForwards, stride);
  for (let from = 0; from < matrix.strikes.length; from += portion) {
    const to = Math.min(from + portion, matrix.strikes.length);
    const cells = (to - from) * stride;
    stage(instance.floats(staged.strikes, filledPortion), matrix.strikes.subarray(from, to));
    stage(instance.floats(staged.sides, filledPortion), matrix.sides.subarray(from, to));
    exports.logRatios(staged.strikes, unit, staged.logStrikes, filledPortion);
    const deviations = matrix.deviations.subarray(from * scenarios, to * scenarios);
    copyRows(deviations, scenarios, instance.floats(staged.deviations, cells), stride);
    const valid = exports.priceMatrix(
      staged.forwards,
      staged.logForwards,
      staged.strikes,
      staged.logStrikes,
      staged.sides,
      staged.deviations,
      staged.prices,
      to - from,
      stride,
    );
    if (valid === 0) return false;
    copyRows(
      instance.floats(staged.prices, cells),
      stride,
      prices.subarray(from * scenarios, to * scenarios),
      scenarios,
    );
  }
  return true;
}

function filledUp(count: number): number {
  return Math.ceil(count / PRICES_AT_A_TIME) * PRICES_AT_A_TIME;
}

/** Copies a column and fills up what is left of its place with ones, which every column allows. */
function stage(place: Float64Array, column: Float64Array): void {
  place.set(column);
  place.fill(1, column.length);
}

/** Copies rows of one width into rows of another; what is left of a wider row is filled up with ones. */
function copyRows(from: Float64Array, fromWidth: number, to: Float64Array, toWidth: number): void {
  if (fromWidth === toWidth) {
    to.set(from);
    return;
  }
  const width = Math.min(fromWidth, toWidth);
  for (let source = 0, target = 0; source < from.length; source += fromWidth, target += toWidth) {
    to.set(from.subarray(source, source + width), target);
    to.fill(1, target + width, target + toWidth);
  }
}
