import { describe, expect, test } from "@jest/globals";
import { amount } from "@ballast/money";
import { assessAccount } from "../pipeline.js";
import { withPaid } from "../position/after-fill.js";
import { type AccountText, accountOf, marketOf, type MarketText, type PositionsText, PARAMETERS } from "../testing.js";
import { assetId } from "@ballast/model";
import { checkWithdrawal } from "./withdraw.js";

const long: PositionsText = [["BTC_USDC-PERPETUAL", "1000", "8000"]];
const inProfit: MarketText = { mark: { "BTC_USDC-PERPETUAL": "9000" } };

describe("leaving with money", () => {
  //  case                                              account                                          market  asset  amount   answer
  test.each<[string, AccountText, MarketText, string, string, string]>([
    ["everything, with no position", { balances: { USDC: "100" } }, {}, "USDC", "100", "ADMITTED"],
    ["a unit more than there is", { balances: { USDC: "100" } }, {}, "USDC", "100.000001", "BALANCE_INSUFFICIENT"],
    ["an asset that is not held", { balances: { USDC: "100" } }, {}, "BTC", "0.1", "BALANCE_INSUFFICIENT"],
    ["down to initial margin", { balances: { USDC: "1000" }, positions: long }, {}, "USDC", "840", "ADMITTED"],
    [
      "a unit below initial margin",
      { balances: { USDC: "1000" }, positions: long },
      {},
      "USDC",
      "840.000001",
      "WITHDRAWAL_EXCEEDS_MARGIN",
    ],
    [
      "against unrealised profit",
      { balances: { USDC: "1000" }, positions: long },
      inProfit,
      "USDC",
      "900",
      "WITHDRAWAL_EXCEEDS_MARGIN",
    ],
    [
      "up to initial margin beside unrealised profit",
      { balances: { USDC: "1000" }, positions: long },
      inProfit,
      "USDC",
      "820",
      "ADMITTED",
    ],
  ])("DECISION-5: %s", (_, text, marketText, asset, taken, answer) => {
    const account = accountOf(text);
    const after = { ...account, balances: withPaid(account.balances, assetId(asset), amount(`-${taken}`)) };
    const next = assessAccount(after, marketOf(marketText), PARAMETERS).summary;
    const verdict = checkWithdrawal(account, { asset, amount: amount(taken) }, next);
    expect(verdict.ok ? verdict.value : verdict.rejection.code).toBe(answer);
  });
});
