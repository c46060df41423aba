import { expect, test } from "@jest/globals";
import { bindingScenarios, loadBook, scanBook } from "./book.f64.js";
import { kernelEngine } from "./fastest-engine.js";
import { priceMatrix, priceOptions } from "./prices.f64.js";
import { referenceEngine } from "./reference/engine.f64.js";
import { rowTable } from "./row-table.f64.js";

const engines = [kernelEngine(), referenceEngine];

const book = {
  firstPosition: Uint32Array.of(0, 1, 3),
  row: Uint32Array.of(0, 0, 3),
  quantity: Float64Array.of(1, 2, -3),
  cash: Float64Array.of(10, 20),
};
const market = { instruments: 2, scenarios: 2, values: Float64Array.of(1, 2, 3, 4) };

test.each([
  ["an account without an end", { firstPosition: Uint32Array.of(0, 1) }, "firstPosition: expected 3 entries; found 2"],
  ["positions that run backwards", { firstPosition: Uint32Array.of(0, 2, 1) }, "firstPosition[2]: expected at least 2"],
  [
    "positions before the first account",
    { firstPosition: Uint32Array.of(1, 1, 3) },
    "firstPosition[0]: expected at least 0",
  ],
  ["positions after the last account", { firstPosition: Uint32Array.of(0, 1, 2) }, "row: expected 2 entries; found 3"],
  ["a row without a quantity", { quantity: Float64Array.of(1, 2) }, "quantity: expected 3 entries; found 2"],
  ["a quantity that is no number", { quantity: Float64Array.of(1, NaN, -3) }, "quantity[1]: expected a number"],
  ["a quantity without end", { quantity: Float64Array.of(1, 2, -Infinity) }, "quantity[2]: expected a number"],
  ["cash beyond all reason", { cash: Float64Array.of(10, 1e151) }, "cash[1]: expected a number of at most 1e+150"],
  ["a short in a row for longs", { quantity: Float64Array.of(-1, 2, -3) }, "row[0]: expected an odd row for a short"],
  ["a long in a row for shorts", { quantity: Float64Array.of(1, 2, 3) }, "row[2]: expected an even row for a long"],
])("KERNEL-6: no book with %s", (_, wrong, message) => {
  expect(() => loadBook({ ...book, ...wrong })).toThrow(message);
});

test.each([
  ["no scenario", { scenarios: 0 }, "scenarios: expected at least one; found 0"],
  ["a value too few", { values: Float64Array.of(1, 2, 3) }, "values: expected 4 entries; found 3"],
  [
    "a value that is no number",
    { values: Float64Array.of(1, 2, NaN, 4) },
    "values[2]: expected at most 1e+150 in size; found NaN",
  ],
  ["a value without end", { values: Float64Array.of(1, Infinity, 3, 4) }, "values[1]: expected at most 1e+150"],
  ["an add-on below zero", { addOns: Float64Array.of(0, -1) }, "addOns[1]: expected a number from 0"],
  ["an add-on that is no number", { addOns: Float64Array.of(NaN, 0) }, "addOns[0]: expected a number from 0"],
  ["add-ons for others", { addOns: Float64Array.of(0) }, "addOns: expected 2 entries; found 1"],
  ["an error below zero", { valueErrors: Float64Array.of(-1, 0) }, "valueErrors[0]: expected a number from 0"],
  ["errors for others", { valueErrors: Float64Array.of(0) }, "valueErrors: expected 2 entries; found 1"],
])("KERNEL-6: no rows with %s", (_, wrong, message) => {
  expect(() => rowTable({ ...market, ...wrong })).toThrow(message);
});

test.each(engines)("KERNEL-6: no scan of what is not there ($name)", (engine) => {
  const loaded = loadBook(book, engine);
  const rows = rowTable(market);
  const fewer = rowTable({ instruments: 1, scenarios: 1, values: Float64Array.of(1) });
  expect(() => scanBook(loaded, fewer)).toThrow("instruments: expected rows of 2 instruments; found 1");
  expect(() => scanBook(loaded, rows, { to: 3 })).toThrow("to: expected a whole number up to 2; found 3");
  expect(() => scanBook(loaded, rows, { from: 2, to: 1 })).toThrow(
    "from: expected a whole number from 0 to 1; found 2",
  );
  expect(() => scanBook(loaded, rows, { from: NaN })).toThrow("from: expected a whole number");
  expect(() => bindingScenarios(loaded, rows, [0, 2])).toThrow("accounts[1]: expected an account below 2; found 2");
});

const one = (value: number) => Float64Array.of(100, value);
const options = { forwards: one(100), strikes: one(110), deviations: one(0.2), sides: Float64Array.of(1, -1) };
const ones = { deviations: Float64Array.of(0.1, 0.2) };

test.each([
  ["forwards", -1, "a number from 0 to 1e+60"],
  ["forwards", NaN, "a number from 0 to 1e+60"],
  ["strikes", NaN, "a number from 0 to 1e+60"],
  ["strikes", Infinity, "a number from 0 to 1e+60"],
  ["strikes", -1e-300, "a number from 0 to 1e+60"],
  ["deviations", -0.1, "a number from 0 to 64"],
  ["deviations", 64.1, "a number from 0 to 64"],
  ["deviations", NaN, "a number from 0 to 64"],
  ["sides", 0, "1 for a call or −1 for a put"],
  ["sides", NaN, "1 for a call or −1 for a put"],
])("KERNEL-6: no price with %s of %d", (column, found, expected) => {
  const message = `${column}[1]: expected ${expected}; found ${found}`;
  for (const engine of engines) {
    expect(() =>
      priceOptions({ ...options, ...ones, sides: options.sides, [column]: withSecond(column, found) }, engine),
    ).toThrow(message);
    const matrix = {
      forwards: one(120),
      strikes: one(110),
      sides: options.sides,
      deviations: Float64Array.of(1, 1, 1, 1),
    };
    const wrong = column === "deviations" ? Float64Array.of(1, found, 1, 1) : withSecond(column, found);
    expect(() => priceMatrix({ ...matrix, [column]: wrong }, engine)).toThrow(message);
  }
});

function withSecond(column: string, found: number): Float64Array {
  return Float64Array.of(column === "sides" ? 1 : column === "deviations" ? 0.1 : 100, found);
}

test.each(["strikes", "deviations", "sides"])("KERNEL-6: no prices from %s of another length", (column) => {
  const wrong = { ...options, [column]: Float64Array.of(1) };
  expect(() => priceOptions(wrong)).toThrow(`${column}: expected 2 entries; found 1`);
});

test("KERNEL-6: a refusal has a stable code and the facts", () => {
  expect(() => loadBook({ ...book, cash: Float64Array.of(1, NaN) })).toThrow(
    expect.objectContaining({ code: "KERNEL_INPUT_REFUSED", column: "cash", index: 1, found: NaN }),
  );
});
