import type { Amount } from "@ballast/money";
import { type AccountId, type AssetId, assertInvariant, type UtcMillis } from "@ballast/model";
import type { Posting } from "../journal.js";

/*
 * What the wallet rules share: an amount above zero that leaves one book and arrives in another. The sign of a leg says
 * the direction, so an amount below zero would be the same movement written backwards, and one of zero nothing at all.
 */

/** Money that crosses the house's border: an amount above zero of one asset, for one account. */
export interface WalletMovement {
  readonly key: string;
  readonly at: UtcMillis;
  readonly account: AccountId;
  readonly asset: AssetId;
  readonly amount: Amount;
}

/** Money from one account's wallet to another's; above zero. */
export interface Payment {
  readonly key: string;
  readonly at: UtcMillis;
  readonly from: AccountId;
  readonly to: AccountId;
  readonly asset: AssetId;
  readonly amount: Amount;
}

/** The two legs that bring `amount` of an asset from one wallet to another. */
export function walletLegs({ from, to, asset, amount }: Omit<Payment, "key" | "at">): readonly [Posting, Posting] {
  return [
    { account: from, book: "collateral", asset, amount: amount.neg() as Amount },
    { account: to, book: "collateral", asset, amount },
  ];
}

/** @throws InvariantViolation unless the amount is above zero. @method LEDGER-3 */
export function assertMoves(key: string, amount: Amount): void {
  assertInvariant(amount.isPositive() && !amount.isZero(), "LEDGER-3 money moves in amounts above zero", () => ({
    key,
    amount: amount.toFixed(),
  }));
}

/** @throws InvariantViolation when both ends are one account. @method LEDGER-3 */
export function assertTwoAccounts(key: string, one: AccountId, other: AccountId): void {
  assertInvariant(one !== other, "LEDGER-3 money moves between two accounts", { key, account: one });
}
