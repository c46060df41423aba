import { describe, expect, test } from "@jest/globals";
import type { Account, InstrumentId, MarketSnapshot } from "@ballast/model";
import { Decimal, type Price, printDecimal } from "@ballast/money";
import fc from "fast-check";
import { assessAccount } from "../pipeline.js";
import {
  type AccountText,
  accountOf,
  anyAccount,
  anyMarket,
  marketOf,
  type MarketText,
  PARAMETERS,
  shuffled,
} from "../testing.js";
import { bankruptcyPrices } from "./bankruptcy-price.js";

const long: AccountText["positions"] & object = [["BTC_USDC-PERPETUAL", "1000", "8000"]];

//  account                                                             market                      bankruptcy prices
test.each<[string, AccountText, MarketText, Record<string, string> | null]>([
  [
    "a long with an eighth of its notional",
    { balances: { USDC: "1000" }, positions: long },
    {},
    { "BTC_USDC-PERPETUAL": "7000" },
  ],
  [
    "the same after a rise: nothing has changed",
    { balances: { USDC: "1000" }, positions: long },
    { mark: { "BTC_USDC-PERPETUAL": "9000" } },
    { "BTC_USDC-PERPETUAL": "7000" },
  ],
  [
    "a short with an eighth",
    { balances: { USDC: "1000" }, positions: [["BTC_USDC-PERPETUAL", "-1000", "8000"]] },
    {},
    { "BTC_USDC-PERPETUAL": "9000" },
  ],
  [
    "a bankrupt long: better than the mark",
    { balances: { USDC: "1000" }, positions: long },
    { mark: { "BTC_USDC-PERPETUAL": "6500" } },
    { "BTC_USDC-PERPETUAL": "7000" },
  ],
  [
    "two positions share one relative move of 5 %",
    {
      balances: { USDC: "500" },
      positions: [
        ["BTC_USDC-PERPETUAL", "1000", "8000"],
        ["ETH_USDC-PERPETUAL", "-1000", "200"],
      ],
    },
    {},
    { "BTC_USDC-PERPETUAL": "7600", "ETH_USDC-PERPETUAL": "210" },
  ],
  // 1 BTC of collateral and 8,000 dollars long: at half the mark the position has lost 1 BTC.
  [
    "an inverse long of its collateral",
    { balances: { BTC: "1" }, positions: [["BTC-PERPETUAL", "800", "8000"]] },
    {},
    { "BTC-PERPETUAL": "4000" },
  ],
  [
    "an inverse short of its collateral never loses it",
    { balances: { BTC: "1" }, positions: [["BTC-PERPETUAL", "-800", "8000"]] },
    {},
    null,
  ],
  ["a long that is paid in full", { balances: { USDC: "8000" }, positions: long }, {}, null],
  ["no position", { balances: { USDC: "-1" } }, {}, null],
])("LIQUIDATION-6: %s", (_, account, market, answer) => {
  const found = bankruptcyPrices(accountOf(account), marketOf(market), PARAMETERS);
  if (answer === null) expect(found).toBeNull();
  else {
    for (const [instrument, at] of Object.entries(answer)) {
      const price = new Map<string, Decimal>(found ?? []).get(instrument) ?? new Decimal(0);
      expect(price.sub(at).abs().lte("1e-17")).toBe(true);
    }
  }
});

describe("bankruptcy prices", () => {
  test("LIQUIDATION-6: an account closed there is left with nothing or more, and one unit of price worse with nothing or less", () => {
    let solved = 0;
    fc.assert(
      fc.property(anyAccount, anyMarket, (account, market) => {
        const prices = bankruptcyPrices(account, market, PARAMETERS);
        if (prices === null) return;
        solved++;
        const left = (units: number) => {
          const closedAt = [...prices].map(([id, at]) => [id, unitsWorse(account, id, at, units)] as const);
          const there = { ...market, markPrices: new Map([...market.markPrices, ...closedAt]) };
          return assessAccount(account, there, PARAMETERS).summary.netValue;
        };
        // The breakdown rounds down at its eighth digit, so a quintillionth below nothing reads as one of these.
        expect(left(0).gte("-1e-8")).toBe(true);
        expect(left(1).lte(0)).toBe(true);
      }),
      { numRuns: 300 },
    );
    expect(solved).toBeGreaterThan(50);
  });

  test("LIQUIDATION-6: they are worse than the mark for the solvent and better for the bankrupt, by one relative move", () => {
    fc.assert(
      fc.property(anyAccount, anyMarket, (account, market) => {
        const prices = bankruptcyPrices(account, market, PARAMETERS);
        const { netValue } = assessAccount(account, market, PARAMETERS).summary;
        for (const [instrument, at] of prices ?? []) {
          const worse = adverseMove(account, market, instrument, at);
          expect(worse.gte("-1e-15") || netValue.lte(0)).toBe(true);
          expect(worse.lte("1e-15") || netValue.gte(0)).toBe(true);
        }
        const moves = [...(prices ?? [])].map(([instrument, at]) => adverseMove(account, market, instrument, at));
        for (const move of moves)
          expect(
            move
              .sub(moves[0] ?? 0)
              .abs()
              .lte("1e-14"),
          ).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test("LIQUIDATION-6: the order of the account's rows changes nothing", () => {
    fc.assert(
      fc.property(anyAccount, anyMarket, (account, market) => {
        const print = (judged: Account) =>
          JSON.stringify(
            [...(bankruptcyPrices(judged, market, PARAMETERS) ?? [])].map(([id, at]) => [id, printDecimal(at)]),
          );
        expect(print(shuffled(account))).toBe(print(account));
      }),
      { numRuns: 50 },
    );
  });
});

/** The price with its last digit, the eighteenth, moved against the position. */
function unitsWorse(account: Account, instrument: InstrumentId, at: Price, units: number): Price {
  const isLong = account.positions.get(instrument)?.quantity.gt(0) ?? true;
  return at.add(new Decimal(units).mul(isLong ? "-1e-18" : "1e-18")) as Price;
}

function adverseMove(account: Account, market: MarketSnapshot, instrument: string, at: Decimal): Decimal {
  const mark = new Map<string, Decimal>(market.markPrices).get(instrument) ?? new Decimal(1);
  const held = new Map<string, { quantity: Decimal }>(account.positions).get(instrument)?.quantity ?? new Decimal(1);
  const rise = at.div(mark).sub(1);
  return held.gt(0) ? rise.neg() : rise;
}
