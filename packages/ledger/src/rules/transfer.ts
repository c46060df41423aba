import type { Journal } from "../journal.js";
import { paymentJournal } from "./payment.js";
import type { Payment } from "./wallet-movement.js";

/**
 * Returns the journal of a transfer between two wallets of one owner.
 *
 * @throws InvariantViolation unless the amount is above zero and the accounts are two.
 * @method LEDGER-3
 */
export function transferJournal(payment: Payment): Journal {
  return paymentJournal({ ...payment, kind: "TRANSFER" });
}
