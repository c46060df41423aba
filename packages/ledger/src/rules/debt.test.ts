import { describe, expect, test } from "@jest/globals";
import { accountId, assetId, toUtcMillis } from "@ballast/model";
import { amount } from "@ballast/money";
import { applyJournals, emptyAccount } from "../balances.js";
import { assertBalanced } from "../invariants.js";
import { coverageJournal, repaymentJournal } from "./debt.js";

const terms = { at: toUtcMillis(0), asset: assetId("USDC") };
const alice = accountId("alice");
const fund = accountId("house.insurance-fund");
const covered = coverageJournal({ ...terms, key: "c", kind: "DEFICIT", from: fund, to: alice, amount: amount("26") });
const repaid = repaymentJournal({ ...terms, key: "r", from: alice, to: fund, amount: amount("10") });
const legs = (journal: typeof covered) =>
  journal.postings.map(({ account, book, amount: moved }) => [account, book, moved.toFixed()]);

describe("CASE-12: whoever pays for another has a claim on him", () => {
  test("the wallet is made whole, and the claim stands in both books of debts", () => {
    assertBalanced(covered);
    expect(legs(covered)).toEqual([
      [fund, "collateral", "-26"],
      [alice, "collateral", "26"],
      [fund, "debt/alice", "26"],
      [alice, "debt/house.insurance-fund", "-26"],
    ]);
  });

  test("a debt is no collateral: only the wallet counts", () => {
    const account = applyJournals(emptyAccount(alice, "USER", null), [covered]);
    expect([...account.balances].map(([asset, balance]) => [asset, balance.toFixed()])).toEqual([["USDC", "26"]]);
  });
});

describe("CASE-13: a repayment", () => {
  test("moves money back, and takes as much off the claim", () => {
    assertBalanced(repaid);
    expect(legs(repaid)).toEqual([
      [alice, "collateral", "-10"],
      [fund, "collateral", "10"],
      [fund, "debt/alice", "-10"],
      [alice, "debt/house.insurance-fund", "10"],
    ]);
  });

  test.each(["0", "-1"])("of %s is refused", (text) => {
    const refused = () => repaymentJournal({ ...terms, key: "r", from: alice, to: fund, amount: amount(text) });
    expect(refused).toThrow("LEDGER-3");
  });

  test("to oneself is refused", () => {
    expect(() => repaymentJournal({ ...terms, key: "r", from: alice, to: alice, amount: amount("1") })).toThrow(
      "LEDGER-3",
    );
  });
});
