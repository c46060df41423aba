import { type AccountId, type AssetId, instrumentId, type UtcMillis } from "@ballast/model";
import { amount, type Quantity, ratio } from "@ballast/money";
import type { AuctionOutcome, BackstopProvider, TakeoverAuction } from "../auction-records.js";
import { fromBigint } from "./integers.js";
import { fromNumeric } from "./numeric.js";

export const AUCTION_COLUMNS = `account_id, epoch, started_sequence, started_at, start_factor, fast_end_factor, fast_ms, slow_ms,
  buffer, payment_asset, reserved, bids, worked_sequence, outcome, closed_sequence`;

export interface AuctionRow {
  readonly account_id: AccountId;
  readonly epoch: number;
  readonly started_sequence: string;
  readonly started_at: UtcMillis;
  readonly start_factor: string;
  readonly fast_end_factor: string;
  readonly fast_ms: number;
  readonly slow_ms: number;
  readonly buffer: string;
  readonly payment_asset: AssetId;
  readonly reserved: string;
  readonly bids: number;
  readonly worked_sequence: string;
  readonly outcome: AuctionOutcome | null;
  readonly closed_sequence: string | null;
}

export function takeoverAuction(row: AuctionRow): TakeoverAuction {
  return {
    account: row.account_id,
    epoch: row.epoch,
    startedSequence: fromBigint(row.started_sequence),
    startedAt: row.started_at,
    startFactor: ratio(fromNumeric(row.start_factor)),
    fastEndFactor: ratio(fromNumeric(row.fast_end_factor)),
    fastMs: row.fast_ms,
    slowMs: row.slow_ms,
    buffer: ratio(fromNumeric(row.buffer)),
    paymentAsset: row.payment_asset,
    reserved: amount(fromNumeric(row.reserved)),
    bids: row.bids,
    workedSequence: fromBigint(row.worked_sequence),
    outcome: row.outcome,
    closedSequence: row.closed_sequence === null ? null : fromBigint(row.closed_sequence),
  };
}

export const PROVIDER_COLUMNS = `account_id, registered_by, registered_at, retired_by, retired_at,
  (SELECT json_object_agg(instrument_id, contracts_max::text ORDER BY instrument_id)
     FROM backstop_cap WHERE backstop_cap.account_id = backstop_provider.account_id) AS caps`;

export interface ProviderRow {
  readonly account_id: AccountId;
  readonly registered_by: string;
  readonly registered_at: UtcMillis;
  readonly retired_by: string | null;
  readonly retired_at: UtcMillis | null;
  readonly caps: CapsColumn;
}

/** Contracts as text by instrument; null where there are no rows. */
export type CapsColumn = Readonly<Record<string, string>> | null;

export function marketCaps(caps: CapsColumn): BackstopProvider["caps"] {
  if (caps === null) return null;
  return new Map(Object.entries(caps).map(([id, most]) => [instrumentId(id), fromNumeric(most) as Quantity]));
}

export function backstopProvider(row: ProviderRow): BackstopProvider {
  const { retired_by: by, retired_at: at } = row;
  return {
    account: row.account_id,
    caps: marketCaps(row.caps),
    registered: { by: row.registered_by, at: row.registered_at },
    retired: by === null || at === null ? null : { by, at },
  };
}
