import { describe, expect, test } from "@jest/globals";
import { accountOf, FUND, holdingsOf, NOON, USDC } from "@ballast/model/testing";
import { amount } from "@ballast/money";
import { applyJournal } from "../balances.js";
import { assertBalanced } from "../invariants.js";
import { type PaymentKind, paymentJournal } from "./payment.js";
import { transferJournal } from "./transfer.js";

const alice = accountOf("alice", { balances: { USDC: "100" } });
const bob = accountOf("bob", { balances: { USDC: "-10" } });
const terms = { key: "payment-1", at: NOON, from: alice.id, to: bob.id, asset: USDC, amount: amount("10") };

describe("LEDGER-3: a payment", () => {
  test.each<PaymentKind>([
    "TRANSFER",
    "LIQUIDATION_FEE",
    "AUCTION_PAYMENT",
    "TAKEOVER_FEE",
    "DEFICIT",
    "SOCIALISED_LOSS",
  ])("%s goes from one wallet to another, and nobody else has a leg", (kind) => {
    const journal = paymentJournal({ ...terms, kind });
    assertBalanced(journal);
    expect(journal.kind).toBe(kind);
    expect(holdingsOf(applyJournal(alice, journal))).toEqual({ USDC: "90" });
    expect(holdingsOf(applyJournal(bob, journal))).toEqual({});
    expect(applyJournal(FUND, journal)).toBe(FUND);
  });

  test("of nothing, or of less, is a bug", () => {
    for (const text of ["0", "-10"]) {
      expect(() => paymentJournal({ ...terms, kind: "DEFICIT", amount: amount(text) })).toThrow("LEDGER-3");
    }
  });

  test("to oneself is a bug", () => {
    expect(() => paymentJournal({ ...terms, kind: "DEFICIT", to: alice.id })).toThrow(
      "LEDGER-3 money moves between two accounts",
    );
  });
});

describe("LEDGER-3: a transfer", () => {
  test("is a payment of that kind", () => {
    expect(transferJournal(terms)).toEqual(paymentJournal({ ...terms, kind: "TRANSFER" }));
  });
});
