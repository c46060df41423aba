import { describe, expect, test } from "@jest/globals";
import { accountOf, ALICE, BOB, CAROL, FUND, holdingsOf, NOON, USDC } from "@ballast/model/testing";
import { accountId } from "@ballast/model";
import { amount, Decimal } from "@ballast/money";
import fc from "fast-check";
import { applyJournal } from "../balances.js";
import { assertBalanced, imbalances } from "../invariants.js";
import { fundingJournal, type FundingTerms } from "./funding.js";

const terms: FundingTerms = {
  key: "funding-BTC_USDC-PERPETUAL-8",
  at: NOON,
  asset: USDC,
  payments: [
    { account: ALICE.id, amount: amount("-0.8") },
    { account: BOB.id, amount: amount("0.47") },
    { account: CAROL.id, amount: amount("0.32") },
  ],
  house: FUND.id,
  dust: amount("0.01"),
};

describe("LEDGER-9: a funding", () => {
  test("moves money between the wallets of those who hold the contract, and the dust into the house's", () => {
    const journal = fundingJournal(terms);
    if (journal === null) throw new Error("expected a journal");
    assertBalanced(journal);
    expect(journal.kind).toBe("FUNDING");
    const alice = accountOf("alice", { balances: { USDC: "1" } });
    expect(holdingsOf(applyJournal(alice, journal))).toEqual({ USDC: "0.2" });
    expect(holdingsOf(applyJournal(CAROL, journal))).toEqual({ USDC: "0.32" });
    expect(holdingsOf(applyJournal(FUND, journal))).toEqual({ USDC: "0.01" });
  });

  test("gives the house, where it holds contracts itself, one leg with the dust in it", () => {
    const journal = fundingJournal({ ...terms, house: BOB.id });
    expect(journal?.postings.map(({ account, amount: moved }) => [account, moved.toFixed()])).toEqual([
      ["alice", "-0.8"],
      ["bob", "0.48"],
      ["carol", "0.32"],
    ]);
  });

  test("of nothing is no journal, and payments of nothing have no leg", () => {
    const nothing = { account: ALICE.id, amount: amount("0") };
    expect(fundingJournal({ ...terms, payments: [nothing], dust: amount("0") })).toBeNull();
    expect(fundingJournal({ ...terms, payments: [], dust: amount("0") })).toBeNull();
    const withDave = { ...terms, payments: [...terms.payments, { ...nothing, account: accountId("dave") }] };
    expect(fundingJournal(withDave)?.postings).toHaveLength(4);
  });

  //  what is wrong                         changed                                              the ledger says
  test.each<[string, Partial<FundingTerms>, string]>([
    ["makes money", { dust: amount("0.02") }, "a funding sums to zero"],
    ["loses money", { dust: amount("0") }, "a funding sums to zero"],
    ["pays an account twice", { payments: [...terms.payments, ...terms.payments] }, "one leg"],
    [
      "rounds against the house",
      { payments: [{ account: BOB.id, amount: amount("0.01") }], dust: amount("-0.01") },
      "rounding never costs the house",
    ],
  ])("that %s is a bug", (_, changed, says) => {
    expect(() => fundingJournal({ ...terms, ...changed })).toThrow(says);
  });

  test("whatever is paid, every asset sums to zero over all accounts afterwards", () => {
    const anyPayments = fc.array(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), { maxLength: 30 });
    fc.assert(
      fc.property(anyPayments, fc.bigInt({ min: 0n, max: 30n }), (units, dust) => {
        const counted = [...units, -units.reduce((sum, unit) => sum + unit, dust)];
        const payments = counted.map((unit, at) => ({
          account: accountId(`account-${at}`),
          amount: amount(new Decimal(unit.toString()).mul("1e-18")),
        }));
        const journal = fundingJournal({ ...terms, payments, dust: amount(new Decimal(dust.toString()).mul("1e-18")) });
        if (journal === null) return;
        assertBalanced(journal);
        expect(imbalances([journal]).size).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});
