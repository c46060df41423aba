import { describe, expect, test } from "@jest/globals";
import { add, amount, price, quantity } from "@ballast/money";
import { anyPrice, anyQuantity } from "@ballast/money/testing";
import fc from "fast-check";
import { contractValue } from "./instrument.js";
import {
  accountOf,
  ALICE,
  anyAccount,
  anyFill,
  anyInstrument,
  anyMarket,
  anyPositionIn,
  BTC_PERPETUAL,
  BTC_USDC_26JUN20,
  BTC_USDC_PERPETUAL,
  ETH_PERPETUAL,
  ETH_USDC_PERPETUAL,
  holdingsOf,
  INSTRUMENTS,
} from "./testing.js";

describe("POSITION-1 POSITION-2: the value of contracts", () => {
  //  what                                 contract             contracts  price     in its settlement asset
  test.each([
    ["one bitcoin, linear", BTC_USDC_PERPETUAL, "1000", "8000", "8000"],
    ["one bitcoin in June, short", BTC_USDC_26JUN20, "-1000", "8100", "-8100"],
    ["half an ether, linear", ETH_USDC_PERPETUAL, "50", "200.05", "100.025"],
    ["8000 dollars, inverse", BTC_PERPETUAL, "800", "8000", "-1"],
    ["8000 dollars, inverse, short", BTC_PERPETUAL, "-800", "5000", "1.6"],
    ["a dollar of ether, rounded", ETH_PERPETUAL, "1", "3", "-0.333333333333333333"],
    ["nothing", BTC_USDC_PERPETUAL, "0", "8000", "0"],
  ] as const)("%s", (_, instrument, contracts, at, value) => {
    expect(contractValue(instrument, quantity(contracts), price(at)).toFixed()).toBe(value);
  });

  test("POSITION-4: a long in any contract profits when the mark is above its entry, a short when it is below", () => {
    const cases = anyInstrument.chain((instrument) =>
      fc.record({
        instrument: fc.constant(instrument),
        contracts: anyQuantity({ min: "1", max: "1000000" }),
        entry: anyPrice({ min: "1", max: "50000" }),
        mark: anyPrice({ min: "1", max: "50000" }),
      }),
    );
    fc.assert(
      fc.property(cases, ({ instrument, contracts, entry, mark }) => {
        const cost = contractValue(instrument, contracts, entry).neg();
        const profit = add(contractValue(instrument, contracts, mark), amount(cost));
        expect(Math.sign(profit.cmp(0))).toBe(Math.sign(mark.cmp(entry)));
      }),
      { numRuns: 500 },
    );
  });
});

describe("fixtures and arbitraries", () => {
  test("an account in words holds what was said, and no zeros", () => {
    const alice = accountOf("alice", {
      balances: { USDC: "100", BTC: "0" },
      positions: [
        [BTC_USDC_PERPETUAL, "10", "8000"],
        [BTC_PERPETUAL, "0", "8000"],
      ],
    });
    expect(holdingsOf(alice)).toEqual({ USDC: "100", "BTC_USDC-PERPETUAL": ["10", "-80"] });
    expect(holdingsOf(ALICE)).toEqual({});
  });

  test("arbitrary accounts, markets and fills are as the model asks", () => {
    fc.assert(
      fc.property(anyAccount, anyMarket, anyFill, (account, market, fill) => {
        expect([...account.balances.values()].every((balance) => !balance.isZero())).toBe(true);
        expect(
          [...account.positions].every(([id, { instrument, quantity: held }]) => id === instrument && !held.isZero()),
        ).toBe(true);
        expect(INSTRUMENTS.every(({ id }) => market.markPrices.get(id)?.gt(0) && market.depths.get(id)?.gt(0))).toBe(
          true,
        );
        expect(fill.buyer).not.toBe(fill.seller);
        expect(fill.quantity.gt(0) && fill.price.gt(0)).toBe(true);
      }),
    );
  });

  test("an arbitrary position cost what its contracts were worth when it was opened", () => {
    fc.assert(
      fc.property(
        anyInstrument.chain(anyPositionIn),
        ({ quantity: held, entryCash }) => !held.isZero() && !entryCash.isZero(),
      ),
    );
  });
});
