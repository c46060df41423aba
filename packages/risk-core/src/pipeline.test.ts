import { describe, expect, test } from "@jest/globals";
import { assetId, instrumentId } from "@ballast/model";
import { printDecimal } from "@ballast/money";
import { MissingPrice } from "./mark/prices.js";
import { assessAccount } from "./pipeline.js";
import { assessHealth } from "./scan/assess-health.js";
import { type AccountText, accountOf, marketOf, type MarketText, type PositionsText, PARAMETERS } from "./testing.js";

const cash = (text: string) => ({ USDC: text });
const longBtc = (contracts: string, entry = "8000"): PositionsText => [["BTC_USDC-PERPETUAL", contracts, entry]];

describe("an account's figures", () => {
  //  what it holds                               balances                positions              market            equity       net value    IM       MM        state
  test.each<[string, AccountText, MarketText, string, string, string, string, string]>([
    ["nothing", {}, {}, "0", "0", "0", "0", "HEALTHY"],
    ["cash", { balances: cash("1000") }, {}, "1000", "1000", "0", "0", "HEALTHY"],
    ["a coin, less five per cent", { balances: { BTC: "1" } }, {}, "7600", "8000", "0", "0", "HEALTHY"],
    [
      "one bitcoin long at the mark",
      { balances: cash("1000"), positions: longBtc("1000") },
      {},
      "1000",
      "1000",
      "160",
      "80",
      "HEALTHY",
    ],
    [
      "the same after a fall, below initial margin",
      { balances: cash("1000"), positions: longBtc("1000") },
      { mark: { "BTC_USDC-PERPETUAL": "7100" } },
      "100",
      "100",
      "142",
      "71",
      "MARGIN_CALL",
    ],
    [
      "the same after a larger fall",
      { balances: cash("1000"), positions: longBtc("1000") },
      { mark: { "BTC_USDC-PERPETUAL": "7050" } },
      "50",
      "50",
      "141",
      "70.5",
      "LIQUIDATABLE",
    ],
    [
      "the same beyond its collateral",
      { balances: cash("1000"), positions: longBtc("1000") },
      { mark: { "BTC_USDC-PERPETUAL": "6900" } },
      "-100",
      "-100",
      "138",
      "69",
      "BANKRUPT",
    ],
    [
      "an inverse short: dollars a contract, whatever the mark",
      { balances: { BTC: "1" }, positions: [["BTC-PERPETUAL", "-800", "8000"]] },
      { mark: { "BTC-PERPETUAL": "4000" }, index: { BTC: "4000" } },
      "7600",
      "8000",
      "160",
      "80",
      "HEALTHY",
    ],
    [
      "a debt in dollars behind a coin: the coin is haircut, the debt is not",
      { balances: { BTC: "1", USDC: "-7700" } },
      {},
      "-100",
      "300",
      "0",
      "0",
      "LIQUIDATABLE",
    ],
  ])("MARGIN-4 DECISION-1: %s", (_, account, market, equity, netValue, initialMargin, maintenanceMargin, state) => {
    const assessed = assessAccount(accountOf(account), marketOf(market), PARAMETERS);
    expect({ ...text(assessed.summary), state: assessed.state }).toMatchObject({
      equity,
      netValue,
      initialMargin,
      maintenanceMargin,
      state,
    });
    expect(assessHealth(accountOf(account), marketOf(market), PARAMETERS)).toEqual({
      state: assessed.state,
      summary: assessed.summary,
    });
  });
});

test("MARGIN-3: the breakdown names every position and every asset, in order of id", () => {
  const account = accountOf({
    balances: { USDC: "5000", BTC: "0.5" },
    positions: [
      ["ETH_USDC-PERPETUAL", "-1000", "210"],
      ["BTC_USDC-PERPETUAL", "250", "8100"],
    ],
  });
  const { positions, collateral } = assessAccount(account, marketOf(), PARAMETERS);
  expect(positions.map(text)).toEqual([
    {
      instrument: "BTC_USDC-PERPETUAL",
      notional: "2000",
      unrealisedProfit: "-25",
      initialMargin: "40",
      maintenanceMargin: "20",
    },
    {
      instrument: "ETH_USDC-PERPETUAL",
      notional: "2000",
      unrealisedProfit: "100",
      initialMargin: "40",
      maintenanceMargin: "20",
    },
  ]);
  expect(collateral.map(text)).toEqual([
    {
      asset: "BTC",
      balance: "0.5",
      unrealisedProfit: "0",
      net: "0.5",
      indexPrice: "8000",
      haircutValue: "3800",
      value: "4000",
    },
    {
      asset: "USDC",
      balance: "5000",
      unrealisedProfit: "75",
      net: "5075",
      indexPrice: "1",
      haircutValue: "5075",
      value: "5075",
    },
  ]);
});

describe("COLLATERAL-1: a price that is needed and absent is named", () => {
  const account = accountOf({ balances: cash("1000"), positions: [["BTC-PERPETUAL", "10", "8000"]] });
  test.each([
    ["the mark of a position", "markPrices", "BTC-PERPETUAL"],
    ["the index of a balance", "indexPrices", "USDC"],
    ["the index of a settlement asset", "indexPrices", "BTC"],
  ] as const)("%s", (_, map, of) => {
    const market = marketOf();
    const pruned = new Map<string, unknown>(market[map]);
    pruned.delete(of);
    const poorer = { ...market, [map]: pruned } as typeof market;
    for (const assess of [assessAccount, assessHealth]) {
      const judged = () => assess(account, poorer, PARAMETERS);
      expect(judged).toThrow(MissingPrice);
      expect(judged).toThrow(expect.objectContaining({ of, code: "PRICE_MISSING" }));
    }
  });

  test("prices that the account does not need may be absent", () => {
    const market = marketOf();
    const poorer = {
      ...market,
      indexPrices: new Map([...market.indexPrices].filter(([id]) => id !== assetId("ETH"))),
      markPrices: new Map([...market.markPrices].filter(([id]) => id === instrumentId("BTC-PERPETUAL"))),
    };
    expect(assessHealth(account, poorer, PARAMETERS)).toEqual(assessHealth(account, market, PARAMETERS));
  });
});

function text(record: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => [key, typeof value === "string" ? value : printDecimal(value)]),
  );
}
