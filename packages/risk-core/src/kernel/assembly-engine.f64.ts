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
  const [firstPosition = 0, row = 0, quantity = 0, cash = 0, results = 0, free = 0] = instance.place(
    instance.start,
    4 * (accounts + 1),
    4 * positions,
    8 * positions,
    8 * accounts,
    16 * accounts,
  );
  instance.integers(firstPosition, accounts + 1).set(columns.firstPosition);
  instance.integers(row, positions).set(columns.row);
  instance.floats(quantity, positions).set(columns.quantity);
  instance.floats(cash, accounts).set(columns.cash);

  return {
    scan({ values, stride }, from, to, freeMargins) {
      const width = 8 * stride;
      const [table = 0, stressed = 0] = instance.place(free, values.byteLength, width);
      instance.floats(table, values.length).set(values);
      exports.scan(firstPosition, row, quantity, cash, table, width, stressed, from, to, results);
      freeMargins.set(instance.floats(results + 8 * from, to - from));
    },

    boundSums({ bounds }, from, to, sums) {
      const [table = 0] = instance.place(free, bounds.byteLength);
      instance.floats(table, bounds.length).set(bounds);
      exports.boundSums(firstPosition, row, quantity, table, from, to, results);
      sums.set(instance.floats(results + 16 * from, 2 * (to - from)));
    },

    bindingScenarios({ values, stride }, listed, bindings) {
      const width = 8 * stride;
      const [table = 0, stressed = 0, list = 0, found = 0] = instance.place(
        free,
        values.byteLength,
        width,
        listed.byteLength,
        listed.byteLength,
      );
      instance.floats(table, values.length).set(values);
      instance.integers(list, listed.length).set(listed);
      exports.bindingScenarios(firstPosition, row, quantity, table, width, stressed, list, listed.length, found);
      bindings.set(instance.integers(found, listed.length));
    },
  };
}

/** Prices that are staged at a time: five columns of 32 kB. */
const PORTION = 4096;
/** Prices come in fours: two vectors of two. */
const PRICES_AT_A_TIME = 4;

function priceOptions(instance: KernelInstance, options: OptionColumns, prices: Float64Array): boolean {
  const bytes = 8 * PORTION;
  const [forwards = 0, strikes = 0, deviations = 0, sides = 0, results = 0] = instance.place(
    instance.start,
    bytes,
    bytes,
    bytes,
    bytes,
    bytes,
  );
  for (let from = 0; from < prices.length; from += PORTION) {
    const to = Math.min(from + PORTION, prices.length);
    const count = filledUp(to - from);
    stage(instance.floats(forwards, count), options.forwards.subarray(from, to));
    stage(instance.floats(strikes, count), options.strikes.subarray(from, to));
    stage(instance.floats(deviations, count), options.deviations.subarray(from, to));
    stage(instance.floats(sides, count), options.sides.subarray(from, to));
    if (instance.exports.priceOptions(forwards, strikes, deviations, sides, results, count) === 0) return false;
    prices.set(instance.floats(results, to - from), from);
  }
  return true;
}

function priceMatrix(instance: KernelInstance, matrix: OptionMatrix, unit: number, prices: Float64Array): boolean {
  const { exports } = instance;
  const scenarios = matrix.forwards.length;
  const stride = filledUp(scenarios);
  const rowsMax = Math.max(1, Math.floor(PORTION / stride));
  const strikeCount = filledUp(rowsMax);
  const [forwards = 0, logForwards = 0, strikes = 0, logStrikes = 0, sides = 0, deviations = 0, results = 0] =
    instance.place(
      instance.start,
      8 * stride,
      8 * stride,
      8 * strikeCount,
      8 * strikeCount,
      8 * strikeCount,
      8 * rowsMax * stride,
      8 * rowsMax * stride,
    );
  stage(instance.floats(forwards, stride), matrix.forwards);
  exports.logRatios(forwards, unit, logForwards, stride);
  for (let from = 0; from < matrix.strikes.length; from += rowsMax) {
    const to = Math.min(from + rowsMax, matrix.strikes.length);
    stage(instance.floats(strikes, strikeCount), matrix.strikes.subarray(from, to));
    stage(instance.floats(sides, strikeCount), matrix.sides.subarray(from, to));
    exports.logRatios(strikes, unit, logStrikes, strikeCount);
    const given = matrix.deviations.subarray(from * scenarios, to * scenarios);
    const staged = instance.floats(deviations, (to - from) * stride);
    copyRows(given, scenarios, staged, stride, 1);
    const rows = to - from;
    if (
      exports.priceMatrix(forwards, logForwards, strikes, logStrikes, sides, deviations, results, rows, stride) === 0
    ) {
      return false;
    }
    const priced = instance.floats(results, rows * stride);
    copyRows(priced, stride, prices.subarray(from * scenarios, to * scenarios), scenarios, 1);
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

/** Copies rows of one width into rows of another; a wider row is filled up. */
function copyRows(from: Float64Array, fromWidth: number, to: Float64Array, toWidth: number, filler: number): void {
  if (fromWidth === toWidth) {
    to.set(from);
    return;
  }
  const width = Math.min(fromWidth, toWidth);
  for (let source = 0, target = 0; source < from.length; source += fromWidth, target += toWidth) {
    to.set(from.subarray(source, source + width), target);
    to.fill(filler, target + width, target + toWidth);
  }
}
