import { describe, expect, test } from "@jest/globals";
import { instrumentId } from "@ballast/model";
import { Decimal, quantity, ratio, usd, ZERO_QUANTITY } from "@ballast/money";
import fc from "fast-check";
import { disposalSize, takeoverShare } from "./backstop.js";

const BTC = instrumentId("BTC_USDC-PERPETUAL");
const ETH = instrumentId("ETH_USDC-PERPETUAL");
const AMPLE = { lossNow: usd("0"), lossMax: usd("1000000"), lossOfAccount: usd("100") };

describe("what the backstop takes", () => {
  const positions = [
    { instrument: BTC, quantity: quantity("100") },
    { instrument: ETH, quantity: quantity("-400") },
  ];
  const cap = (instrument: typeof BTC, held: string, most: string) => ({
    instrument,
    held: quantity(held),
    unitsMax: quantity(most),
  });

  //  what limits it                     caps                                                      budget   share    because
  test.each([
    ["nothing", [cap(BTC, "0", "100"), cap(ETH, "0", "400")], AMPLE, "1", null],
    ["a cap", [cap(BTC, "0", "100"), cap(ETH, "0", "100")], AMPLE, "0.25", ETH],
    ["what it holds already", [cap(BTC, "70", "100"), cap(ETH, "0", "400")], AMPLE, "0.3", BTC],
    ["not what makes its own position smaller", [cap(BTC, "-50", "50"), cap(ETH, "0", "400")], AMPLE, "1", null],
    ["a market it may not hold", [cap(BTC, "0", "100")], AMPLE, "0", ETH],
    ["a cap it is beyond", [cap(BTC, "150", "100"), cap(ETH, "0", "400")], AMPLE, "0", BTC],
    [
      "its own stress",
      [cap(BTC, "0", "100"), cap(ETH, "0", "400")],
      { lossNow: usd("60"), lossMax: usd("100"), lossOfAccount: usd("80") },
      "0.5",
      "STRESS_BUDGET",
    ],
  ] as const)("LIQUIDATION-24: limited by %s", (_, caps, budget, share, because) => {
    const found = takeoverShare(positions, caps, budget);
    expect([found.share.toFixed(), found.because]).toEqual([share, because]);
  });
});

describe("how the backstop lets go", () => {
  const pace = { fraction: ratio("0.5"), wholeUpTo: quantity("50"), bookShareMax: ratio("0.01") };

  //  what is held   book     traded
  test.each([
    ["a share of the book at most", "280", "10000", "100"],
    ["half of what is left", "180", "10000", "90"],
    ["a small rest whole", "45", "10000", "45"],
    ["nothing of an empty book", "45", "0", "0"],
    ["a short like a long", "-180", "10000", "90"],
  ] as const)("LIQUIDATION-24: %s", (_, held, book, traded) => {
    expect(disposalSize(quantity(held), quantity(book), pace).toFixed()).toBe(traded);
  });

  test("LIQUIDATION-24: never more than is held or than the book's share, in whole lots", () => {
    const units = fc.integer({ min: 0, max: 10_000 }).map((count) => quantity(new Decimal(count)));
    fc.assert(
      fc.property(units, units, (held, book) => {
        const traded = disposalSize(held, book, pace, quantity("10"));
        expect(traded.gte(ZERO_QUANTITY) && traded.lte(held) && traded.lte(book.mul("0.01"))).toBe(true);
        expect(traded.mod(10).isZero() || traded.eq(held)).toBe(true);
      }),
    );
  });
});
