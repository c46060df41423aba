import { setTimeout as pause } from "node:timers/promises";
import type { Pool, PoolClient } from "pg";
import { ConstraintRefused, faultOf, isConflict } from "./faults.js";

/** A connection inside a transaction. */
export type Session = Pick<PoolClient, "query">;

/** How a piece of work ends: its changes are kept, or undone, and either way this is the answer. */
export interface Ending<Answer> {
  readonly keep: boolean;
  readonly answer: Answer;
}

export const keep = <Answer>(answer: Answer): Ending<Answer> => ({ keep: true, answer });
export const undo = <Answer>(answer: Answer): Ending<Answer> => ({ keep: false, answer });

/** Something a parallel transaction has just done makes it worth starting over: the next attempt will see it. */
export class StartOver extends Error {
  override readonly name = "StartOver";
}

const ATTEMPTS = 8;

/**
 * Runs `work` in one READ COMMITTED transaction and answers how it ended.
 *
 * READ COMMITTED is enough because whatever decides is read after the row locks have been taken. A deadlock or a
 * serialization failure undoes everything and runs `work` again, at most seven times; `work` must therefore keep
 * nothing outside the transaction. @throws DatabaseFault, or whatever `work` throws, with everything undone.
 *
 * @method STORE-4
 */
export async function inTransaction<Answer>(
  pool: Pool,
  work: (session: Session) => Promise<Ending<Answer>>,
): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptOnce(pool, work);
    } catch (thrown) {
      const fault = faultOf(thrown);
      if (attempt === ATTEMPTS || !isWorthAnotherAttempt(fault, attempt)) throw fault;
      // PostgreSQL lets one of the parties of a deadlock win, so a short growing pause is enough to get out of its way.
      await pause(attempt * attempt);
    }
  }
}

/**
 * Lost to another transaction, or beaten to its own key by a parallel twin that locked other accounts: the second attempt
 * finds the twin's idempotency key. A journal key that is still taken then belongs to somebody else.
 */
function isWorthAnotherAttempt(fault: unknown, attempt: number): boolean {
  if (isConflict(fault) || fault instanceof StartOver) return true;
  return attempt === 1 && fault instanceof ConstraintRefused && fault.constraint === "journal_key_key";
}

async function attemptOnce<Answer>(pool: Pool, work: (session: Session) => Promise<Ending<Answer>>): Promise<Answer> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("BEGIN ISOLATION LEVEL READ COMMITTED");
    const ending = await work(client);
    await client.query(ending.keep ? "COMMIT" : "ROLLBACK");
    return ending.answer;
  } catch (thrown) {
    broken = await rollBack(client);
    throw thrown;
  } finally {
    client.release(broken);
  }
}

/** Undoes the transaction; answers the error of a connection that cannot even do that, so that it is thrown away. */
async function rollBack(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query("ROLLBACK");
    return undefined;
  } catch (lost) {
    return lost instanceof Error ? lost : new Error(String(lost));
  }
}
