import { type Account, type AccountId, assertInvariant, type UtcMillis } from "@ballast/model";
import type { Amount } from "@ballast/money";
import type { AuctionOutcome, BackstopProvider, NewAuction, TakeoverAuction } from "./auction-records.js";
import { AUCTION_COLUMNS, type AuctionRow, type CapsColumn, marketCaps, takeoverAuction } from "./rows/auction-row.js";
import { toNumeric } from "./rows/numeric.js";
import type { Session } from "./unit-of-work.js";

/** Auctions of the accounts that one command has locked. The row lock of the account is the lock of its auction. */
export interface AuctionTransaction {
  /** The auction of a case; null when it has none. */
  auction(account: AccountId, epoch: number): Promise<TakeoverAuction | null>;
  /** The account as a provider; null when it is not registered, or retired. It need not be locked: its word stands until this ends. */
  provider(account: AccountId): Promise<Pick<BackstopProvider, "caps"> | null>;
  /** Does anybody but this account stand registered? */
  hasProvidersBeside(account: AccountId): Promise<boolean>;
  /** Opens the auction of a case, looked at up to the snapshot that it starts at. */
  open(auction: NewAuction): Promise<void>;
  /** An open auction goes on at a snapshot. */
  goesOn(account: AccountId, epoch: number, sequence: number): Promise<void>;
  /** A bid has paid this much into the account. */
  reserve(account: AccountId, epoch: number, paid: Amount): Promise<void>;
  /** Closes an auction for good. */
  close(account: AccountId, epoch: number, outcome: AuctionOutcome, sequence: number): Promise<void>;
}

export function auctionsOfTransaction(
  session: Session,
  at: UtcMillis,
  locked: (account: AccountId) => Account,
): AuctionTransaction {
  /** One open auction changes; anything else is a bug of the caller. */
  const change = async (account: AccountId, epoch: number, set: string, values: readonly unknown[]): Promise<void> => {
    locked(account);
    const { rowCount } = await session.query(
      `UPDATE takeover_auction SET ${set} WHERE account_id = $1 AND epoch = $2 AND outcome IS NULL`,
      [account, epoch, ...values],
    );
    assertInvariant(rowCount === 1, "STORE-9 only an open auction moves on", { account, epoch });
  };
  return {
    async auction(account, epoch) {
      locked(account);
      const { rows } = await session.query<AuctionRow>({
        name: "auction",
        text: `SELECT ${AUCTION_COLUMNS} FROM takeover_auction WHERE account_id = $1 AND epoch = $2`,
        values: [account, epoch],
      });
      return rows[0] === undefined ? null : takeoverAuction(rows[0]);
    },
    async provider(account) {
      if (!(await exists(session, "account_id = $1", account))) return null;
      const { rows } = await session.query<{ caps: CapsColumn }>({
        name: "provider-caps",
        text: `SELECT json_object_agg(instrument_id, contracts_max::text) AS caps FROM backstop_cap WHERE account_id = $1`,
        values: [account],
      });
      return { caps: marketCaps(rows[0]?.caps ?? null) };
    },
    hasProvidersBeside: (account) => exists(session, "account_id <> $1", account),
    async open(auction) {
      locked(auction.account);
      await session.query({
        name: "open-auction",
        text: `INSERT INTO takeover_auction (account_id, epoch, started_sequence, worked_sequence, started_at, start_factor,
                 fast_end_factor, fast_ms, slow_ms, buffer, payment_asset)
               VALUES ($1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10)`,
        values: [
          auction.account,
          auction.epoch,
          auction.startedSequence,
          new Date(auction.startedAt).toISOString(),
          toNumeric(auction.startFactor),
          toNumeric(auction.fastEndFactor),
          auction.fastMs,
          auction.slowMs,
          toNumeric(auction.buffer),
          auction.paymentAsset,
        ],
      });
    },
    goesOn: (account, epoch, sequence) => change(account, epoch, "worked_sequence = $3", [sequence]),
    reserve: (account, epoch, paid) =>
      change(account, epoch, "reserved = reserved + $3, bids = bids + 1", [toNumeric(paid)]),
    close: (account, epoch, outcome, sequence) =>
      change(account, epoch, "outcome = $3, closed_sequence = $4, closed_at = $5", [
        outcome,
        sequence,
        new Date(at).toISOString(),
      ]),
  };
}

/** Read with a share lock, so that whoever is retired while a bid of his is judged waits for it. */
async function exists(session: Session, which: string, account: AccountId): Promise<boolean> {
  const { rowCount } = await session.query(
    `SELECT 1 FROM backstop_provider WHERE ${which} AND retired_at IS NULL LIMIT 1 FOR SHARE`,
    [account],
  );
  return rowCount === 1;
}
