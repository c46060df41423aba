export type { Json } from "./json.js";
export type { AccountTransaction, CaseTransaction, Command, CommandAnswer } from "./command.js";
export type {
  CaseProgress,
  ClaimedStep,
  EndedOrder,
  LiquidationCase,
  LiquidationStep,
  NewStep,
  NewVenueOrder,
  Pause,
  Permission,
  Signature,
  StepFault,
  StepGround,
  AccountAtHand,
  CaseMove,
  StepBooking,
  StepHold,
  StepId,
  TroubledStep,
  VenueFill,
  VenueOrder,
} from "./liquidation-records.js";
export type { AuctionTransaction } from "./auction-transaction.js";
export type { Auctions } from "./auctions.repository.js";
export type { AuctionOutcome, BackstopProvider, NewAuction, TakeoverAuction } from "./auction-records.js";
export type { LiquidationControl, PauseAnswer } from "./liquidation-control.js";
export { FAILURES_MAX } from "./liquidation-control.js";
export type { HealthRecord } from "./health-record.js";
export type { AccountStage, StageOf } from "./account-stages.js";
export type { Assess, AssessAll } from "./assess.js";
export type { Store, StoreOptions } from "./store.js";
export type {
  AccountListing,
  AccountQuery,
  Accounts,
  AccountStanding,
  Holding,
  NewAccount,
  Page,
} from "./accounts.repository.js";
export type {
  Access,
  AdminSession,
  AdminUser,
  ApiKey,
  NewApiKey,
} from "./access.repository.js";
export type { AuditQuery, AuditRecord, AuditTrail } from "./audit.js";
export type { Debt } from "./debts.js";
export type { FundCover } from "./fund-cover.js";
export type { DueQuestion, DueWork } from "./due-work.js";
export type { EntryQuery, Journals, LedgerEntry } from "./journals.repository.js";
export type { LedgerCheck, OpenInterest, ProjectionDifference } from "./ledger-check.js";
export { assertLedgerInOrder } from "./ledger-check.js";
export type { CaseJournal, CaseQuery, Liquidations } from "./liquidations.repository.js";
export type { OutboxEvent, OutboxReader } from "./outbox.js";
export type { ScanResult } from "./scan.js";
export type { Summary } from "./summary.js";
export type { BrokenChain, ChainReport } from "./verify-chains.js";
export { sha256 } from "./posting-chain.js";
export type { IndexRecord, KeptMarket, LiveMarkets, LivePublication } from "./live-market.repository.js";
export type { FundingDue, FundingRecord, Fundings, FundingTerms, PayFunding } from "./fundings.js";
export type { PersonPrice, PersonPrices } from "./person-prices.js";
export type { Market, SnapshotStatus } from "./market.repository.js";
export type { ParameterVersions } from "./risk-params.repository.js";
export {
  ConstraintRefused,
  DatabaseFault,
  DatabaseUnavailable,
  LockTimedOut,
  StatementTimedOut,
  TransactionConflict,
  ValueOutOfRange,
} from "./faults.js";
export { EstimatesNeeded } from "./risk-params.repository.js";
export { ParametersMissing } from "./market-memory.js";
export { applyMigrations, MIGRATIONS_FOLDER, MigrationRefused } from "./migrate.js";
export { openStore } from "./open-store.js";
