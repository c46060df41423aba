import { expect, test } from "@jest/globals";
import { assetId, type MarketSnapshot } from "@ballast/model";
import { price } from "@ballast/money";
import { accountOf, marketOf, PARAMETERS } from "../testing.js";
import { assessAccount } from "../pipeline.js";
import { creditMarket } from "./credit-market.js";

const BTC = assetId("BTC");
/** Bitcoin at 8,000 that counts for this much. */
const counting = (text: string): MarketSnapshot => ({ ...marketOf(), creditPrices: new Map([[BTC, price(text)]]) });

test("DECISION-7: without credit prices there is no second market", () => {
  expect(creditMarket(marketOf())).toBeNull();
  expect(creditMarket({ ...marketOf(), creditPrices: new Map() })).toBeNull();
});

test("DECISION-7: collateral counts at its credit price, and everything else stays", () => {
  const market = counting("6000");
  const second = creditMarket(market);
  if (second === null) throw new Error("expected a second market");
  expect(second.indexPrices.get(BTC)?.toFixed()).toBe("6000");
  expect(second.indexPrices.get(assetId("USDC"))?.toFixed()).toBe("1");
  expect(second.markPrices).toBe(market.markPrices);
  const account = accountOf({ balances: { BTC: "1" }, positions: [["BTC_USDC-PERPETUAL", "1000", "8000"]] });
  const [plain, cautious] = [market, second].map((one) => assessAccount(account, one, PARAMETERS).summary);
  expect([plain?.equity.toFixed(), cautious?.equity.toFixed()]).toEqual(["7600", "5700"]);
  expect(cautious?.initialMargin.eq(plain?.initialMargin ?? 0)).toBe(true);
});
