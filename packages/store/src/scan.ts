import { setImmediate as nextTurn } from "node:timers/promises";
import {
  type Account,
  type AccountHealth,
  type AccountId,
  assertInvariant,
  compareIds,
  type HealthState,
  type MarginMode,
  type MarketSnapshot,
} from "@ballast/model";
import type { Pool } from "pg";
import { moveStages } from "./account-stages.js";
import type { AssessAll } from "./assess.js";
import { readTogether } from "./reading.js";
import { textArray } from "./rows/arrays.js";
import { fromBigint } from "./rows/integers.js";
import type { CommandSetting } from "./run-command.js";
import type { ScannedAccount, ScannedAccounts } from "./scanned-accounts.js";
import { inTransaction, keep, type Session } from "./unit-of-work.js";
import { isBreach, isOfTheHouse, openCases } from "./write-cases.js";
import { type Judged, type Judgement, writeHealth } from "./write-health.js";

/** What a scan found. `scanned` is false when the snapshot had been scanned before and nothing was done now. */
export interface ScanResult {
  readonly sequence: number;
  readonly scanned: boolean;
  readonly states: Readonly<Record<HealthState, number>>;
  /** Accounts whose new case this scan opened, by id. */
  readonly opened: readonly AccountId[];
}

/** Accounts that are judged before all others. */
const NEAREST_FIRST = 500;

/** Verdicts reached, and written, in one go: few enough that this process is not kept from its cases. */
const AT_A_TIME = 500;

/*
 * A scan judges every account at a snapshot without locking them all: it would otherwise wait for every command, and
 * every command for it. Breaches come first: their verdicts and cases are committed before the verdicts of everybody else
 * are written, which takes longer than all the judging. And the accounts that stood nearest to liquidation when they were
 * last judged come before all others: whoever falls is nearly always among them, and to read and judge a few hundred takes a
 * twentieth of the time. That is an order and not a choice: everybody is read and judged after them, they too. What makes
 * that safe:
 *
 * - Accounts are read at one moment, so each is judged as it was then, up to a posting that is noted.
 * - A verdict is stored only over a verdict on an older state (write-health.ts), so what a command has found out since
 *   stays. If that command used older prices, the stored verdict is behind the snapshot, and `dueWork` names the account.
 * - A breach is locked before its case is opened, and looked at again: if its account has moved, its own command has
 *   judged it, or `dueWork` names it.
 * - A scan that ends in between has opened cases that are due anyway; the next one finds the snapshot still NEW.
 *
 * Whoever hears of the breaches may keep the scan waiting while it acts on them: the verdicts of everybody else, ten
 * thousand rows, would otherwise compete with the first effects for this process and for the database.
 *
 * Locks of accounts are taken before any verdict is written, in ascending id order: the order that commands use.
 */

/**
 * Judges every account at a published snapshot, opens cases, stores the verdicts, and marks the snapshot SCANNED. Scanning
 * again changes nothing. `breached` hears of the accounts whose cases have been opened as soon as they are, and the scan
 * goes on when it answers.
 *
 * Cost: some ten statements and one for each 500 accounts; reading what has moved since this process looked last, judging, and writing all verdicts.
 *
 * @method STORE-7 STORE-8
 */
export async function scanSnapshot(
  { pool, memory, assess, stageOf }: CommandSetting,
  scanned: ScannedAccounts,
  sequence: number,
  assessAll?: AssessAll,
  breached: (accounts: readonly AccountId[]) => Promise<void> | void = () => undefined,
): Promise<ScanResult> {
  const seen = await readTogether(pool, async (session) => {
    const { status, latestParameters } = await statusOf(session, sequence);
    if (status !== "NEW") return null;
    const market = await memory.snapshot(session, sequence);
    const parameters = await memory.parameters(session, latestParameters);
    return { market, parameters, nearest: await scanned.readNearest(session, NEAREST_FIRST) };
  });
  if (seen === null) {
    const states = await readTogether(pool, countStates);
    return { sequence, scanned: false, states, opened: [] };
  }
  const { market, parameters, nearest } = seen;
  const judgement = { sequence, parametersVersion: parameters.version, at: market.at };
  const judge = assessAll ?? ((accounts) => accounts.map((one) => assess(one, market, parameters)));
  const judgeAndOpen = async (states: readonly ScannedAccount[]) => {
    const judged = await judgeAll(states, (accounts) => judge(accounts, market, parameters));
    const breaches = judged.filter(({ health }, index) => {
      const { account, openEpoch } = states[index] as ScannedAccount;
      return openEpoch === null && isBreach(account, health, market, parameters);
    });
    const opened = await openCasesOf(pool, breaches, judgement, market);
    if (opened.length > 0) await breached(opened);
    return { judged, opened };
  };
  const first = await judgeAndOpen(nearest);
  const states = await readTogether(pool, (session) => scanned.read(session));
  const { judged, opened: others } = await judgeAndOpen(states);
  const opened = [...first.opened, ...others].sort(compareIds);
  return inTransaction<ScanResult>(pool, async (session) => {
    if (!(await lockIfNew(session, sequence))) {
      return keep({ sequence, scanned: false, states: await countStates(session), opened });
    }
    const told = new Set(opened);
    const untold = judged.filter(({ account }) => !told.has(account));
    for (const some of slices(untold)) await writeHealth(session, judgement, some);
    const margined = judged.filter((_, index) => !isOfTheHouse((states[index] as ScannedAccount).account.kind));
    if (stageOf !== undefined) await moveStages(session, judgement, margined, stageOf);
    await session.query("UPDATE market_snapshot SET status = 'SCANNED' WHERE sequence = $1", [sequence]);
    return keep({ sequence, scanned: true, states: await countStates(session), opened });
  });
}

/** Judges these accounts, and lets this process do something else now and then. */
async function judgeAll(
  states: readonly ScannedAccount[],
  judge: (accounts: readonly Account[]) => readonly AccountHealth[],
): Promise<readonly Judged[]> {
  const judged: Judged[] = [];
  for (const some of slices(states)) {
    const verdicts = judge(some.map(({ account }) => account));
    assertInvariant(verdicts.length === some.length, "STORE-7 a scan judges every account", { accounts: some.length });
    some.forEach(({ account, postingSequence }, index) =>
      judged.push({
        account: account.id,
        marginMode: account.marginMode,
        postingSequence,
        health: verdicts[index] as AccountHealth,
      }),
    );
    await nextTurn();
  }
  return judged;
}

function* slices<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let from = 0; from < items.length; from += AT_A_TIME) yield items.slice(from, from + AT_A_TIME);
}

async function statusOf(session: Session, sequence: number) {
  const { rows } = await session.query<{ status: string; latest_parameters: number | null }>(
    `SELECT status, (SELECT max(version) FROM risk_parameters) AS latest_parameters
       FROM market_snapshot WHERE sequence = $1`,
    [sequence],
  );
  const row = rows[0];
  assertInvariant(row !== undefined, "STORE-8 a scan is of a published snapshot", { sequence });
  return { status: row.status, latestParameters: row.latest_parameters };
}

async function lockIfNew(session: Session, sequence: number): Promise<boolean> {
  const { rows } = await session.query<{ status: string }>(
    "SELECT status FROM market_snapshot WHERE sequence = $1 FOR NO KEY UPDATE",
    [sequence],
  );
  return rows[0]?.status === "NEW";
}

/** Opens the cases of breaches that are still as they were judged and have none, and answers whose those are. */
async function openCasesOf(
  pool: Pool,
  breaches: readonly Judged[],
  judgement: Judgement,
  market: MarketSnapshot,
): Promise<readonly AccountId[]> {
  if (breaches.length === 0) return [];
  return inTransaction(pool, async (session) => {
    const still = await lockUnmoved(session, breaches);
    const open = await openAmong(session, still);
    const missing = still.filter(({ account }) => !open.has(account));
    const stored = await writeHealth(session, judgement, missing);
    const opened = missing.map(({ account }) => account).filter((account) => stored.has(account));
    await openCases(session, opened, market.sequence, market.at);
    return keep(opened);
  });
}

/** Locks these accounts, and answers those that are as they were judged: not posted to since, and in the same margin mode. */
async function lockUnmoved(session: Session, breaches: readonly Judged[]): Promise<readonly Judged[]> {
  const { rows } = await session.query<{ id: AccountId; last_posting_seq: string; margin_mode: MarginMode }>(
    "SELECT id, last_posting_seq, margin_mode FROM account WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE",
    [textArray(breaches.map(({ account }) => account))],
  );
  const heads = new Map(rows.map((row) => [row.id, row]));
  return breaches.filter(({ account, postingSequence, marginMode }) => {
    const head = heads.get(account);
    return (
      head !== undefined && fromBigint(head.last_posting_seq) === postingSequence && head.margin_mode === marginMode
    );
  });
}

/** Which of these have a case by now: a command may have opened one between our reading and our lock. */
async function openAmong(session: Session, breaches: readonly Judged[]): Promise<ReadonlySet<AccountId>> {
  const { rows } = await session.query<{ account_id: AccountId }>(
    "SELECT account_id FROM liquidation_case WHERE account_id = ANY($1::text[]) AND stage <> 'CLOSED'",
    [textArray(breaches.map(({ account }) => account))],
  );
  return new Set(rows.map((row) => row.account_id));
}

async function countStates(session: Session): Promise<ScanResult["states"]> {
  const { rows } = await session.query<{ state: HealthState; accounts: number }>(
    "SELECT state, count(*)::int AS accounts FROM account_health GROUP BY state",
  );
  const states = { HEALTHY: 0, MARGIN_CALL: 0, LIQUIDATABLE: 0, BANKRUPT: 0 };
  for (const { state, accounts } of rows) states[state] = accounts;
  return states;
}
