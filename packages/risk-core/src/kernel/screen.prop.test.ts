import { describe, expect, test } from "@jest/globals";
import { toFloat64, type Usd, usd } from "@ballast/money";
import { anyQuantity, anyUsd, propertyRuns } from "@ballast/money/testing";
import fc from "fast-check";
import { bookColumns } from "./book-columns.f64.js";
import { loadBook } from "./book.f64.js";
import { gamma, scanError } from "./error-bound.f64.js";
import { rowTable } from "./row-table.f64.js";
import { accountsThatAre, screenBook, VERDICT } from "./screen.f64.js";

const SCENARIOS = 5;
const INSTRUMENTS = 3;

/** Values, add-ons and quantities as they are stored, in decimals; `off` is by how much each value was priced wrong. */
const anyDecimalBook = fc.record({
  values: listOf(anyUsd(), INSTRUMENTS * SCENARIOS),
  off: listOf(anyUsd({ min: "-0.01", max: "0.01" }), INSTRUMENTS * SCENARIOS),
  addOns: listOf(anyUsd({ min: "0" }), INSTRUMENTS),
  positions: fc.array(fc.record({ instrument: fc.nat({ max: INSTRUMENTS - 1 }), held: anyQuantity() }), {
    maxLength: 12,
  }),
  /** Free margin: none, next to none, some. */
  freeMargin: fc.oneof(
    anyUsd({ min: "-0.00000100", max: "0.00000100" }),
    anyUsd({ min: "-100", max: "100" }),
    anyUsd(),
  ),
});

function listOf<Entry>(entry: fc.Arbitrary<Entry>, length: number): fc.Arbitrary<Entry[]> {
  return fc.array(entry, { minLength: length, maxLength: length });
}

type DecimalBook = typeof anyDecimalBook extends fc.Arbitrary<infer Book> ? Book : never;

/** min over scenarios of Σ quantity × (value ∓ add-on), exactly. */
function lowestExactly({ values, off, addOns, positions }: DecimalBook, withErrors: boolean) {
  const zero = usd("0").mul(1);
  const sums = Array.from({ length: SCENARIOS }, (_, scenario) => {
    const at = (instrument: number) => instrument * SCENARIOS + scenario;
    return positions.reduce((sum, { instrument, held }) => {
      const value = (values[at(instrument)] as Usd).add(withErrors ? (off[at(instrument)] as Usd) : zero);
      const addOn = addOns[instrument] as Usd;
      return sum.add(held.mul(held.isNegative() ? value.add(addOn) : value.sub(addOn)));
    }, zero);
  });
  return sums.reduce((lowest, sum) => (sum.lt(lowest) ? sum : lowest));
}

describe("the screen", () => {
  test.each([
    ["as they were rounded", false],
    ["priced wrong by up to a cent", true],
  ])("KERNEL-7: no verdict differs from the decimal one, of values %s", (_, withErrors) => {
    let decided = 0;
    let undecided = 0;
    fc.assert(
      fc.property(anyDecimalBook, (book) => {
        const lowest = lowestExactly(book, withErrors);
        const cash = usd(book.freeMargin.sub(lowest).toFixed());
        const { freeMargins, errors, verdicts } = screenOne(book, cash, withErrors);
        const error = errors[0] as number;
        expect(
          book.freeMargin
            .sub(freeMargins[0] as number)
            .abs()
            .lte(error),
        ).toBe(true);
        if (verdicts[0] === VERDICT.undecided) {
          undecided += 1;
          expect(book.freeMargin.abs().lte(2 * error)).toBe(true);
          return;
        }
        decided += 1;
        expect(verdicts[0]).toBe(book.freeMargin.isNegative() ? VERDICT.breach : VERDICT.safe);
      }),
      propertyRuns(1000),
    );
    // The property is about both: certain verdicts, and accounts on which a float64 must be silent.
    expect(Math.min(decided, undecided)).toBeGreaterThan(100);
  });

  function screenOne({ values, addOns, positions }: DecimalBook, cash: Usd, withErrors: boolean) {
    const account = {
      cash: toFloat64(cash),
      positions: positions.map(({ instrument, held }) => ({ instrument, quantity: toFloat64(held) })),
    };
    const rows = rowTable({
      instruments: INSTRUMENTS,
      scenarios: SCENARIOS,
      values: Float64Array.from(values, toFloat64),
      addOns: Float64Array.from(addOns, toFloat64),
      ...(withErrors && { valueErrors: new Float64Array(INSTRUMENTS).fill(0.01) }),
    });
    return screenBook(loadBook(bookColumns([account])), rows);
  }

  test("KERNEL-7: every account of a range has a verdict, and is found by it under its own number", () => {
    const rows = rowTable({ instruments: 1, scenarios: 1, values: Float64Array.of(10) });
    const accounts = [-9, 0, 11, -10, 25].map((cash) => ({ cash, positions: [{ instrument: 0, quantity: 1 }] }));
    const book = loadBook(bookColumns(accounts));
    const whole = screenBook(book, rows);
    expect([...whole.freeMargins]).toEqual([1, 10, 21, 0, 35]);
    expect(accountsThatAre("safe", whole)).toEqual([0, 1, 2, 4]);
    expect(accountsThatAre("undecided", whole)).toEqual([3]);
    const part = screenBook(book, rowTable({ instruments: 1, scenarios: 1, values: Float64Array.of(-10) }), {
      from: 2,
      to: 4,
    });
    expect([...part.freeMargins]).toEqual([1, -20]);
    expect(accountsThatAre("safe", part)).toEqual([2]);
    expect(accountsThatAre("breach", part)).toEqual([3]);
  });
});

test("KERNEL-7: the bound is of the last digits: 20 positions of a million dollars are known to a billionth of one", () => {
  expect(scanError(20, 1e6, 20e6, 0)).toBeLessThan(1e-7);
  expect(scanError(20, 1e6, 20e6, 0)).toBeGreaterThan(20 * 2 ** -53 * 21e6);
  expect(scanError(20, 1e6, 20e6, 0.5)).toBeGreaterThan(0.5);
});

test.each([
  ["nothing held, nothing owned", 0, 0, 0, Number.MIN_VALUE],
  ["more positions than the bound was proved for", 1_000_000, 0, 0, Infinity],
])("KERNEL-7: %s", (_, positions, cash, size, error) => {
  expect(scanError(positions, cash, size, 0)).toBe(error);
});

test("KERNEL-7: one rounding is one unit, and more are a little more than so many", () => {
  expect(gamma(0)).toBe(0);
  expect(gamma(1)).toBeGreaterThanOrEqual(2 ** -53);
  expect(gamma(1000)).toBeGreaterThan(1000 * 2 ** -53);
  expect(gamma(1000)).toBeLessThan(1000 * 2 ** -53 * (1 + 1e-12));
});
