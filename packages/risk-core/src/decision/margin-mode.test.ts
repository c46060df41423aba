import { describe, expect, test } from "@jest/globals";
import { assetId, type MarginMode } from "@ballast/model";
import { accountOf, type AccountText, marketOf, PARAMETERS, type PositionsText } from "../testing.js";
import { admitMarginMode } from "./margin-mode.js";

const long: PositionsText = [["BTC_USDC-PERPETUAL", "1000", "8000"]];

describe("DECISION-9: a change of the margin mode", () => {
  // Long 8,000 dollars of BTC: 160 initially under the tiers, some 1,246 as a portfolio; 80 and 789 to stay.
  //  account                                     has     from         to           answer
  test.each<[string, AccountText, MarginMode, MarginMode, string]>([
    ["nothing at all", {}, "STANDARD", "PORTFOLIO", "ADMITTED"],
    ["enough for both", { balances: { USDC: "1300" }, positions: long }, "STANDARD", "PORTFOLIO", "ADMITTED"],
    [
      "too little as a portfolio",
      { balances: { USDC: "1200" }, positions: long },
      "STANDARD",
      "PORTFOLIO",
      "INITIAL_MARGIN_INSUFFICIENT",
    ],
    [
      "a margin call as a portfolio",
      { balances: { USDC: "1200" }, positions: long },
      "PORTFOLIO",
      "STANDARD",
      "ADMITTED",
    ],
    [
      "below maintenance as a portfolio",
      { balances: { USDC: "700" }, positions: long },
      "PORTFOLIO",
      "STANDARD",
      "ACCOUNT_IN_LIQUIDATION",
    ],
    [
      "below maintenance under the tiers",
      { balances: { USDC: "70" }, positions: long },
      "STANDARD",
      "PORTFOLIO",
      "ACCOUNT_IN_LIQUIDATION",
    ],
  ])("%s", (_, text, marginMode, to, answer) => {
    const verdict = admitMarginMode(accountOf({ ...text, marginMode }), to, marketOf(), PARAMETERS);
    expect(verdict.ok ? verdict.value : verdict.rejection.code).toBe(answer);
  });

  test("waits for a frozen price, and for estimates", () => {
    const account = accountOf({ balances: { USDC: "5000" }, positions: long });
    const frozen = { ...marketOf(), frozen: new Set([assetId("BTC")]) };
    const { portfolioMargin: _, ...without } = PARAMETERS;
    const codes = [
      admitMarginMode(account, "PORTFOLIO", frozen, PARAMETERS),
      admitMarginMode(account, "PORTFOLIO", marketOf(), without),
    ].map((verdict) => (verdict.ok ? verdict.value : verdict.rejection.code));
    expect(codes).toEqual(["PRICE_FROZEN", "PORTFOLIO_MARGIN_UNAVAILABLE"]);
  });

  test("is judged at credit prices as well", () => {
    const account = accountOf({ balances: { USDC: "300", BTC: "0.2" }, positions: long });
    const market = marketOf();
    const pumped = { ...market, creditPrices: new Map([[assetId("BTC"), market.indexPrices.get(assetId("ETH"))!]]) };
    expect(admitMarginMode(account, "PORTFOLIO", market, PARAMETERS).ok).toBe(true);
    expect(admitMarginMode(account, "PORTFOLIO", pumped, PARAMETERS).ok).toBe(false);
  });
});
