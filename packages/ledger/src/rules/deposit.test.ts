import { describe, expect, test } from "@jest/globals";
import { ALICE, BOB, BTC, holdingsOf, NOON } from "@ballast/model/testing";
import { amount } from "@ballast/money";
import { applyJournal } from "../balances.js";
import { assertBalanced } from "../invariants.js";
import { depositJournal } from "./deposit.js";

const terms = { key: "deposit-1", at: NOON, account: ALICE.id, asset: BTC, amount: amount("0.5") };

describe("LEDGER-3: a deposit", () => {
  test("fills the wallet, and its other leg says where from in the same account", () => {
    const journal = depositJournal(terms);
    assertBalanced(journal);
    expect(journal).toMatchObject({ key: "deposit-1", kind: "DEPOSIT", at: NOON });
    expect(
      journal.postings.map(({ account, book, asset, amount: moved }) => [account, book, asset, moved.toFixed()]),
    ).toEqual([
      ["alice", "collateral", "BTC", "0.5"],
      ["alice", "external", "BTC", "-0.5"],
    ]);
  });

  test("changes the account that made it, and no other", () => {
    expect(holdingsOf(applyJournal(ALICE, depositJournal(terms)))).toEqual({ BTC: "0.5" });
    expect(applyJournal(BOB, depositJournal(terms))).toBe(BOB);
  });

  test.each(["0", "-0.5"])("of %s is a bug", (text) => {
    expect(() => depositJournal({ ...terms, amount: amount(text) })).toThrow(
      "LEDGER-3 money moves in amounts above zero",
    );
  });
});
