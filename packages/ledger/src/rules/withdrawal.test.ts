import { describe, expect, test } from "@jest/globals";
import { accountOf, BTC, holdingsOf, NOON } from "@ballast/model/testing";
import { amount } from "@ballast/money";
import { applyJournal } from "../balances.js";
import { assertBalanced } from "../invariants.js";
import { depositJournal } from "./deposit.js";
import { withdrawalJournal } from "./withdrawal.js";

const alice = accountOf("alice", { balances: { BTC: "2" } });
const terms = { key: "withdrawal-1", at: NOON, account: alice.id, asset: BTC, amount: amount("0.5") };

describe("LEDGER-3: a withdrawal", () => {
  //  what she takes out        leaves in the wallet
  test.each([
    ["a part", "0.5", { BTC: "1.5" }],
    ["all of it", "2", {}],
    ["more than there is: whether she may is not the ledger's question", "3", { BTC: "-1" }],
  ])("%s", (_, taken, left) => {
    const journal = withdrawalJournal({ ...terms, amount: amount(taken) });
    assertBalanced(journal);
    expect(holdingsOf(applyJournal(alice, journal))).toEqual(left);
  });

  test("is a deposit the other way round, leg by leg", () => {
    const legs = depositJournal(terms).postings.map((posting) => ({ ...posting, amount: posting.amount.neg() }));
    expect(withdrawalJournal(terms).postings).toEqual(legs);
  });

  test.each(["0", "-0.5"])("of %s is a bug", (text) => {
    expect(() => withdrawalJournal({ ...terms, amount: amount(text) })).toThrow("LEDGER-3");
  });
});
