import {
  type AccountId,
  assertInvariant,
  type HealthState,
  type MarketSnapshot,
  type RiskParameters,
} from "@ballast/model";
import { loadAllStates } from "./accounts.repository.js";
import type { AccountState } from "./rows/account-row.js";
import { textArray } from "./rows/arrays.js";
import { fromBigint } from "./rows/integers.js";
import type { CommandSetting } from "./run-command.js";
import type { AssessAll } from "./assess.js";
import { inTransaction, keep, type Session } from "./unit-of-work.js";
import { isBreach, openCases } from "./write-cases.js";
import { type Judged, writeHealth } from "./write-health.js";

/** What a scan found. `scanned` is false when the snapshot had been scanned before and nothing was done now. */
export interface ScanResult {
  readonly sequence: number;
  readonly scanned: boolean;
  readonly states: Readonly<Record<HealthState, number>>;
  /** Accounts whose new case this scan opened, by id. */
  readonly opened: readonly AccountId[];
}

/*
 * A scan judges every account at a snapshot without locking them all: it would otherwise wait for every command, and
 * every command for it. What makes that safe:
 *
 * - All accounts are read by one statement, so each is judged as it was at one moment, up to a posting that is noted.
 * - A verdict is stored only over a verdict on an older state (write-health.ts), so what a command has found out since
 *   stays. If that command used older prices, the stored verdict is behind the snapshot, and `dueWork` names the account.
 * - A breach is locked before its case is opened, and looked at again: if its account has moved, its own command has
 *   judged it, or `dueWork` names it.
 *
 * Locks of accounts are taken before any verdict is written, in ascending id order: the order that commands use.
 */

/**
 * Judges every account at a published snapshot, stores the verdicts, opens cases, and marks the snapshot SCANNED: all in
 * one transaction. Scanning again changes nothing. Cost: five statements, and the judging.
 *
 * @method STORE-7 STORE-8
 */
export async function scanSnapshot(
  { pool, memory, assess }: CommandSetting,
  sequence: number,
  assessAll?: AssessAll,
): Promise<ScanResult> {
  return inTransaction<ScanResult>(pool, async (session) => {
    const { status, latestParameters } = await lockSnapshot(session, sequence);
    if (status !== "NEW") {
      return keep({ sequence, scanned: false, states: await countStates(session), opened: [] });
    }
    const market = await memory.snapshot(session, sequence);
    const parameters = await memory.parameters(session, latestParameters);
    const states = await loadAllStates(session);
    const accounts = states.map((state) => state.account);
    const verdicts =
      assessAll?.(accounts, market, parameters) ?? accounts.map((one) => assess(one, market, parameters));
    assertInvariant(verdicts.length === states.length, "STORE-7 a scan judges every account", { sequence });
    const judged = states.map((state, index): Judged => {
      const health = verdicts[index] as Judged["health"];
      return { account: state.account.id, postingSequence: state.head.sequence, health };
    });

    const breaches = await lockBreaches(session, states, judged, market, parameters);
    const stored = await writeHealth(
      session,
      { sequence, parametersVersion: parameters.version, at: market.at },
      judged,
    );
    const opened = await openFor(
      session,
      breaches.filter((account) => stored.has(account)),
      market,
    );
    await session.query("UPDATE market_snapshot SET status = 'SCANNED' WHERE sequence = $1", [sequence]);
    return keep({ sequence, scanned: true, states: await countStates(session), opened });
  });
}

async function lockSnapshot(session: Session, sequence: number) {
  const { rows } = await session.query<{ status: string; latest_parameters: number | null }>(
    `SELECT status, (SELECT max(version) FROM risk_parameters) AS latest_parameters
       FROM market_snapshot WHERE sequence = $1 FOR NO KEY UPDATE OF market_snapshot`,
    [sequence],
  );
  const row = rows[0];
  assertInvariant(row !== undefined, "STORE-8 a scan is of a published snapshot", { sequence });
  return { status: row.status, latestParameters: row.latest_parameters };
}

/** Locks the accounts in breach that have no case, and answers those that are still as they were judged. */
async function lockBreaches(
  session: Session,
  states: readonly AccountState[],
  judged: readonly Judged[],
  market: MarketSnapshot,
  parameters: RiskParameters,
): Promise<readonly AccountId[]> {
  const suspects = judged.filter(({ health }, index) => {
    const state = states[index] as AccountState;
    return state.openEpoch === null && isBreach(state.account, health, market, parameters);
  });
  if (suspects.length === 0) return [];
  const ids = textArray(suspects.map(({ account }) => account));
  const { rows } = await session.query<{ id: AccountId; last_posting_seq: string }>(
    "SELECT id, last_posting_seq FROM account WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE",
    [ids],
  );
  const heads = new Map(rows.map((row) => [row.id, fromBigint(row.last_posting_seq)]));
  return suspects
    .filter(({ account, postingSequence }) => heads.get(account) === postingSequence)
    .map(({ account }) => account);
}

/** Opens the cases that are missing: a command may have opened one between our reading and our lock. */
async function openFor(
  session: Session,
  breaches: readonly AccountId[],
  market: MarketSnapshot,
): Promise<readonly AccountId[]> {
  const { rows } = await session.query<{ account_id: AccountId }>(
    "SELECT account_id FROM liquidation_case WHERE account_id = ANY($1::text[]) AND stage <> 'CLOSED'",
    [textArray(breaches)],
  );
  const open = new Set(rows.map((row) => row.account_id));
  const missing = breaches.filter((account) => !open.has(account));
  await openCases(session, missing, market.sequence, market.at);
  return missing;
}

async function countStates(session: Session): Promise<ScanResult["states"]> {
  const { rows } = await session.query<{ state: HealthState; accounts: number }>(
    "SELECT state, count(*)::int AS accounts FROM account_health GROUP BY state",
  );
  const states = { HEALTHY: 0, MARGIN_CALL: 0, LIQUIDATABLE: 0, BANKRUPT: 0 };
  for (const { state, accounts } of rows) states[state] = accounts;
  return states;
}
