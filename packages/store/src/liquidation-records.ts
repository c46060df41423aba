import type { AccountId, CaseOutcome, CaseStage, InstrumentId, UtcMillis } from "@ballast/model";
import type { Price, Quantity } from "@ballast/money";
import type { Json } from "./json.js";

/** One breach of one account; `worked` says up to which snapshot it has been dealt with. */
export interface LiquidationCase {
  readonly account: AccountId;
  readonly epoch: number;
  readonly stage: CaseStage;
  readonly outcome: CaseOutcome | null;
  readonly openedSequence: number;
  readonly workedSequence: number;
  readonly closedSequence: number | null;
  readonly stepCount: number;
  readonly openedAt: UtcMillis;
  readonly closedAt: UtcMillis | null;
}

/** Where a case goes next; an outcome is named exactly when the stage is CLOSED. */
export interface CaseProgress {
  readonly stage: CaseStage;
  /** The snapshot at which nothing more is to be done for now. */
  readonly worked: number;
  readonly outcome?: CaseOutcome;
}

/**
 * One step, written down as INTENT before anything is sent, DONE with its result.
 * Steps of a case have its epoch; the insurance fund's disposals belong to no case and have epoch 0.
 */
export interface LiquidationStep {
  readonly account: AccountId;
  readonly epoch: number;
  readonly step: number;
  readonly kind: "REDUCE" | "TAKEOVER" | "DISPOSE";
  readonly status: "INTENT" | "DONE";
  readonly sequence: number;
  readonly plan: Json;
  readonly result: Json;
}

/** `quantity` is signed as a trade of the account; the id is a pure function of (account, epoch, step, leg). */
export interface VenueOrder {
  readonly clientOrderId: string;
  readonly account: AccountId;
  readonly epoch: number;
  readonly step: number;
  readonly leg: number;
  readonly instrument: InstrumentId;
  readonly quantity: Quantity;
}

/** `quantity` is signed as a trade of the account whose order it fills. */
export interface VenueFill {
  readonly venueFillId: string;
  readonly clientOrderId: string;
  readonly maker: AccountId;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly markPrice: Price;
}
