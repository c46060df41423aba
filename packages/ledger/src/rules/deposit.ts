import { negate } from "@ballast/money";
import type { Journal } from "../journal.js";
import { assertMoves, type WalletMovement } from "./wallet-movement.js";

/**
 * Returns the journal of a deposit: the wallet gains, the account's external book says where from.
 *
 * @throws InvariantViolation unless the amount is above zero.
 * @method LEDGER-3
 */
export function depositJournal({ key, at, account, asset, amount }: WalletMovement): Journal {
  assertMoves(key, amount);
  return {
    key,
    kind: "DEPOSIT",
    at,
    postings: [
      { account, book: "collateral", asset, amount },
      { account, book: "external", asset, amount: negate(amount) },
    ],
  };
}
