import type { AssetAmount } from "@ballast/money";
import { type AccountId, type AssetId, assertInvariant, type UtcMillis } from "@ballast/model";
import type { Journal } from "../journal.js";
import { assertMoves, assertTwoAccounts, walletLegs } from "./wallet-movement.js";

/** Two assets change hands between two wallets: `account` gives one and receives the other. */
export interface Conversion {
  readonly key: string;
  readonly at: UtcMillis;
  readonly account: AccountId;
  readonly counterparty: AccountId;
  readonly gives: AssetAmount;
  readonly receives: AssetAmount;
}

/**
 * Returns the journal of an exchange of two assets between two wallets. At what rate is the caller's business.
 *
 * @throws InvariantViolation unless both amounts are above zero, of two assets, between two accounts.
 * @method LEDGER-3
 */
export function conversionJournal({ key, at, account, counterparty, gives, receives }: Conversion): Journal {
  assertMoves(key, gives.amount);
  assertMoves(key, receives.amount);
  assertTwoAccounts(key, account, counterparty);
  assertInvariant(gives.asset !== receives.asset, "LEDGER-3 a conversion is of two assets", {
    key,
    asset: gives.asset,
  });
  return {
    key,
    kind: "CONVERSION",
    at,
    postings: [
      ...walletLegs({ from: account, to: counterparty, asset: gives.asset as AssetId, amount: gives.amount }),
      ...walletLegs({ from: counterparty, to: account, asset: receives.asset as AssetId, amount: receives.amount }),
    ],
  };
}
