import type { Amount, Quantity } from "@ballast/money";
import type { AccountId, AssetId, InstrumentId, UtcMillis } from "@ballast/model";

/** The books of one account: see `chart-of-accounts.ts`. */
export type Book = "collateral" | "external" | "fees" | `position/${string}` | `debt/${string}`;

/** What moved the money. */
export type JournalKind =
  | "DEPOSIT"
  | "WITHDRAWAL"
  | "TRANSFER"
  | "FILL"
  | "LIQUIDATION_FILL"
  | "LIQUIDATION_FEE"
  | "AUCTION_FILL"
  | "AUCTION_PAYMENT"
  | "TAKEOVER_FILL"
  | "TAKEOVER_FEE"
  | "CONVERSION"
  | "DEFICIT"
  | "ADL_FILL"
  | "SOCIALISED_LOSS"
  | "DISPOSAL_FILL"
  | "FUNDING"
  | "DEBT_REPAYMENT";

/** One leg: an account's book of one asset changes by a signed amount. Contracts are an asset like any other. */
export interface Posting {
  readonly account: AccountId;
  readonly book: Book;
  readonly asset: AssetId | InstrumentId;
  readonly amount: Amount | Quantity;
}

/**
 * Something that happened, for ever: legs that sum to zero in every asset.
 *
 * @method LEDGER-1
 */
export interface Journal {
  /** Unique for ever; a second journal under the same key is refused by the database. */
  readonly key: string;
  readonly kind: JournalKind;
  readonly at: UtcMillis;
  readonly postings: readonly Posting[];
}
