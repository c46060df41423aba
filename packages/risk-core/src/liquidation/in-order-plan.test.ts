import { describe, expect, test } from "@jest/globals";
import { printDecimal } from "@ballast/money";
import {
  type AccountText,
  accountOf,
  listed,
  marketOf,
  type MarketText,
  type PositionsText,
  PARAMETERS,
} from "../testing.js";
import { price, quantity, ratio, usd } from "@ballast/money";
import { executionPrice } from "./execution-price.js";
import { planInOrder } from "./in-order-plan.js";

//  order                                instrument            contracts   depth       half spread  price
test.each([
  ["a small sale", "BTC_USDC-PERPETUAL", "-1", "10000000", "0.0002", "7998"],
  ["a sale of the whole depth", "BTC_USDC-PERPETUAL", "-1250000", "10000000", "0", "7960"],
  ["a purchase of the whole depth", "BTC_USDC-PERPETUAL", "1250000", "10000000", "0", "8040"],
  ["an inverse sale of half the depth", "BTC-PERPETUAL", "-400000", "8000000", "0", "7980"],
  ["a sale that nobody could meet", "BTC_USDC-PERPETUAL", "-1250000000", "10000000", "0", "0.5"],
])(
  "LIQUIDATION-2: %s trades at the mark less spread and half its impact",
  (_, name, contracts, depth, spread, answer) => {
    const found = executionPrice({
      instrument: listed(name),
      quantity: quantity(contracts),
      markPrice: price("8000"),
      depth: usd(depth),
      halfSpread: ratio(spread),
    });
    expect(printDecimal(found)).toBe(answer);
  },
);

const long: PositionsText = [["BTC_USDC-PERPETUAL", "1000", "8000"]];

describe("what happens to a breach", () => {
  //  account                                                         market   what is done
  test.each<[string, AccountText, MarketText, string]>([
    ["not a breach", { balances: { USDC: "80" }, positions: long }, {}, "0 legs"],
    ["a little below maintenance margin", { balances: { USDC: "70" }, positions: long }, {}, "1 legs, restored"],
    ["below a quarter of it", { balances: { USDC: "19" }, positions: long }, {}, "EQUITY_TOO_LOW"],
    ["a debt and no position", { balances: { USDC: "-1" } }, {}, "DEBT_WITHOUT_POSITIONS"],
    [
      "more than the book can take at once",
      { balances: { USDC: "70" }, positions: long },
      { depth: { "BTC_USDC-PERPETUAL": "4000" } },
      "1 legs, on the way",
    ],
    [
      "a book without room for one lot",
      { balances: { USDC: "70" }, positions: long },
      { depth: { "BTC_USDC-PERPETUAL": "4" } },
      "NOT_RESTORABLE",
    ],
  ])("LIQUIDATION-1: %s", (_, account, market, answer) => {
    const plan = planInOrder(accountOf(account), marketOf(market), PARAMETERS);
    if (plan.kind === "TAKEOVER") expect(plan.because).toBe(answer);
    else {
      const progress = plan.restoresTarget ? ", restored" : ", on the way";
      expect(`${plan.legs.length} legs${plan.legs.length === 0 ? "" : progress}`).toBe(answer);
    }
  });
});
