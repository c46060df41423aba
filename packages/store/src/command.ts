import type { Journal } from "@ballast/ledger";
import type { Account, AccountId, MarginMode, MarketSnapshot, RiskParameters, UtcMillis } from "@ballast/model";
import type { AuctionTransaction } from "./auction-transaction.js";
import type { Debt } from "./debts.js";
import type { FundCover } from "./fund-cover.js";
import type { Json } from "./json.js";
import type {
  CaseMove,
  CaseProgress,
  ClaimedStep,
  LiquidationCase,
  LiquidationStep,
  NewStep,
  NewVenueOrder,
  Permission,
  StepBooking,
  StepCompletion,
  StepHold,
  StepId,
} from "./liquidation-records.js";

/** Who wants what, once. */
export interface Command {
  /** Keys are unique in a scope: an API key's id, or `liquidator`. */
  readonly scope: string;
  /** Chosen by the caller before the first attempt. */
  readonly key: string;
  /** Hash of the request; the same key with another fingerprint is refused with IDEMPOTENCY_KEY_REUSED. */
  readonly fingerprint: string;
  readonly actor: string;
  /** What is done, in the words of the audit trail: "deposit", "fills", "liquidate". */
  readonly action: string;
  readonly at: UtcMillis;
}

/** What a command answered; `replayed` when the key had been used before and nothing was done now. */
export interface CommandAnswer<Response> {
  readonly replayed: boolean;
  readonly response: Response;
}

/**
 * The inside of one transaction that holds the row locks of its accounts.
 *
 * `accounts` is the state after everything posted so far. At the end of the command every account that was posted to,
 * and every locked account whose verdict is older than the latest snapshot, is reassessed, its health stored, and a
 * liquidation case opened when it is below maintenance margin.
 */
export interface AccountTransaction {
  readonly accounts: ReadonlyMap<AccountId, Account>;
  /** The latest snapshot; null before the first marks. */
  readonly market: MarketSnapshot | null;
  readonly parameters: RiskParameters;
  /** A locked account. @throws InvariantViolation when it was not named for locking. */
  account(id: AccountId): Account;
  /**
   * Posts balanced journals of locked accounts, in this order. `accounts` shows their effect at once; the rows are
   * written at the end of the command, one statement a table. @throws InvariantViolation when a journal is unbalanced.
   */
  post(journals: readonly Journal[]): Promise<void>;
  /** Changes the margin mode of a locked account; `accounts` shows it at once, and the account is judged by it at the end. */
  setMarginMode(account: AccountId, mode: MarginMode): Promise<void>;
  /** Which of these journal keys are in the ledger already, this command's own posts included. */
  posted(keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** What a locked account owed, and to whom, when the command began. */
  debts(debtor: AccountId): Promise<readonly Debt[]>;
  /** What accounts of others lack, and what the fund has, at the last verdicts; nobody is locked for it. */
  fundCover(): Promise<FundCover>;
  readonly cases: CaseTransaction;
  readonly auctions: AuctionTransaction;
}

/** Liquidation records inside the same transaction. */
export interface CaseTransaction {
  /**
   * What may be decided now. Whoever pauses a stage waits for the commands that have asked this, so none of them commits
   * after the pause has been answered. Ask once, before deciding.
   */
  permission(): Promise<Permission>;
  openCase(account: AccountId): Promise<LiquidationCase | null>;
  step(account: AccountId, epoch: number, step: number): Promise<LiquidationStep | null>;
  /**
   * Records the intent and its orders, which the venue may accept for `orderLifetimeMs` from now by the database's clock.
   * Answers the step in the hands of whoever intended it. @throws InvariantViolation when the step exists already.
   */
  intend(step: NewStep, orders: readonly NewVenueOrder[], orderLifetimeMs: number): Promise<ClaimedStep>;
  /** The fills of these steps, of different accounts, that are booked already: by id, whose they are. */
  bookedFills(steps: readonly StepId[]): Promise<ReadonlyMap<string, AccountId>>;
  /**
   * Records new fills and how orders ended, for steps of different accounts; the steps stay INTENT. Cost: three statements
   * at most, however many steps.
   * @throws DatabaseFault `ConstraintRefused` when one of the steps has been taken over
   * (`liquidation_step_worked_by_its_holder`) or is done (`liquidation_step_done_once`).
   */
  book(bookings: readonly StepBooking[]): Promise<void>;
  /** Marks the step DONE with its result. @throws as `book`. */
  complete(hold: StepHold, result: Json): Promise<void>;
  /** The same for steps of different accounts, in one statement. */
  completeAll(completions: readonly StepCompletion[]): Promise<void>;
  /** Moves the case on; `worked` is the snapshot at which nothing more is to be done for now. */
  advance(account: AccountId, epoch: number, to: CaseProgress): Promise<void>;
  /** The same for cases of different accounts, in one statement. */
  advanceAll(moves: readonly CaseMove[]): Promise<void>;
}
