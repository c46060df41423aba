import { type AccountId, assertInvariant, type PausableStage } from "@ballast/model";
import type { Pool } from "pg";
import { faultOf } from "./faults.js";
import { fromBigint } from "./rows/integers.js";
import { IS_FREE } from "./step-claim.js";
import { inTransaction, keep, type Session } from "./unit-of-work.js";
import { RESTING_AFTER_FAILURE, WAITING_FOR_A_PERSON } from "./waiting-for-a-person.js";

/**
 * Work that PostgreSQL alone knows to be due; the queue only repeats it. Left out is what waits for a person (frozen,
 * quarantined, or of a stage that is paused) and steps that somebody is at.
 */
export interface DueWork {
  /** The newest engine that has started; an older one leaves everything to it. */
  readonly newestEngine: number | null;
  readonly paused: readonly PausableStage[];
  /** Oldest snapshot not scanned yet. */
  readonly scan: number | null;
  /**
   * By id: accounts with an open REDUCE case not worked at the newest scanned snapshot, or an unfinished step. When there
   * are none: those with something to lose and a verdict that is missing, behind that snapshot, behind the account's own
   * postings, or of another margin mode.
   */
  readonly lookAgain: readonly AccountId[];
  /** Newest scanned snapshot with nothing left to look at, waiting for waterfall and settlement. */
  readonly waterfall: number | null;
}

/** How much is asked: everything, or what is worth asking many times a second. */
export type DueQuestion = "THOROUGH" | "QUICK";

/** Why a snapshot cannot be settled, by account. `$1` is its sequence. The first three are what *look again* clears. */
const UNWORKED_CASES = `
  SELECT account_id FROM liquidation_case WHERE stage = 'REDUCE' AND worked_sequence < $1`;
const UNFINISHED_STEPS = `
  SELECT account_id FROM liquidation_step WHERE status = 'INTENT'`;
const STALE_VERDICTS = `
  SELECT account.id AS account_id
    FROM account LEFT JOIN account_health AS health ON health.account_id = account.id
   WHERE (health.account_id IS NULL OR health.sequence < $1 OR health.posting_seq < account.last_posting_seq
          OR health.margin_mode <> account.margin_mode)
     AND (EXISTS (SELECT FROM position WHERE account_id = account.id AND quantity <> 0)
       OR EXISTS (SELECT FROM collateral_balance WHERE account_id = account.id AND amount < 0))`;
/** Takeovers with something to do at the snapshot: not those that only wait for bids. */
export const TAKEOVERS = `
  SELECT account_id FROM liquidation_case
   WHERE stage = 'TAKEOVER' AND NOT EXISTS (
     SELECT FROM takeover_auction AS auction
      WHERE auction.account_id = liquidation_case.account_id AND auction.epoch = liquidation_case.epoch
        AND outcome IS NULL AND auction.worked_sequence >= $1)`;

/** Reductions are left out when `$2`; the fills of a step are booked all the same, because they have happened. */
const URGENT = `
  SELECT account.id FROM account
   WHERE account.id NOT IN (${WAITING_FOR_A_PERSON} UNION ALL ${RESTING_AFTER_FAILURE})
     AND account.id IN (SELECT account_id FROM (${UNWORKED_CASES}) AS unworked WHERE NOT $2::boolean
                        UNION ${UNFINISHED_STEPS} AND ${IS_FREE})
   ORDER BY account.id`;

/** Looks at every account, so it is asked only when nothing is urgent. */
const UNJUDGED = `
  SELECT account.id FROM account
   WHERE account.id NOT IN (${WAITING_FOR_A_PERSON} UNION ALL ${RESTING_AFTER_FAILURE})
     AND account.id IN (${STALE_VERDICTS})
   ORDER BY account.id`;

const BLOCKING = `
  SELECT account.id FROM account
   WHERE account.id NOT IN (${WAITING_FOR_A_PERSON})
     AND account.id IN (${UNWORKED_CASES} UNION ${UNFINISHED_STEPS} UNION ${STALE_VERDICTS} UNION ${TAKEOVERS})
   ORDER BY account.id LIMIT 1`;

/** A case that rests holds up the waterfall, because takeovers come in ascending order of account ids. */
const QUIET = `
  SELECT NOT EXISTS (SELECT FROM liquidation_step WHERE status = 'INTENT' AND NOT ${IS_FREE}
                        AND account_id NOT IN (${WAITING_FOR_A_PERSON}))
     AND NOT EXISTS (${RESTING_AFTER_FAILURE}) AS quiet`;

interface WorldRow {
  readonly scan: string | null;
  readonly current: string | null;
  readonly status: string | null;
  readonly paused: readonly PausableStage[];
  readonly newest_engine: number | null;
}

/**
 * Finds all work from the tables alone, so that a queue may lose, repeat or reorder everything. A QUICK question stops at a
 * scan that is due, because new prices make the rest stale, and does not look for stale verdicts once the snapshot is settled:
 * only a command that had older prices can leave one then. Cost: four statements, one of which looks at every account, and
 * only when nothing is urgent.
 *
 * @method STORE-8 CASE-7
 */
export async function dueWork(session: Session, question: DueQuestion = "THOROUGH"): Promise<DueWork> {
  const isQuick = question === "QUICK";
  const { rows } = await session.query<WorldRow>({
    name: "due-world",
    text: `SELECT (SELECT min(sequence) FROM market_snapshot WHERE status = 'NEW') AS scan, newest.sequence AS current, newest.status,
            ARRAY(SELECT stage FROM liquidation_pause WHERE second_resume_by IS NULL ORDER BY stage) AS paused,
            (SELECT max(version) FROM liquidation_engine) AS newest_engine
       FROM (VALUES (1)) AS one
       LEFT JOIN (SELECT sequence, status FROM market_snapshot WHERE status <> 'NEW' ORDER BY sequence DESC LIMIT 1) AS newest ON true`,
  });
  const row = rows[0];
  const paused = row?.paused ?? [];
  const newestEngine = row?.newest_engine ?? null;
  const scan = typeof row?.scan === "string" ? fromBigint(row.scan) : null;
  const current = typeof row?.current === "string" ? fromBigint(row.current) : null;
  if (current === null || (isQuick && scan !== null))
    return { newestEngine, paused, scan, lookAgain: [], waterfall: null };
  const stops = (stage: PausableStage): boolean => paused.includes("ALL") || paused.includes(stage);
  const urgent = await idsOf(session, { name: "urgent", text: URGENT, values: [current, stops("REDUCE")] });
  const isEnough = urgent.length > 0 || (isQuick && row?.status === "SETTLED");
  const lookAgain = isEnough ? urgent : await idsOf(session, { name: "unjudged", text: UNJUDGED, values: [current] });
  const isReady = lookAgain.length === 0 && row?.status === "SCANNED" && !stops("TAKEOVER");
  const waterfall = isReady && (await isQuiet(session)) ? current : null;
  return { newestEngine, paused, scan, lookAgain, waterfall };
}

async function idsOf(
  session: Session,
  query: { readonly name: string; readonly text: string; readonly values: readonly unknown[] },
): Promise<readonly AccountId[]> {
  const { rows } = await session.query<{ id: AccountId }>({ ...query, values: [...query.values] });
  return rows.map(({ id }) => id);
}

/** Is nobody at a step, and does none rest after a failure? What comes of it may come before a takeover. */
async function isQuiet(session: Session): Promise<boolean> {
  const { rows } = await session.query<{ quiet: boolean }>({ name: "quiet", text: QUIET });
  return rows[0]?.quiet === true;
}

/**
 * Marks a scanned snapshot SETTLED, and every older scanned one with it (what they asked for was done at newer prices).
 * Answers false, and changes nothing, while work is due at it: a stale verdict, a case not worked, a step not finished, a
 * takeover still open.
 *
 * @method STORE-8
 */
export async function settleSnapshot(pool: Pool, sequence: number): Promise<boolean> {
  return inTransaction(pool, async (session) => {
    const { rows } = await session.query<{ status: string }>(
      "SELECT status FROM market_snapshot WHERE sequence = $1 FOR NO KEY UPDATE",
      [sequence],
    );
    const status = rows[0]?.status;
    assertInvariant(status !== undefined, "STORE-8 only published snapshots are settled", { sequence });
    if (status !== "SCANNED") return keep(status === "SETTLED");
    const blocking = await session.query({ name: "blocking", text: BLOCKING, values: [sequence] });
    if (blocking.rowCount !== 0) return keep(false);
    await session.query("UPDATE market_snapshot SET status = 'SETTLED' WHERE status = 'SCANNED' AND sequence <= $1", [
      sequence,
    ]);
    return keep(true);
  });
}

const WATERFALL_LOCK = 7_301_002;

/**
 * Runs `work` while no other worker, in whatever process, is inside the same call; answers null at once when one is.
 * The lock belongs to a connection, so it ends with the process that holds it.
 */
export async function withWaterfallLock<Answer>(pool: Pool, work: () => Promise<Answer>): Promise<Answer | null> {
  const client = await pool.connect();
  let gone = false;
  try {
    const { rows } = await client.query<{ held: boolean }>("SELECT pg_try_advisory_lock($1) AS held", [WATERFALL_LOCK]);
    if (rows[0]?.held !== true) return null;
    try {
      return await work();
    } finally {
      gone = await client.query("SELECT pg_advisory_unlock($1)", [WATERFALL_LOCK]).then(
        () => false,
        () => true,
      );
    }
  } catch (thrown) {
    throw faultOf(thrown);
  } finally {
    // A connection that could not give the lock back is closed, which gives it back.
    client.release(gone);
  }
}
