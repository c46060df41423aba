import { negate } from "@ballast/money";
import type { Journal } from "../journal.js";
import { assertMoves, type WalletMovement } from "./wallet-movement.js";

/**
 * Returns the journal of a withdrawal: a deposit the other way round. Whether it is allowed is not asked here: that is a
 * question of margin, and the ledger knows none.
 *
 * @throws InvariantViolation unless the amount is above zero.
 * @method LEDGER-3
 */
export function withdrawalJournal({ key, at, account, asset, amount }: WalletMovement): Journal {
  assertMoves(key, amount);
  return {
    key,
    kind: "WITHDRAWAL",
    at,
    postings: [
      { account, book: "collateral", asset, amount: negate(amount) },
      { account, book: "external", asset, amount },
    ],
  };
}
