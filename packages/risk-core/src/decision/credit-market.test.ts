import { describe, expect, test } from "@jest/globals";
import { assetId, instrumentId, type MarketSnapshot } from "@ballast/model";
import { price } from "@ballast/money";
import { accountOf, marketOf, PARAMETERS } from "../testing.js";
import { assessAccount } from "../pipeline.js";
import { creditMarket } from "./credit-market.js";

const BTC = assetId("BTC");
/** Bitcoin at 8,000 that counts for this much. */
const counting = (text: string): MarketSnapshot => ({ ...marketOf(), creditPrices: new Map([[BTC, price(text)]]) });

const HOLDER = accountOf({ balances: { BTC: "1" }, positions: [["BTC_USDC-PERPETUAL", "1000", "8000"]] });

test("DECISION-7: where nothing counts for less there is no second market", () => {
  expect(creditMarket(marketOf(), HOLDER, PARAMETERS)).toBeNull();
  expect(creditMarket({ ...marketOf(), creditPrices: new Map() }, HOLDER, PARAMETERS)).toBeNull();
});

test("DECISION-7: collateral counts at its credit price, and everything else stays", () => {
  const market = counting("6000");
  const second = creditMarket(market, HOLDER, PARAMETERS);
  if (second === null) throw new Error("expected a second market");
  expect(second.indexPrices.get(BTC)?.toFixed()).toBe("6000");
  expect(second.indexPrices.get(assetId("USDC"))?.toFixed()).toBe("1");
  expect(second.markPrices).toBe(market.markPrices);
  const [plain, cautious] = [market, second].map((one) => assessAccount(HOLDER, one, PARAMETERS).summary);
  expect([plain?.equity.toFixed(), cautious?.equity.toFixed()]).toEqual(["7600", "5700"]);
  expect(cautious?.initialMargin.eq(plain?.initialMargin ?? 0)).toBe(true);
});

describe("DECISION-7: positions are judged at stable marks where they are worth less at those", () => {
  const stableAt = (marks: Readonly<Record<string, string>>): MarketSnapshot => ({
    ...marketOf(),
    stableMarks: new Map(Object.entries(marks).map(([id, at]) => [instrumentId(id), price(at)])),
  });
  const linear = "BTC_USDC-PERPETUAL";
  const long = accountOf({ balances: { USDC: "1000" }, positions: [[linear, "1000", "6000"]] });
  const short = accountOf({ balances: { USDC: "1000" }, positions: [[linear, "-1000", "10000"]] });
  const hedged = accountOf({
    balances: { USDC: "1000" },
    positions: [
      [linear, "1000", "6000"],
      ["BTC_USDC-26JUN20", "-1000", "6000"],
    ],
  });

  //  bitcoin is marked at 8,000                        account  stable marks                                       equity
  test.each([
    ["a long whose mark has spiked has no profit", long, { [linear]: "6000" }, "1000"],
    ["a long whose mark has collapsed has its loss", long, { [linear]: "12000" }, "3000"],
    ["a short whose mark has collapsed has no profit", short, { [linear]: "10000" }, "1000"],
    ["a short whose mark has spiked has its loss", short, { [linear]: "4000" }, "3000"],
    [
      "a hedge is judged at marks that belong together (the future is marked at 8,100)",
      hedged,
      { [linear]: "6000", "BTC_USDC-26JUN20": "6000" },
      "900",
    ],
  ] as const)("%s", (_, account, stable, equity) => {
    const market = stableAt(stable);
    const second = creditMarket(market, account, PARAMETERS) ?? market;
    expect(assessAccount(account, second, PARAMETERS).summary.equity.toFixed()).toBe(equity);
  });

  test("what a stable mark forgives in one underlying does not pay for what was pumped in another", () => {
    const both = accountOf({
      balances: { USDC: "10000" },
      positions: [
        [linear, "1000", "6000"],
        ["ETH_USDC-PERPETUAL", "1000", "300"],
      ],
    });
    const market = stableAt({ [linear]: "6000", "ETH_USDC-PERPETUAL": "300" });
    const second = creditMarket(market, both, PARAMETERS) as MarketSnapshot;
    expect(second.markPrices.get(instrumentId(linear))?.toFixed()).toBe("6000");
    expect(second.markPrices.get(instrumentId("ETH_USDC-PERPETUAL"))).toBe(
      market.markPrices.get(instrumentId("ETH_USDC-PERPETUAL")),
    );
  });

  test("the verdict of the pipeline, and so maintenance, knows plain marks only", () => {
    const [shielded, plain] = [stableAt({ [linear]: "1" }), marketOf()].map((one) =>
      assessAccount(long, one, PARAMETERS),
    );
    expect(shielded).toEqual(plain);
  });
});
