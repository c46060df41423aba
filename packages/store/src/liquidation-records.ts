import type {
  AccountId,
  CaseOutcome,
  CaseStage,
  InstrumentId,
  OrderOutcome,
  PausableStage,
  UtcMillis,
} from "@ballast/model";
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
  readonly kind: "REDUCE" | "AUCTION" | "TAKEOVER" | "DISPOSE";
  readonly status: "INTENT" | "DONE";
  readonly sequence: number;
  readonly plan: Json;
  readonly result: Json;
}

/** What a step was decided on. */
export interface StepGround {
  readonly parametersVersion: number;
  readonly engineVersion: number;
  /** By the database's clock; with the snapshot's time it says how old the prices were. */
  readonly decidedAt: UtcMillis;
  /** The account as it stood. */
  readonly inputs: Json;
}

/** A step as it is intended. */
export interface NewStep extends LiquidationStep {
  readonly engineVersion: number;
  readonly inputs: Json;
}

/** What names a step: its case and its number in it. */
export type StepId = Pick<LiquidationStep, "account" | "epoch" | "step">;

/** A step in somebody's hands. Whoever takes it over raises the fence, and the database refuses writings under an older one. */
export interface StepHold extends StepId {
  readonly fence: number;
}

/** A step that was taken over, as it stood at that moment of the database's clock. */
export interface ClaimedStep {
  readonly hold: StepHold;
  readonly step: LiquidationStep;
  readonly orders: readonly VenueOrder[];
  readonly now: UtcMillis;
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
  /** After this moment no venue may accept it. */
  readonly deadline: UtcMillis;
  /** How it ended; null until that is known. */
  readonly outcome: OrderOutcome | null;
  /** The venue's words for a refusal. */
  readonly reason: string | null;
}

/** An order as a plan makes it; its deadline is set by the database's clock when it is written down. */
export type NewVenueOrder = Omit<VenueOrder, "deadline" | "outcome" | "reason">;

/** How one order of a step ended. */
export interface EndedOrder {
  readonly clientOrderId: string;
  readonly outcome: OrderOutcome;
  readonly reason: string | null;
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

/** What a look at an account begins with, of one moment. */
export interface AccountAtHand {
  readonly latestSequence: number | null;
  /** The newest case, open or not; null before the first. */
  readonly newestCase: LiquidationCase | null;
  /** Steps that are intended, not done, and not held. */
  readonly freeSteps: readonly StepId[];
}

/** What a visit to the venue has found out about a step: fills that are not booked yet, and orders that have ended. */
export interface StepBooking {
  readonly hold: StepHold;
  readonly fills: readonly VenueFill[];
  readonly ended: readonly EndedOrder[];
}

/** A step of which nothing more can come, and what it came to. */
export interface StepCompletion {
  readonly hold: StepHold;
  readonly result: Json;
}

/** A case that goes on. */
export interface CaseMove {
  readonly account: AccountId;
  readonly epoch: number;
  readonly to: CaseProgress;
}

/** What may be decided at this moment. It stays true until the command that asked has ended. */
export interface Permission {
  readonly paused: ReadonlySet<PausableStage>;
  /** The newest engine that has started; null before the first. */
  readonly newestEngine: number | null;
}

/** A pause, from the reason to the second signature. */
export interface Pause {
  readonly id: string;
  readonly stage: PausableStage;
  readonly reason: string;
  readonly pausedBy: string;
  readonly pausedAt: UtcMillis;
  readonly firstResume: Signature | null;
  readonly secondResume: Signature | null;
}

/** Who signed, and when. */
export interface Signature {
  readonly by: string;
  readonly at: UtcMillis;
}

/** What failed, in words that a person can look up. */
export interface StepFault {
  readonly code: string;
  readonly message: string;
}

/** A step that failed for a reason of ours. It waits for a person from `quarantinedAt` until `released`. */
export interface TroubledStep extends StepId {
  readonly failures: number;
  readonly fault: StepFault;
  readonly firstAt: UtcMillis;
  readonly lastAt: UtcMillis;
  readonly quarantinedAt: UtcMillis | null;
  readonly released: Signature | null;
}
