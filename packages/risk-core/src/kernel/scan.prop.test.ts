import { describe, expect, test } from "@jest/globals";
import { propertyRuns } from "@ballast/money/testing";
import fc from "fast-check";
import { assemblyEngine } from "./assembly-engine.f64.js";
import { type BookAccount, bookColumns, sliceBook } from "./book-columns.f64.js";
import { bindingScenarios, loadBook, scanBook } from "./book.f64.js";
import type { BookColumns } from "./columns.js";
import type { KernelEngine } from "./engine.js";
import { kernelEngine } from "./fastest-engine.js";
import { referenceEngine } from "./reference/engine.f64.js";
import { rowTable, type StressedValues } from "./row-table.f64.js";
import { screenBook } from "./screen.f64.js";

const assembly = assemblyEngine() as KernelEngine;
const engines = [assembly, referenceEngine];

/** Every size there is, from the smallest float to the largest that is let in, zero of both signs among them. */
const anySize = fc.oneof(
  fc.double({ min: -1e6, max: 1e6, noNaN: true }),
  fc.double({ min: -1e150, max: 1e150, noNaN: true }),
  fc.constantFrom(0, -0, 5e-324, -5e-324),
);

const anyMarket: fc.Arbitrary<StressedValues> = fc
  .record({ instruments: fc.integer({ min: 1, max: 9 }), scenarios: fc.integer({ min: 1, max: 41 }) })
  .chain(({ instruments, scenarios }) =>
    fc.record({
      instruments: fc.constant(instruments),
      scenarios: fc.constant(scenarios),
      values: floats(
        anySize.map((value) => value / 2),
        instruments * scenarios,
      ),
      addOns: floats(fc.double({ min: 0, max: 1e4, noNaN: true }), instruments),
      valueErrors: floats(fc.double({ min: 0, max: 1e-3, noNaN: true }), instruments),
    }),
  );

function floats(entry: fc.Arbitrary<number>, length: number): fc.Arbitrary<Float64Array> {
  return fc.array(entry, { minLength: length, maxLength: length }).map((entries) => Float64Array.from(entries));
}

function anyAccounts(instruments: number): fc.Arbitrary<BookAccount[]> {
  const position = fc.record({ instrument: fc.nat({ max: instruments - 1 }), quantity: anySize });
  return fc.array(fc.record({ cash: anySize, positions: fc.array(position, { maxLength: 13 }) }), { maxLength: 9 });
}

const anyBookAndMarket = anyMarket.chain((market) =>
  anyAccounts(market.instruments).map((accounts) => ({ market, accounts })),
);

const bits = (values: Float64Array) => [...new BigUint64Array(values.buffer, values.byteOffset, values.length)];

describe("the two engines", () => {
  test("KERNEL-3: there is a kernel in WebAssembly here, and it is the one that is used", () => {
    expect(kernelEngine().name).toBe("assembly");
  });

  test("KERNEL-3: free margins, error bounds and binding scenarios are equal to the bit", () => {
    fc.assert(
      fc.property(anyBookAndMarket, ({ market, accounts }) => {
        const rows = rowTable(market);
        const [first, second] = engines.map((engine) => {
          const book = loadBook(bookColumns(accounts), engine);
          const { freeMargins, errors, verdicts } = screenBook(book, rows);
          return [bits(freeMargins), bits(errors), [...verdicts], [...bindingScenarios(book, rows, accounts.keys())]];
        });
        expect(first).toEqual(second);
      }),
      propertyRuns(700),
    );
  });

  test("KERNEL-3: so are those of a book that fills many pages, under a table that grows between two scans", () => {
    const accounts = 3_000;
    const columns = evenBook({ accounts, positions: 23, instruments: 50 });
    const books = engines.map((engine) => loadBook(columns, engine));
    for (const scenarios of [5, 200, 33, 16]) {
      const rows = rowTable(waves(50, scenarios));
      const [first, second] = books.map((book) => bits(scanBook(book, rows)));
      expect(first).toEqual(second);
    }
  });
});

describe.each(engines)("the scan ($name)", (engine) => {
  const scan = (market: StressedValues, accounts: readonly BookAccount[]) =>
    scanBook(loadBook(bookColumns(accounts), engine), rowTable(market));

  const market = {
    instruments: 2,
    scenarios: 3,
    values: Float64Array.of(90, 100, 110, 4, 2, 1),
    addOns: Float64Array.of(2, 0),
  };
  const [future, option] = [0, 1];

  //  what is held                                   cash  positions                       free margin, binding scenario
  test.each([
    ["nothing", 7, [], 7, 0],
    ["one future long: worst at 90", 0, [[future, 1]], 88, 0],
    ["one future short: worst at 110", 0, [[future, -1]], -112, 2],
    [
      "a future and a put that pays when it falls",
      0,
      [
        [future, 1],
        [option, 3],
      ],
      100,
      0,
    ],
    [
      "a short of it owes the same",
      0,
      [
        [future, -1],
        [option, -3],
      ],
      -115,
      2,
    ],
    [
      "both sides of one future pay two add-ons",
      0,
      [
        [future, 1],
        [future, -1],
      ],
      -4,
      0,
    ],
    [
      "cash counts in every scenario",
      500,
      [
        [future, -2],
        [option, 10],
      ],
      286,
      2,
    ],
    [
      "a position of zero is nothing",
      1,
      [
        [future, 0],
        [option, -0],
      ],
      1,
      0,
    ],
  ] as const)("KERNEL-1 KERNEL-2: %s", (_, cash, positions, freeMargin, binding) => {
    const account = { cash, positions: positions.map(([instrument, quantity]) => ({ instrument, quantity })) };
    const book = loadBook(bookColumns([account]), engine);
    expect([...scanBook(book, rowTable(market))]).toEqual([freeMargin]);
    expect([...bindingScenarios(book, rowTable(market), [0])]).toEqual([binding]);
  });

  test("KERNEL-2: one dollar more of cash is one dollar more of free margin", () => {
    fc.assert(
      fc.property(anyWholeBook, fc.nat({ max: 1000 }), ({ market, accounts }, dollars) => {
        const richer = accounts.map(({ cash, positions }) => ({ cash: cash + dollars, positions }));
        expect([...scan(market, richer)]).toEqual(
          [...scan(market, accounts)].map((freeMargin) => freeMargin + dollars),
        );
      }),
    );
  });

  test("KERNEL-2: one scenario more never raises free margin, and scaling a book scales it", () => {
    fc.assert(
      fc.property(anyWholeBook, ({ market, accounts }) => {
        const freeMargins = scan(market, accounts);
        const fewer = scan(withoutLastScenario(market), accounts);
        for (const [at, freeMargin] of freeMargins.entries())
          expect(freeMargin).toBeLessThanOrEqual(fewer[at] as number);
        const tripled = accounts.map(({ cash, positions }) => ({
          cash: 3 * cash,
          positions: [...positions].map(({ instrument, quantity }) => ({ instrument, quantity: 3 * quantity })),
        }));
        expect([...scan(market, tripled)]).toEqual([...freeMargins].map((freeMargin) => 3 * freeMargin));
      }),
    );
  });

  test("KERNEL-4: a range, and a slice loaded elsewhere, have the free margins of the whole book", () => {
    fc.assert(
      fc.property(anyBookAndMarket, fc.nat(), fc.nat(), ({ market, accounts }, one, other) => {
        const [from = 0, to = 0] = [one % (accounts.length + 1), other % (accounts.length + 1)].sort((a, b) => a - b);
        const rows = rowTable(market);
        const columns = bookColumns(accounts);
        const whole = bits(scanBook(loadBook(columns, engine), rows)).slice(from, to);
        expect(bits(scanBook(loadBook(columns, engine), rows, { from, to }))).toEqual(whole);
        expect(bits(scanBook(loadBook(sliceBook(columns, from, to), engine), rows))).toEqual(whole);
      }),
    );
  });

  test("KERNEL-4: a loaded book is a copy: its columns may change and nothing else does", () => {
    const columns = evenBook({ accounts: 3, positions: 5, instruments: 4 });
    const rows = rowTable(waves(4, 9));
    const book = loadBook(columns, engine);
    const before = bits(scanBook(book, rows));
    for (const column of [columns.cash, columns.quantity]) column.fill(NaN);
    columns.row.fill(4_000_000);
    expect(bits(scanBook(book, rows))).toEqual(before);
  });
});

/** Whole numbers, which float64 adds and multiplies exactly. */
const anyWholeBook = fc.integer({ min: 1, max: 5 }).chain((instruments) =>
  fc.record({
    market: fc.integer({ min: 2, max: 19 }).chain((scenarios) =>
      fc.record({
        instruments: fc.constant(instruments),
        scenarios: fc.constant(scenarios),
        values: floats(fc.integer({ min: -1000, max: 1000 }), instruments * scenarios),
        addOns: floats(fc.nat({ max: 10 }), instruments),
      }),
    ),
    accounts: fc.array(
      fc.record({
        cash: fc.integer({ min: -1000, max: 1000 }),
        positions: fc.array(
          fc.record({ instrument: fc.nat({ max: instruments - 1 }), quantity: fc.integer({ min: -50, max: 50 }) }),
          { maxLength: 9 },
        ),
      }),
      { maxLength: 5 },
    ),
  }),
);

function withoutLastScenario({ instruments, scenarios, values, addOns }: StressedValues): StressedValues {
  const fewer = values.filter((_, at) => at % scenarios !== scenarios - 1);
  return { instruments, scenarios: scenarios - 1, values: fewer, ...(addOns && { addOns }) };
}

/** A book of equal numbers of positions, no two alike. */
function evenBook(size: { accounts: number; positions: number; instruments: number }): BookColumns {
  return bookColumns(
    Array.from({ length: size.accounts }, (_, account) => ({
      cash: 1000 * Math.sin(account),
      positions: Array.from({ length: size.positions }, (__, at) => ({
        instrument: (account * 7 + at * at) % size.instruments,
        quantity: 10 * Math.cos(account * 31 + at),
      })),
    })),
  );
}

function waves(instruments: number, scenarios: number): StressedValues {
  const values = Float64Array.from({ length: instruments * scenarios }, (_, at) => 100 + 40 * Math.sin(at * at));
  return { instruments, scenarios, values };
}
