import { ok, type Rejection, type Result, reject } from "@ballast/model";
import type { Pool } from "pg";
import type { Command, CommandAnswer } from "./command.js";
import type { Json } from "./json.js";
import { fromBigint } from "./rows/integers.js";
import { inTransaction, keep, type Session, undo } from "./unit-of-work.js";
import { type Change, writeRecords } from "./write-records.js";

/** What a command found out about its world after it had its locks. */
export interface CommandWorld {
  readonly latestSequence: number | null;
  readonly latestParameters: number | null;
}

/** What a command did: its answer, and one change for everything it touched. */
export interface Done<Response> {
  readonly response: Response;
  readonly changes: readonly Change[];
}

/**
 * Runs a command in one transaction, at most once for ever: takes its locks, looks whether its key was used, works, and
 * writes the key beside the effect. The key is looked at *after* the locks, so that a parallel twin of the command has
 * either finished and is found, or waits behind us.
 *
 * @method STORE-4 STORE-5
 */
export function runOnce<Response extends Json>(
  pool: Pool,
  command: Command,
  lock: (session: Session) => Promise<Rejection | null>,
  work: (session: Session, world: CommandWorld) => Promise<Result<Done<Response>, Rejection>>,
): Promise<Result<CommandAnswer<Response>, Rejection>> {
  type Answer = Result<CommandAnswer<Response>, Rejection>;
  return inTransaction<Answer>(pool, async (session) => {
    const refused = await lock(session);
    if (refused !== null) return undo(reject(refused));
    const { earlier, ...world } = await look(session, command);
    if (earlier !== null) {
      if (earlier.fingerprint !== command.fingerprint) {
        return undo(reject<Rejection>({ code: "IDEMPOTENCY_KEY_REUSED", key: command.key }));
      }
      return undo(ok({ replayed: true, response: earlier.response as Response }));
    }
    const done = await work(session, world);
    if (!done.ok) return undo(done);
    await writeRecords(session, command, done.value.changes, done.value.response);
    return keep(ok({ replayed: false, response: done.value.response }));
  });
}

/**
 * The lock of a command that locks no account: its twins, with the same scope and key, wait behind it. Two different
 * commands share a lock once in 2^64, and then only wait.
 */
export async function lockCommand(session: Session, { scope, key }: Command): Promise<null> {
  await session.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [`${scope}/${key}`]);
  return null;
}

interface LookRow {
  readonly latest_sequence: string | null;
  readonly latest_parameters: number | null;
  readonly fingerprint: string | null;
  readonly response: Json;
}

async function look(session: Session, command: Command) {
  const { rows } = await session.query<LookRow>({
    name: "look",
    text: `SELECT (SELECT max(sequence) FROM market_snapshot) AS latest_sequence,
                  (SELECT max(version) FROM risk_parameters) AS latest_parameters,
                  used.fingerprint, used.response
             FROM (VALUES (1)) AS one LEFT JOIN idempotency_key AS used ON used.scope = $1 AND used.key = $2`,
    values: [command.scope, command.key],
  });
  const row = rows[0] as LookRow;
  return {
    latestSequence: row.latest_sequence === null ? null : fromBigint(row.latest_sequence),
    latestParameters: row.latest_parameters,
    earlier: row.fingerprint === null ? null : { fingerprint: row.fingerprint, response: row.response },
  };
}
