import type { Pool, PoolClient } from "pg";
import { faultOf } from "./faults.js";
import type { Session } from "./unit-of-work.js";

/**
 * Runs reads that must agree with each other: every statement of `work` sees the database as it was at the first one,
 * and none may write.
 */
export async function readTogether<Answer>(pool: Pool, work: (session: Session) => Promise<Answer>): Promise<Answer> {
  const reading = await beginReading(pool);
  try {
    return await work(reading);
  } catch (thrown) {
    throw faultOf(thrown);
  } finally {
    await endReading(reading);
  }
}

/** The same as a stream: pages of rows of one moment, until `page` answers none. Ends its transaction when left early. */
export async function* streamTogether<Row>(
  pool: Pool,
  page: (session: Session, last: Row | null) => Promise<readonly Row[]>,
): AsyncGenerator<Row> {
  const reading = await beginReading(pool);
  try {
    let last: Row | null = null;
    for (;;) {
      const rows: readonly Row[] = await page(reading, last);
      yield* rows;
      last = rows.at(-1) ?? null;
      if (last === null) return;
    }
  } catch (thrown) {
    throw faultOf(thrown);
  } finally {
    await endReading(reading);
  }
}

async function beginReading(pool: Pool): Promise<PoolClient> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    return client;
  } catch (thrown) {
    client.release(true);
    throw faultOf(thrown);
  }
}

/** Nothing was written, so nothing is lost when the connection is already gone. */
async function endReading(client: PoolClient): Promise<void> {
  const gone = await client.query("ROLLBACK").then(
    () => false,
    () => true,
  );
  client.release(gone);
}
