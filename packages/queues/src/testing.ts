import { runMigrations } from "bullmq";
import { Redis } from "ioredis";
import { Client } from "pg";
import { queueConnection, type QueueEnvironment } from "./connection.js";
import { LOOK_AGAIN_QUEUE } from "./names.js";

/*
 * The second door, for tests: a queue that is prepared, emptied behind everybody's back, and fed with anything at all.
 */

/** Makes the queue's tables in the database, as `migrate-cli` does; nothing to do on Redis. */
export async function prepareQueue(environment: QueueEnvironment): Promise<void> {
  if (onRedis(environment)) return;
  await inDatabase(environment, (client) => runMigrations(client));
}

/** Loses everything the queue has, without telling it: TRUNCATE of all its tables, or FLUSHDB. */
export async function emptyQueue(environment: QueueEnvironment): Promise<void> {
  const redisUrl = onRedis(environment);
  if (redisUrl !== null) {
    const redis = new Redis(redisUrl);
    await redis.flushdb();
    await redis.quit();
    return;
  }
  await inDatabase(environment, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables
        WHERE schemaname = 'bullmq' AND tablename NOT LIKE '%migration%' ORDER BY 1`,
    );
    await client.query(`TRUNCATE ${rows.map(({ name }) => name).join(", ")}`);
  });
}

/** Puts any payload on the look-again queue, under ids of the queue's choice. */
export async function enqueueAnything(environment: QueueEnvironment, payloads: readonly unknown[]): Promise<void> {
  const { bullmq, connection } = queueConnection(environment);
  const queue = new bullmq.Queue<unknown>(LOOK_AGAIN_QUEUE, { connection });
  for (const payload of payloads) await queue.add(LOOK_AGAIN_QUEUE, payload);
  await queue.close();
}

/** How many jobs failed for good, and are kept. */
export async function failedJobs(environment: QueueEnvironment): Promise<number> {
  const { bullmq, connection } = queueConnection(environment);
  const queue = new bullmq.Queue<unknown>(LOOK_AGAIN_QUEUE, { connection });
  const failed = await queue.getFailedCount();
  await queue.close();
  return failed;
}

function onRedis({ redisUrl }: QueueEnvironment): string | null {
  return redisUrl === undefined || redisUrl === "" ? null : redisUrl;
}

async function inDatabase(
  { databaseUrl }: QueueEnvironment,
  work: (client: Client) => Promise<unknown>,
): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
