import { describe, expect, test } from "@jest/globals";
import { anyInstrument, anyPriceOf, BTC_PERPETUAL, BTC_USDC_PERPETUAL } from "@ballast/model/testing";
import { negate, price, quantity, ratio } from "@ballast/money";
import { anyQuantity, anyRatio } from "@ballast/money/testing";
import fc from "fast-check";
import { fillFee } from "./fill-fee.js";

describe("LEDGER-4: the fee of a fill", () => {
  //  who pays                                 instrument          contracts price   rate       in the settlement asset
  test.each([
    ["a taker, linear", BTC_USDC_PERPETUAL, "10", "8000", "0.0005", "0.04"],
    ["a seller pays what a buyer pays", BTC_USDC_PERPETUAL, "-10", "8000", "0.0005", "0.04"],
    ["a taker, inverse: in coin, rounded up", BTC_PERPETUAL, "1", "9", "0.0003", "0.000333333333333334"],
    ["a maker receives a rebate", BTC_USDC_PERPETUAL, "10", "8000", "-0.0001", "-0.008"],
    ["a rebate in coin is rounded to less", BTC_PERPETUAL, "1", "7", "-0.0001", "-0.000142857142857142"],
    ["nobody", BTC_PERPETUAL, "1", "9", "0", "0"],
  ] as const)("%s", (_, instrument, contracts, at, rate, fee) => {
    expect(fillFee(instrument, quantity(contracts), price(at), ratio(rate)).toFixed()).toBe(fee);
  });

  test("is never less than the exact share, by less than a unit of the last digit, and the same for both sides", () => {
    const cases = anyInstrument.chain((instrument) =>
      fc.tuple(
        fc.constant(instrument),
        anyQuantity({ min: "1" }),
        anyPriceOf(instrument),
        anyRatio({ min: "-0.01", max: "0.01" }),
      ),
    );
    fc.assert(
      fc.property(cases, ([instrument, contracts, at, rate]) => {
        const fee = fillFee(instrument, contracts, at, rate);
        const size = contracts.mul(instrument.contractSize);
        const value = (instrument.payoff === "linear" ? size.mul(at) : size.div(at)).toDecimalPlaces(18);
        const exact = value.mul(rate);
        expect(fee.gte(exact) && fee.sub(exact).lt("1e-18")).toBe(true);
        expect(fillFee(instrument, negate(contracts), at, rate).eq(fee)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
