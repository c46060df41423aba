import type { Amount } from "@ballast/money";
import { debtBook } from "../chart-of-accounts.js";
import type { Journal, JournalKind, Posting } from "../journal.js";
import { assertMoves, assertTwoAccounts, type Payment, walletLegs } from "./wallet-movement.js";

/** Why somebody pays for another: the house or its fund, or holders who share a loss. */
export type CoverageKind = Extract<JournalKind, "DEFICIT" | "SOCIALISED_LOSS">;

/**
 * Returns the journal of a payment for somebody who cannot pay: `from` pays what `to` owes the pool, and `to` owes it to
 * `from` instead. The claim stands in a book of its own on both sides, so it is no collateral and margins nothing.
 *
 * @throws InvariantViolation unless the amount is above zero and the accounts are two.
 * @method LEDGER-3 CASE-12
 */
export function coverageJournal({ kind, ...payment }: Payment & { readonly kind: CoverageKind }): Journal {
  const { key, at, from, to, amount } = payment;
  assertMoves(key, amount);
  assertTwoAccounts(key, from, to);
  return { key, kind, at, postings: [...walletLegs(payment), ...claimLegs(payment, amount)] };
}

/**
 * Returns the journal of a repayment: `from` pays `to` a part of what it owes, and owes so much less.
 *
 * @throws InvariantViolation unless the amount is above zero and the accounts are two.
 * @method LEDGER-3 CASE-13
 */
export function repaymentJournal(payment: Payment): Journal {
  const { key, at, from, to, asset, amount } = payment;
  assertMoves(key, amount);
  assertTwoAccounts(key, from, to);
  const claim = claimLegs({ from: to, to: from, asset }, amount.neg() as Amount);
  return { key, kind: "DEBT_REPAYMENT", at, postings: [...walletLegs(payment), ...claim] };
}

/** `amount` more of what `to` owes `from`. */
function claimLegs(
  { from, to, asset }: Pick<Payment, "from" | "to" | "asset">,
  amount: Amount,
): readonly [Posting, Posting] {
  return [
    { account: from, book: debtBook(to), asset, amount },
    { account: to, book: debtBook(from), asset, amount: amount.neg() as Amount },
  ];
}
