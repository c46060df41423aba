import { expect, test } from "@jest/globals";
import { Decimal } from "@ballast/money";
import { anyText } from "@ballast/money/testing";
import fc from "fast-check";
import {
  chargeOf,
  type DeductionTier,
  leverageMaxFor,
  marginalCharge,
  tierIndex,
  withDeductions,
} from "./tier-table.js";

const d = (text: string) => new Decimal(text);

/** Any table whose tiers join, rates rising or not. */
const anyTable = fc
  .array(fc.tuple(anyText({ min: "1", max: "100000", scale: 0 }), anyText({ min: "0", max: "0.5", scale: 4 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((rows) => {
    let from = new Decimal(0);
    return rows.map(([width, rate]) => {
      const tier = { from, rate: d(rate) };
      from = from.add(width);
      return tier;
    });
  });
const anyAmount = anyText({ min: "0", max: "900000", scale: 2 }).map(d);

test("TIERS-2: amount × rate − deduction is the marginal sum, at every amount of every table", () => {
  fc.assert(
    fc.property(
      anyTable,
      anyAmount,
      fc.constantFrom("tier-that-begins", "tier-that-ends"),
      (table, amount, boundary) => {
        const tiers = withDeductions(table);
        const tier = tiers[tierIndex(amount, tiers, boundary)] as DeductionTier;
        expect(chargeOf(amount, tier).toFixed()).toBe(marginalCharge(amount, table).toFixed());
      },
    ),
  );
});

test("TIERS-3: exactly at a bound, an amount is in the tier that the venue says", () => {
  const tiers = [{ from: d("0") }, { from: d("2000") }, { from: d("4001") }];
  const at = (amount: string) => [
    tierIndex(d(amount), tiers, "tier-that-begins"),
    tierIndex(d(amount), tiers, "tier-that-ends"),
  ];
  expect(["0", "1999", "2000", "2001", "4000.5", "4001", "9999"].map(at)).toEqual([
    [0, 0],
    [0, 0],
    [1, 0],
    [1, 1],
    [1, 1],
    [2, 1],
    [2, 2],
  ]);
});

const LEVERAGE = [
  { from: d("0"), cap: d("100000"), leverageMax: d("20") },
  { from: d("100000"), cap: d("500000"), leverageMax: d("10") },
  { from: d("500000"), cap: d("1000000"), leverageMax: d("5") },
];

//  what                                      collateral  answer
test.each([
  ["nothing to put in", "0", "20"],
  ["well inside the first tier", "1000", "20"],
  ["the first tier's cap binds", "9999", "10.001"],
  ["the second tier from here on", "10000", "10"],
  ["the second tier's cap binds", "99999.9", "5.00001"],
  ["the last tier", "100000", "5"],
  ["above the last cap", "1000001", "COLLATERAL_ABOVE_LAST_TIER"],
])("TIERS-4: %s", (_, collateral, answer) => {
  const found = leverageMaxFor(d(collateral), LEVERAGE);
  expect(found.ok ? found.value.toSignificantDigits(6).toFixed() : found.rejection.code).toBe(answer);
});
