import { describe, expect, test } from "@jest/globals";
import {
  type Account,
  type AccountKind,
  accountId,
  assetId,
  INSURANCE_FUND,
  instrumentId,
  type MarketSnapshot,
  toUtcMillis,
  TREASURY,
} from "@ballast/model";
import { amount, price, quantity, usd } from "@ballast/money";
import { standardParameters } from "../parameters/standard.js";
import { assessAccount } from "../pipeline.js";
import { type DebtToOther, planRecovery, type RecoveryPlan } from "./recovery.js";

const parameters = standardParameters();
const perpetual = instrumentId("BTC_USDC-PERPETUAL");
const market: MarketSnapshot = {
  sequence: 1,
  at: toUtcMillis(0),
  indexPrices: new Map([
    [assetId("USDC"), price("1")],
    [assetId("BTC"), price("8000")],
    [assetId("ETH"), price("200")],
  ]),
  markPrices: new Map([[perpetual, price("8000")]]),
  depths: new Map([[perpetual, usd("1000000")]]),
};

type Wallet = Readonly<Record<string, string>>;

function accountOf(id: string, kind: AccountKind, wallet: Wallet, contracts = "0"): Account {
  const position = { instrument: perpetual, quantity: quantity(contracts), entryCash: amount(`-${contracts}`).mul(8) };
  return {
    id: accountId(id),
    kind,
    parent: null,
    marginMode: "STANDARD",
    balances: new Map(Object.entries(wallet).map(([asset, held]) => [assetId(asset), amount(held)])),
    positions:
      contracts === "0" ? new Map() : new Map([[perpetual, { ...position, entryCash: amount(position.entryCash) }]]),
  };
}

const fund = accountOf(INSURANCE_FUND, "INSURANCE_FUND", { USDC: "100000" });

const debt = (creditor: string, creditorKind: AccountKind, owed: string, asset = "USDC"): DebtToOther => ({
  creditor: accountId(creditor),
  creditorKind,
  asset: assetId(asset),
  amount: amount(owed),
});
const toFund = (owed: string, asset?: string) => debt(INSURANCE_FUND, "INSURANCE_FUND", owed, asset);

function planned(wallet: Wallet, debts: readonly DebtToOther[], contracts = "0", other = fund): RecoveryPlan {
  return planRecovery(accountOf("alice", "USER", wallet, contracts), debts, other, market, parameters);
}

const paid = ({ repayments }: RecoveryPlan) =>
  repayments.map(({ creditor, asset, amount: sum }) => `${creditor} ${sum.toFixed()} ${asset}`);
const exchanged = ({ conversions }: RecoveryPlan) =>
  conversions.map(
    ({ gives, receives }) =>
      `${gives.amount.toFixed()} ${gives.asset} for ${receives.amount.toFixed()} ${receives.asset}`,
  );

describe("CASE-13: what is recovered from an account that owes", () => {
  //  what it has                                  wallet                      contracts debts                 repaid
  test.each<[string, Wallet, string, DebtToOther[], string[]]>([
    ["nothing", {}, "0", [toFund("26")], []],
    ["more than it owes: the debt, and no more", { USDC: "100" }, "0", [toFund("26")], [`${INSURANCE_FUND} 26 USDC`]],
    ["less than it owes: all of it", { USDC: "10" }, "0", [toFund("26")], [`${INSURANCE_FUND} 10 USDC`]],
    ["only what its position needs", { USDC: "160" }, "1000", [toFund("26")], []],
    ["a little more than its position needs", { USDC: "170" }, "1000", [toFund("26")], [`${INSURANCE_FUND} 10 USDC`]],
    ["a wallet below zero", { USDC: "-5" }, "0", [toFund("26")], []],
  ])("%s", (_, wallet, contracts, debts, repaid) => {
    expect(paid(planned(wallet, debts, contracts))).toEqual(repaid);
  });

  test("holders who shared the loss come first, then the fund, then the house; ids decide among equals", () => {
    const debts = [debt(TREASURY, "HOUSE", "5"), toFund("5"), debt("zoe", "USER", "5"), debt("will", "USER", "5")];
    expect(paid(planned({ USDC: "100" }, debts))).toEqual([
      "will 5 USDC",
      "zoe 5 USDC",
      `${INSURANCE_FUND} 5 USDC`,
      `${TREASURY} 5 USDC`,
    ]);
    expect(paid(planned({ USDC: "7" }, debts))).toEqual(["will 5 USDC", "zoe 2 USDC"]);
  });

  test("what is missing of the asset is exchanged at the index, first what counts for most", () => {
    const plan = planned({ ETH: "1", BTC: "0.01" }, [toFund("100")]);
    expect(exchanged(plan)).toEqual(["0.01 BTC for 80 USDC", "0.1 ETH for 20 USDC"]);
    expect(paid(plan)).toEqual([`${INSURANCE_FUND} 100 USDC`]);
  });

  test("the fund gives no more of an asset than it holds", () => {
    const poor = accountOf(INSURANCE_FUND, "INSURANCE_FUND", { USDC: "30" });
    expect(paid(planned({ BTC: "1" }, [toFund("100")], "0", poor))).toEqual([`${INSURANCE_FUND} 30 USDC`]);
  });

  test("whatever is taken, the account still covers its initial margin without profit", () => {
    for (const dollars of ["160", "165.5", "200", "1000"]) {
      const account = accountOf("alice", "USER", { USDC: dollars, BTC: "0.001" }, "1000");
      const plan = planRecovery(account, [toFund("500"), toFund("0.05", "BTC")], fund, market, parameters);
      const balances = new Map(account.balances);
      const move = (asset: string, change: ReturnType<typeof amount>) =>
        balances.set(assetId(asset), amount((balances.get(assetId(asset)) ?? amount("0")).add(change)));
      for (const { gives, receives } of plan.conversions) {
        move(gives.asset, amount(gives.amount.neg()));
        move(receives.asset, receives.amount);
      }
      for (const { asset, amount: sum } of plan.repayments) move(asset, amount(sum.neg()));
      const { summary } = assessAccount({ ...account, balances }, market, parameters);
      expect([dollars, summary.equityWithoutProfit.gte(summary.initialMargin)]).toEqual([dollars, true]);
      expect([...balances.values()].every((balance) => balance.gte(0))).toBe(true);
    }
  });
});
