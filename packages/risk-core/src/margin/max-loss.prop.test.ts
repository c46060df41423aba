import { describe, expect, test } from "@jest/globals";
import { Decimal } from "@ballast/money";
import { anyText, propertyRuns } from "@ballast/money/testing";
import fc from "fast-check";
import { maxLossCollateral, type OptionBook, type OptionLeg, payoffAt } from "./max-loss.js";

const d = (text: string) => new Decimal(text);
const anyLegs: fc.Arbitrary<readonly OptionLeg[]> = fc.array(
  fc.record({
    strike: anyText({ min: "1", max: "200", scale: 0 }).map(d),
    amount: anyText({ min: "-5", max: "5", scale: 1 }).map(d),
  }),
  { maxLength: 5 },
);
const anyBook = fc.record({ puts: anyLegs, calls: anyLegs });
const anyPrice = anyText({ min: "0", max: "100000", scale: 3 }).map(d);

const worth = (book: OptionBook, cash: Decimal, underlying: Decimal, price: Decimal) =>
  cash.add(underlying.mul(price)).add(payoffAt(book, price));

describe("collateral that covers an option book", () => {
  test("TIERS-14: with it nothing is owed, wherever the price ends", () => {
    fc.assert(
      fc.property(anyBook, anyPrice, (book, price) => {
        const { cash, underlying } = maxLossCollateral(book);
        expect(worth(book, cash, underlying, price).gte("-1e-50")).toBe(true);
      }),
      propertyRuns(500),
    );
  });

  test("TIERS-14: a cent less cash, or a thousandth less of the underlying, and at some price something is owed", () => {
    fc.assert(
      fc.property(anyBook, (book) => {
        const { cash, underlying } = maxLossCollateral(book);
        const prices = ["0", "1e9", ...[...book.puts, ...book.calls].map(({ strike }) => strike.toFixed())].map(d);
        const isShort = (less: Decimal, fewer: Decimal) =>
          prices.some((price) => worth(book, less, fewer, price).lt(0));
        if (cash.gt(0)) expect(isShort(cash.sub("0.01"), underlying)).toBe(true);
        if (underlying.gt(0)) expect(isShort(cash, underlying.sub("0.001"))).toBe(true);
      }),
      propertyRuns(500),
    );
  });

  const legs = (...rows: readonly (readonly [strike: string, amount: string])[]): readonly OptionLeg[] =>
    rows.map(([strike, amount]) => ({ strike: d(strike), amount: d(amount) }));

  //  structure                 puts                                    calls                                      cash     underlying
  test.each([
    ["a short put", legs(["22000", "-1"]), legs(), "22000", "0"],
    ["a short call", legs(), legs(["15000", "-1"]), "0", "1"],
    ["a short strangle", legs(["18000", "-1"]), legs(["20000", "-1"]), "18000", "1"],
    ["a put spread", legs(["18000", "1"], ["17000", "-2"]), legs(), "16000", "0"],
    ["a call spread, in coin", legs(), legs(["21000", "-100"], ["22000", "100"]), "0", "4.5454545455"],
    ["puts above calls", legs(["2500", "-1"], ["100", "1"]), legs(["300", "1"], ["200", "-1"]), "2400", "0"],
    ["nothing", legs(), legs(), "0", "0"],
  ])("TIERS-14: %s", (_, puts, calls, cash, underlying) => {
    const found = maxLossCollateral({ puts, calls });
    expect([found.cash.toFixed(), found.underlying.toDecimalPlaces(10).toFixed()]).toEqual([cash, underlying]);
  });
});
