import type { Journal, JournalKind } from "../journal.js";
import { assertMoves, assertTwoAccounts, type Payment, walletLegs } from "./wallet-movement.js";

/** The reasons for which money goes from one wallet to another. */
export type PaymentKind = Extract<
  JournalKind,
  "TRANSFER" | "LIQUIDATION_FEE" | "AUCTION_PAYMENT" | "TAKEOVER_FEE" | "DEFICIT" | "SOCIALISED_LOSS"
>;

/**
 * Returns the journal of a payment from one wallet to another: fees of a liquidation, a deficit, a shared loss.
 *
 * @throws InvariantViolation unless the amount is above zero and the accounts are two.
 * @method LEDGER-3
 */
export function paymentJournal({ kind, ...payment }: Payment & { readonly kind: PaymentKind }): Journal {
  const { key, at, from, to, amount } = payment;
  assertMoves(key, amount);
  assertTwoAccounts(key, from, to);
  return { key, kind, at, postings: walletLegs(payment) };
}
