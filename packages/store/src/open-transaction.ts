import { setImmediate as nextTurn } from "node:timers/promises";
import { applyJournal, assertBalanced, instrumentOf, type Journal } from "@ballast/ledger";
import {
  type Account,
  type AccountHealth,
  type AccountId,
  type AssetId,
  assertInvariant,
  compareIds,
  type InstrumentId,
  type MarginMode,
  type MarketSnapshot,
  type RiskParameters,
} from "@ballast/model";
import { type AuctionTransaction, auctionsOfTransaction } from "./auction-transaction.js";
import type { AccountTransaction, CaseTransaction, Command } from "./command.js";
import { CasesOfTransaction } from "./case-transaction.js";
import { type Debt, readDebts } from "./debts.js";
import { type FundCover, readFundCover } from "./fund-cover.js";
import type { Json } from "./json.js";
import type { AccountState, ChainHead } from "./rows/account-row.js";
import { textArray } from "./rows/arrays.js";
import type { Assess } from "./assess.js";
import type { Session } from "./unit-of-work.js";
import { isBreach, openCases } from "./write-cases.js";
import type { MovingHeads } from "./posting-chain.js";
import { type Judged, writeHealth } from "./write-health.js";
import { writeJournals } from "./write-journals.js";
import { type ChangedAccount, writeProjections } from "./write-projections.js";
import { type Change, commandName } from "./write-records.js";

/** Journals in one insert. Large enough that a statement's own cost does not count, small enough to overlap. */
const CHUNK = 250;

/** The fault of a chunk is thrown where its writing is awaited; until then it must not end the process. */
const ignoreUntilAwaited = (): void => undefined;

/** Which balances and positions of an account the journals of this command touched. */
interface Touched {
  readonly assets: Set<AssetId>;
  readonly instruments: Set<InstrumentId>;
}

/**
 * The accounts of one command between lock and commit: what was posted is folded into them at once and written at the
 * end, so that a batch of a thousand fills costs as many round trips as one deposit.
 */
export class OpenTransaction implements AccountTransaction {
  readonly accounts: ReadonlyMap<AccountId, Account>;
  readonly cases: CaseTransaction;
  readonly auctions: AuctionTransaction;

  private readonly current: Map<AccountId, Account>;
  private readonly heads: MovingHeads;
  private unwritten: Journal[] = [];
  private writing: Promise<void> = Promise.resolve();
  private readonly keys = new Set<string>();
  private readonly touched = new Map<AccountId, Touched>();
  private readonly changedModes = new Set<AccountId>();
  private readonly caseRecords: CasesOfTransaction;

  constructor(
    private readonly session: Session,
    private readonly command: Command,
    private readonly states: ReadonlyMap<AccountId, AccountState>,
    readonly market: MarketSnapshot | null,
    readonly parameters: RiskParameters,
    private readonly assess: Assess,
  ) {
    this.current = new Map([...states].map(([id, state]) => [id, state.account]));
    this.heads = new Map([...states].map(([id, state]) => [id, { ...state.head }]));
    this.accounts = this.current;
    this.caseRecords = new CasesOfTransaction(session, states, command.at, parameters.version);
    this.cases = this.caseRecords;
    this.auctions = auctionsOfTransaction(session, command.at, (id) => this.account(id));
  }

  account(id: AccountId): Account {
    const account = this.current.get(id);
    assertInvariant(account !== undefined, "STORE-4 only locked accounts are read and changed", () => ({
      account: id,
    }));
    return account;
  }

  async post(journals: readonly Journal[]): Promise<void> {
    for (const journal of journals) {
      assertBalanced(journal);
      assertInvariant(!this.keys.has(journal.key), "LEDGER-1 a journal key is used once", () => ({ key: journal.key }));
      const parties = new Set(journal.postings.map((posting) => posting.account));
      for (const party of parties) this.current.set(party, applyJournal(this.account(party), journal));
      for (const posting of journal.postings) this.touch(posting);
      this.keys.add(journal.key);
      this.unwritten.push(journal);
      if (this.unwritten.length === CHUNK) await this.writeChunk();
    }
  }

  /**
   * Sends what was posted to the database, which inserts it while the next journals are being made here. A failure
   * meets whoever waits for the writing next: the next chunk, or the end of the command.
   */
  private async writeChunk(): Promise<void> {
    await this.writing;
    const written = writeJournals(this.session, commandName(this.command), this.unwritten, this.heads);
    this.unwritten = [];
    written.catch(ignoreUntilAwaited);
    this.writing = written;
    await nextTurn();
  }

  async setMarginMode(id: AccountId, mode: MarginMode): Promise<void> {
    const account = this.account(id);
    if (account.marginMode === mode) return;
    await this.session.query("UPDATE account SET margin_mode = $2 WHERE id = $1", [id, mode]);
    this.current.set(id, { ...account, marginMode: mode });
    this.changedModes.add(id);
  }

  async posted(keys: readonly string[]): Promise<ReadonlySet<string>> {
    const { rows } = await this.session.query<{ key: string }>({
      name: "posted-keys",
      text: "SELECT key FROM journal WHERE key = ANY($1::text[])",
      values: [textArray(keys)],
    });
    const found = new Set(rows.map((row) => row.key));
    for (const key of keys) if (this.keys.has(key)) found.add(key);
    return found;
  }

  debts(debtor: AccountId): Promise<readonly Debt[]> {
    this.account(debtor);
    return readDebts(this.session, debtor);
  }

  fundCover(): Promise<FundCover> {
    return readFundCover(this.session);
  }

  /**
   * Judges, writes everything, and answers one change for each account that was posted to, changed its margin mode, had its
   * case moved or opened. Order of statements: journals, projections, verdicts, cases.
   */
  async finish(): Promise<readonly Change[]> {
    if (this.unwritten.length > 0) await this.writeChunk();
    await this.writing;
    if (this.touched.size > 0) await writeProjections(this.session, this.changedAccounts());
    const judged = this.judge();
    const opened = await this.store(judged);
    const verdicts = new Map(judged.map((one) => [one.account, one.health]));
    const changed = new Set([
      ...this.touched.keys(),
      ...this.changedModes,
      ...this.caseRecords.touched,
      ...opened.keys(),
    ]);
    return [...changed].sort(compareIds).map((account) => ({
      topic: "account.changed",
      account,
      facts: this.factsOf(account, verdicts.get(account), opened.get(account)),
    }));
  }

  private touch(posting: Journal["postings"][number]): void {
    let touched = this.touched.get(posting.account);
    if (touched === undefined) {
      touched = { assets: new Set(), instruments: new Set() };
      this.touched.set(posting.account, touched);
    }
    const instrument = instrumentOf(posting.book);
    if (instrument !== null) touched.instruments.add(instrument);
    else if (posting.book === "collateral") touched.assets.add(posting.asset as AssetId);
  }

  private changedAccounts(): readonly ChangedAccount[] {
    return [...this.touched].map(([id, touched]) => ({
      account: this.account(id),
      head: this.heads.get(id) as ChainHead,
      ...touched,
    }));
  }

  /** Everybody who was posted to, and everybody whose stored verdict is older than the latest snapshot or of another mode. */
  private judge(): readonly Judged[] {
    const market = this.market;
    if (market === null) return [];
    return [...this.states]
      .filter(
        ([id, { verdict }]) =>
          this.touched.has(id) ||
          verdict === null ||
          verdict.sequence < market.sequence ||
          verdict.marginMode !== this.account(id).marginMode,
      )
      .map(([id]) => ({
        account: id,
        marginMode: this.account(id).marginMode,
        postingSequence: (this.heads.get(id) as ChainHead).sequence,
        health: this.assess(this.account(id), market, this.parameters),
      }));
  }

  private async store(judged: readonly Judged[]): Promise<ReadonlyMap<AccountId, number>> {
    const { market, parameters } = this;
    if (market === null || judged.length === 0) return new Map();
    const at = { sequence: market.sequence, parametersVersion: parameters.version, at: this.command.at };
    const stored = await writeHealth(this.session, at, judged);
    const breaches = judged
      .filter(({ account }) => stored.has(account))
      .filter(({ account, health }) => isBreach(this.account(account), health, market, parameters))
      .filter(({ account }) => this.caseRecords.openEpoch(account) === null)
      .map(({ account }) => account);
    return openCases(this.session, breaches, market.sequence, this.command.at);
  }

  private factsOf(
    account: AccountId,
    health: AccountHealth | undefined,
    opened: number | undefined,
  ): { readonly [name: string]: Json } {
    return {
      postingsFrom: (this.states.get(account)?.head.sequence ?? 0) + 1,
      postingsTo: this.heads.get(account)?.sequence ?? 0,
      marketSequence: this.market?.sequence ?? null,
      parametersVersion: this.parameters.version,
      state: health?.state ?? null,
      caseOpened: opened ?? null,
      ...(this.changedModes.has(account) ? { marginMode: this.account(account).marginMode } : {}),
    };
  }
}
