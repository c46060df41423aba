import type { AccountId, AssetId, InstrumentId, UtcMillis } from "@ballast/model";
import type { Amount, Quantity, Ratio } from "@ballast/money";
import type { Signature } from "./liquidation-records.js";

/** How an auction ended. After RESTORED the case is closed; after the others the house takes over what is left. */
export type AuctionOutcome = "RESTORED" | "TIME_OVER" | "NOTHING_LEFT" | "NO_PROVIDERS";

/** What an auction is opened with. */
export interface NewAuction {
  readonly account: AccountId;
  readonly epoch: number;
  readonly startedSequence: number;
  /** Market time: from here on the price falls. */
  readonly startedAt: UtcMillis;
  readonly startFactor: Ratio;
  readonly fastEndFactor: Ratio;
  readonly fastMs: number;
  readonly slowMs: number;
  readonly buffer: Ratio;
  readonly paymentAsset: AssetId;
}

/** An auction as it stands. */
export interface TakeoverAuction extends NewAuction {
  /** Cash that bidders have paid in, in the payment asset. */
  readonly reserved: Amount;
  readonly bids: number;
  /** The newest snapshot at which the waterfall has looked at it. */
  readonly workedSequence: number;
  /** Null while it is open. */
  readonly outcome: AuctionOutcome | null;
  readonly closedSequence: number | null;
}

/** An account that may bid; retired ones stay in the list with who retired them. */
export interface BackstopProvider {
  readonly account: AccountId;
  /** Contracts that it may hold of each market, by instrument id; null: no caps. */
  readonly caps: ReadonlyMap<InstrumentId, Quantity> | null;
  readonly registered: Signature;
  readonly retired: Signature | null;
}
