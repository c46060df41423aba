import { describe, expect, test } from "@jest/globals";
import { Decimal, ratio, usd } from "@ballast/money";
import fc from "fast-check";
import {
  auctionFee,
  bidFor,
  bufferMargin,
  insolventPrice,
  insolventTake,
  largestShare,
  priceFactor,
  wholePrice,
} from "./auction.js";

const RULES = {
  startFactor: ratio("0.98"),
  fastEndFactor: ratio("0.8"),
  fastMs: 100_000,
  slowMs: 14_400_000,
};

describe("the price factor", () => {
  //  seconds   factor
  test.each([
    [0, "0.98"],
    [30, "0.926"],
    [100, "0.8"],
    [7_300, "0.4"],
    [14_500, "0"],
    [99_999, "0"],
  ])("LIQUIDATION-23: after %d s it is %s", (seconds, factor) => {
    expect(priceFactor(RULES, seconds * 1000).toFixed()).toBe(factor);
  });

  test("LIQUIDATION-23: never rises", () => {
    const second = fc.integer({ min: 0, max: 20_000 });
    fc.assert(
      fc.property(second, second, (one, other) => {
        const [early, late] = one < other ? [one, other] : [other, one];
        return priceFactor(RULES, late * 1000).lte(priceFactor(RULES, early * 1000));
      }),
    );
  });
});

const cents = (min: number, max: number) => fc.integer({ min, max }).map((count) => usd(new Decimal(count).div(100)));
const share = fc.integer({ min: 1, max: 1000 }).map((count) => ratio(new Decimal(count).div(1000)));

describe("the largest saleable share", () => {
  test("LIQUIDATION-23: selling it leaves exactly the target, and selling less leaves the account short of it", () => {
    fc.assert(
      fc.property(
        cents(1, 1e9),
        cents(1, 1e9),
        share,
        share,
        fc.integer({ min: 0, max: 99 }),
        (value, beyond, factor, buffer, reserve) => {
          const reservedCash = usd(value.mul(reserve).div(100));
          const maintenanceMargin = usd(beyond.neg());
          const missing = bufferMargin({ value, maintenanceMargin }, buffer);
          const account = { value, reservedCash };
          const largest = largestShare(account, missing, factor);
          expect(largest.gt(0) && largest.lte(1)).toBe(true);
          // What is kept of the shortfall, what is kept of the reserve's part of it, and what the bidder pays.
          const left = (sold: Decimal) =>
            new Decimal(1)
              .sub(sold)
              .mul(missing)
              .add(wholePrice(account, factor).mul(sold))
              .add(reservedCash.mul(sold));
          expect(
            left(largest)
              .abs()
              .lte(new Decimal("1e-30").mul(value.add(beyond))),
          ).toBe(true);
          expect(left(largest.mul("0.99")).lt(0)).toBe(true);
        },
      ),
    );
  });

  test("LIQUIDATION-23: nothing missing, nothing for sale; worth less than the cutoff, all of it", () => {
    const account = { value: usd("100"), reservedCash: usd("0") };
    expect(largestShare(account, usd("0.01"), ratio("0.9")).toFixed()).toBe("0");
    expect(largestShare(account, usd("-5"), ratio("0.9"), usd("100.01")).toFixed()).toBe("1");
  });

  test("LIQUIDATION-23: a bid is cut to it, and then ends the auction", () => {
    const account = { value: usd("300"), reservedCash: usd("0") };
    const missing = bufferMargin({ value: usd("300"), maintenanceMargin: usd("-100") }, ratio("0.1"));
    const bid = bidFor(account, missing, ratio("0.9"), ratio("1"));
    expect([missing.toFixed(), bid.share.toFixed(6), bid.payment.toFixed(4), bid.ends]).toEqual([
      "-140",
      "0.341463",
      "92.1951",
      true,
    ]);
    const small = bidFor(account, missing, ratio("0.9"), ratio("0.1"));
    expect([small.share.toFixed(), small.payment.toFixed(), small.cashRequired.toFixed(), small.ends]).toEqual([
      "0.1",
      "27",
      "41",
      false,
    ]);
  });

  test("LIQUIDATION-23: the fee is asked on what would be sold at full price", () => {
    expect(auctionFee(usd("100000"), usd("-60000"), ratio("0.1")).toFixed()).toBe("3750");
  });
});

describe("an insolvent account", () => {
  //  what it is                          value   margin  length s  elapsed s  price
  test.each([
    ["at the start, what is missing", "-100", "-300", 600, 0, "-100"],
    ["half way", "-100", "-300", 600, 300, "-200"],
    ["in the end, all of maintenance", "-100", "-300", 600, 600, "-300"],
    ["at once, where there is no time", "-100", "-1000", 0, 0, "-1000"],
    ["worth something again", "100", "-1000", 600, 0, "0"],
    ["above maintenance again", "-100", "1000", 600, 300, "0"],
  ])("LIQUIDATION-23: %s", (_, value, margin, length, elapsed, price) => {
    const account = { value: usd(value), maintenanceMargin: usd(margin) };
    expect(insolventPrice(account, length * 1000, elapsed * 1000).toFixed()).toBe(price);
  });

  test("LIQUIDATION-23: its taker brings what maintenance asks beyond the payment", () => {
    const { payment, cashRequired } = insolventTake(usd("-4000"), usd("-7000"), ratio("0.5"));
    expect([payment.toFixed(), cashRequired.toFixed()]).toEqual(["2000", "1500"]);
  });
});
