import { emptyAccount, type FillTerms, type Journal } from "@ballast/ledger";
import {
  type Account,
  type AccountHealth,
  type AccountId,
  type AccountKind,
  assertInvariant,
  type CaseOutcome,
  type CaseStage,
  compareIds,
  type Instrument,
  type InstrumentId,
  type MarketSnapshot,
  type RiskParameters,
  toUtcMillis,
  type UtcMillis,
} from "@ballast/model";
import type { Price, Quantity, Ratio } from "@ballast/money";
import type { TakeoverPlan } from "@ballast/risk-core";
import type { Random } from "../random.js";
import { type Job, ModelQueue, type QueueFaults } from "./queue.js";
import type { Rules } from "./rules.js";

/*
 * The memory of a house in one value: what PostgreSQL would keep (accounts, journals, keys, cases, steps, snapshots), what
 * the venue keeps, what the queue holds, and what workers carry in their heads. Only the last two can be lost.
 *
 * Time is a number that the market moves on; ids are counted. Nothing here asks a clock, a die or the machine.
 */

export type SnapshotStatus = "NEW" | "SCANNED" | "SETTLED";

export interface Case {
  readonly account: AccountId;
  readonly epoch: number;
  stage: CaseStage;
  outcome: CaseOutcome | null;
  /** The snapshot at which nothing more is to be done for now. */
  worked: number;
  steps: number;
}

export interface VenueOrder {
  readonly clientOrderId: string;
  readonly account: AccountId;
  readonly instrument: InstrumentId;
  /** Signed as a trade of the account. */
  readonly quantity: Quantity;
}

export interface VenueFill {
  readonly order: VenueOrder;
  readonly maker: AccountId;
  readonly price: Price;
}

export interface Step {
  readonly id: string;
  readonly kind: "REDUCE" | "DISPOSE";
  readonly account: AccountId;
  readonly epoch: number;
  readonly sequence: number;
  readonly orders: readonly VenueOrder[];
  /** The account as it stood when the step was intended. */
  readonly standing: Account;
  status: "INTENT" | "DONE";
}

/** What a worker is in the middle of. Lost when it crashes. */
export interface Task {
  readonly step: Step;
  /** Absent until the venue has answered. */
  readonly fills: readonly VenueFill[] | null;
}

/** What a trade was agreed at; the ledger itself only knows what it cost. */
export interface TradeTerms {
  readonly instrument: Instrument;
  readonly buyer: AccountId;
  readonly seller: AccountId;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly buyerRate: Ratio;
  readonly sellerRate: Ratio;
}

export type DeedKind = "DEPOSIT" | "WITHDRAWAL" | "TRANSFER" | "FILL" | "REDUCE" | "TAKEOVER" | "DISPOSE";

/** One committed transaction, as the invariants look at it. */
export interface Deed {
  readonly kind: DeedKind;
  /** Whose own action it was; empty for the house's. */
  readonly actors: readonly AccountId[];
  /** The step that was finished; absent when the house did not reduce anybody. */
  readonly step?: Step | undefined;
  /** The takeover that was posted. */
  readonly plan?: TakeoverPlan | undefined;
  readonly before: ReadonlyMap<AccountId, Account>;
  readonly journals: readonly Journal[];
}

/** What has happened so far, for the report. */
export interface Tally {
  rejected: number;
  replayed: number;
  crashes: number;
  casesOpened: number;
  outcomes: Map<CaseOutcome, number>;
}

export interface WorldOptions {
  readonly parameters: RiskParameters;
  readonly market: MarketSnapshot;
  readonly rules: Rules;
  readonly faults: QueueFaults;
}

export class World {
  readonly parameters: RiskParameters;
  readonly rules: Rules;
  readonly accounts = new Map<AccountId, Account>();
  readonly journals: Journal[] = [];
  readonly journalKeys = new Set<string>();
  /** Terms of every trade by its journal's key. */
  readonly trades = new Map<string, TradeTerms>();
  readonly snapshots = new Map<number, MarketSnapshot>();
  readonly statuses = new Map<number, SnapshotStatus>();
  readonly openCases = new Map<AccountId, Case>();
  readonly closedCases: Case[] = [];
  readonly epochs = new Map<AccountId, number>();
  readonly steps = new Map<string, Step>();
  readonly venueFills = new Map<string, VenueFill>();
  readonly queue = new ModelQueue();
  readonly tasks: Task[] = [];
  /** Deeds since they were last looked at. */
  readonly deeds: Deed[] = [];
  readonly tally: Tally = { rejected: 0, replayed: 0, crashes: 0, casesOpened: 0, outcomes: new Map() };
  market: MarketSnapshot;
  faults: QueueFaults;
  private counter = 0;

  constructor(options: WorldOptions) {
    this.parameters = options.parameters;
    this.rules = options.rules;
    this.market = options.market;
    this.faults = options.faults;
    this.snapshots.set(options.market.sequence, options.market);
    this.statuses.set(options.market.sequence, "NEW");
  }

  get now(): UtcMillis {
    return this.market.at;
  }

  /** A new id with a name in front: "deposit.17". */
  nextId(name: string): string {
    this.counter += 1;
    return `${name}.${this.counter}`;
  }

  open(id: AccountId, kind: AccountKind, parent: AccountId | null = null): void {
    assertInvariant(!this.accounts.has(id), "SIM an account is opened once", { id });
    this.accounts.set(id, emptyAccount(id, kind, parent));
  }

  account(id: AccountId): Account {
    const account = this.accounts.get(id);
    assertInvariant(account !== undefined, "SIM a named account exists", { id });
    return account;
  }

  idsOfKind(kind: AccountKind): AccountId[] {
    return [...this.accounts.values()]
      .filter((account) => account.kind === kind)
      .map((account) => account.id)
      .sort(compareIds);
  }

  /** As the house judges it, at the latest snapshot. */
  health(account: Account): AccountHealth {
    return this.rules.assess(account, this.market, this.parameters);
  }

  /** The journal of a trade between two accounts as they stand now, or as `standing` says they will. */
  tradeJournal(
    key: string,
    kind: FillTerms["kind"],
    terms: TradeTerms,
    standing: ReadonlyMap<AccountId, Account> = this.accounts,
  ): Journal {
    const { instrument, quantity, price } = terms;
    this.trades.set(key, terms);
    return this.rules.fill({
      key,
      kind,
      at: this.now,
      instrument,
      buyer: standing.get(terms.buyer) ?? this.account(terms.buyer),
      seller: standing.get(terms.seller) ?? this.account(terms.seller),
      quantity,
      price,
      buyerFee: this.rules.fee(instrument, quantity, price, terms.buyerRate),
      sellerFee: this.rules.fee(instrument, quantity, price, terms.sellerRate),
    });
  }

  /** Takes a snapshot; an older or equal one is refused. */
  publish(market: MarketSnapshot, random: Random): boolean {
    if (!this.rules.isNewer(market.sequence, this.market.sequence)) return false;
    this.market = market;
    this.snapshots.set(market.sequence, market);
    this.statuses.set(market.sequence, "NEW");
    this.wake({ kind: "SCAN", sequence: market.sequence }, random);
    return true;
  }

  wake(job: Job, random: Random): void {
    this.queue.push(job, random, this.faults);
  }

  /**
   * Commits journals as one transaction and opens cases for what it left below maintenance margin. Journals whose key is
   * in the ledger already are dropped: their effect has happened.
   */
  commit(
    kind: DeedKind,
    who: { readonly actors?: readonly AccountId[]; readonly step?: Step; readonly plan?: TakeoverPlan },
    journals: readonly Journal[],
    random: Random,
  ): void {
    const fresh = journals.filter((journal) => this.rules.isFresh(journal.key, this.journalKeys));
    this.tally.replayed += journals.length - fresh.length;
    const touched = [...new Set(fresh.flatMap((journal) => journal.postings.map((posting) => posting.account)))];
    const before = new Map(touched.map((id) => [id, this.account(id)]));
    for (const journal of fresh) {
      this.journals.push(journal);
      this.journalKeys.add(journal.key);
      for (const id of new Set(journal.postings.map((posting) => posting.account))) {
        this.accounts.set(id, this.rules.apply(this.account(id), journal));
      }
    }
    this.deeds.push({ kind, actors: who.actors ?? [], step: who.step, plan: who.plan, before, journals: fresh });
    for (const id of touched) this.openCaseIfDue(id, random);
  }

  /** Opens a case for an account that is below maintenance margin, unless one is open. */
  openCaseIfDue(id: AccountId, random: Random): void {
    if (this.openCases.has(id)) return;
    const { state } = this.health(this.account(id));
    if (state !== "LIQUIDATABLE" && state !== "BANKRUPT") return;
    const epoch = (this.epochs.get(id) ?? 0) + 1;
    this.epochs.set(id, epoch);
    this.openCases.set(id, { account: id, epoch, stage: "REDUCE", outcome: null, worked: 0, steps: 0 });
    this.tally.casesOpened += 1;
    this.wake({ kind: "LOOK_AGAIN", account: id }, random);
  }

  /** Is an order of the house on its way for this account, intended and not posted yet? */
  hasOrdersOut(id: AccountId): boolean {
    for (const step of this.steps.values()) if (step.account === id && step.status === "INTENT") return true;
    return false;
  }

  closeCase(opened: Case, outcome: CaseOutcome): void {
    opened.stage = "CLOSED";
    opened.outcome = outcome;
    this.openCases.delete(opened.account);
    this.closedCases.push(opened);
    this.tally.outcomes.set(outcome, (this.tally.outcomes.get(outcome) ?? 0) + 1);
  }

  reject(): void {
    this.tally.rejected += 1;
  }

  tallyCrash(): void {
    this.tally.crashes += 1;
  }
}

/** Moves a time on by whole milliseconds. */
export function later(at: UtcMillis, millis: number): UtcMillis {
  return toUtcMillis(at + millis);
}
