import type { AccountId, Rejection, Result, RiskParameters, UtcMillis } from "@ballast/model";
import type { Access } from "./access.repository.js";
import type { Accounts, Holding } from "./accounts.repository.js";
import type { AccountStage, StageOf } from "./account-stages.js";
import type { Assess, AssessAll } from "./assess.js";
import type { Auctions } from "./auctions.repository.js";
import type { AuditTrail } from "./audit.js";
import type { AccountTransaction, Command, CommandAnswer } from "./command.js";
import type { DueQuestion, DueWork } from "./due-work.js";
import type { Journals } from "./journals.repository.js";
import type { Json } from "./json.js";
import type { LedgerCheck } from "./ledger-check.js";
import type { LiquidationControl } from "./liquidation-control.js";
import type { AccountAtHand, ClaimedStep, StepHold, StepId } from "./liquidation-records.js";
import type { Liquidations } from "./liquidations.repository.js";
import type { Fundings } from "./fundings.js";
import type { LiveMarkets } from "./live-market.repository.js";
import type { PersonPrices } from "./person-prices.js";
import type { Market } from "./market.repository.js";
import type { OutboxReader } from "./outbox.js";
import type { ParameterVersions } from "./risk-params.repository.js";
import type { ScanResult } from "./scan.js";
import type { Summary } from "./summary.js";
import type { ChainReport } from "./verify-chains.js";

export interface StoreOptions {
  readonly databaseUrl: string;
  readonly assess: Assess;
  /** How near an account is to a liquidation; without it no early stages are kept. */
  readonly stageOf?: StageOf;
  /** Validates saved parameters and makes them ours; the apps hand in risk-core's `loadRiskParameters`. */
  readonly loadParameters: (content: unknown) => RiskParameters;
  /** Connections of this process; 10 unless said. */
  readonly poolMax?: number;
  /** Milliseconds a statement may run; 30,000 unless said. */
  readonly statementTimeoutMs?: number;
  /** Milliseconds to wait for a lock; 10,000 unless said. */
  readonly lockTimeoutMs?: number;
  /** Name of this process in `pg_stat_activity`. */
  readonly applicationName?: string;
}

/** Chapter 9: memory. The only door to PostgreSQL. Whatever it throws of the database is a fault of `faults.ts`. */
export interface Store
  extends Accounts,
    Market,
    LiveMarkets,
    PersonPrices,
    Fundings,
    ParameterVersions,
    Journals,
    Liquidations,
    LiquidationControl,
    Auctions,
    OutboxReader,
    AuditTrail,
    Access {
  /**
   * Runs `work` in one transaction under the row locks of `accounts` (ascending id), once per (scope, key).
   * A rejection from `work` rolls everything back, the key included. Serialization failures and deadlocks are retried,
   * so `work` may run several times and must keep nothing outside the transaction.
   * Rejects with ACCOUNT_UNKNOWN when an account does not exist, ACCOUNT_FROZEN when one is frozen,
   * IDEMPOTENCY_KEY_REUSED on another fingerprint.
   */
  runCommand<Response extends Json>(
    command: Command,
    accounts: readonly AccountId[],
    work: (transaction: AccountTransaction) => Promise<Result<Response, Rejection>>,
  ): Promise<Result<CommandAnswer<Response>, Rejection>>;

  /**
   * Judges every account at a published snapshot: opens cases, of which `breached` hears at once; when it has answered,
   * stores the verdicts and marks it SCANNED. A second scan of the same snapshot changes nothing. What a command finds out meanwhile is never
   * overwritten.
   */
  scanSnapshot(
    sequence: number,
    assessAll?: AssessAll,
    breached?: (accounts: readonly AccountId[]) => Promise<void> | void,
  ): Promise<ScanResult>;
  /**
   * Every account with what it holds, by id, all of one moment. Cost: one statement, and the reading of what has moved since
   * this process read or scanned them last.
   */
  holdings(): Promise<readonly Holding[]>;
  /** Everything that is due, from the tables alone; THOROUGH unless said. */
  dueWork(question?: DueQuestion): Promise<DueWork>;
  /** Takes over a step that is intended, not done, and not held by somebody else; null when there is none. */
  claimStep(step: StepId): Promise<ClaimedStep | null>;
  /** Accounts in an early stage, by id, as the last scan left them. */
  accountStages(): Promise<readonly AccountStage[]>;
  /** Lets others take the step at once. */
  letGo(hold: StepHold): Promise<void>;
  /** Steps of an account that are intended, not done, and not held. */
  freeSteps(account: AccountId): Promise<readonly StepId[]>;
  /** What a look at an account begins with: its newest case, its free steps, the newest sequence. */
  atHand(account: AccountId): Promise<AccountAtHand>;
  /** Marks a scanned snapshot SETTLED; false, with nothing changed, while work is due at it or it is not scanned yet. */
  settleSnapshot(sequence: number): Promise<boolean>;
  /** Runs `work` unless another worker is inside the same call, in which case the answer is null at once. */
  withWaterfallLock<Answer>(work: () => Promise<Answer>): Promise<Answer | null>;

  /** Audits the whole ledger at one moment: sums, open interest, chains, projections. */
  ledgerCheck(): Promise<LedgerCheck>;
  /** Recomputes every hash chain at one moment, a page of postings at a time. */
  verifyChains(): Promise<ChainReport>;
  /** Adds up what has happened. */
  summary(): Promise<Summary>;

  /** The database's clock: the one clock that all workers share. */
  now(): Promise<UtcMillis>;
  /** Does the database answer? @throws DatabaseFault when it does not. */
  ping(): Promise<void>;
  /** Waits for what is under way and gives all connections back. */
  close(): Promise<void>;
}
