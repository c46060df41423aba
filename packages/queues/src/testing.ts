import { runMigrations } from "bullmq";
import { Redis } from "ioredis";
import { Client } from "pg";
import { type QueueConnection, queueConnection, type QueueEnvironment } from "./connection.js";
import { LOOK_AGAIN_QUEUE, QUEUE_SCHEMA } from "./names.js";

/*
 * The second door, for tests: a queue that is prepared, emptied behind everybody's back, and fed with anything at all.
 */

/** PostgreSQL's code for a deadlock. */
const DEADLOCK = "40P01";

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
        WHERE schemaname = '${QUEUE_SCHEMA}' AND tablename NOT LIKE '%migration%' ORDER BY 1`,
    );
    const names = rows.map(({ name }) => name).join(", ");
    // The queue locks its tables in an order of its own, so we may be the one that a deadlock sacrifices.
    for (;;) {
      try {
        await client.query(`TRUNCATE ${names}`);
        return;
      } catch (cause) {
        if ((cause as { readonly code?: string }).code !== DEADLOCK) throw cause;
      }
    }
  });
}

/** Puts any payload on the look-again queue, under ids of the queue's choice. */
export async function enqueueAnything(environment: QueueEnvironment, payloads: readonly unknown[]): Promise<void> {
  await onQueue(environment, async (queue) => {
    for (const payload of payloads) await queue.add(LOOK_AGAIN_QUEUE, payload);
  });
}

/** How many jobs failed for good, and are kept. */
export function failedJobs(environment: QueueEnvironment): Promise<number> {
  return onQueue(environment, (queue) => queue.getFailedCount());
}

async function onQueue<Answer>(
  environment: QueueEnvironment,
  work: (queue: InstanceType<QueueConnection["bullmq"]["Queue"]>) => Promise<Answer>,
): Promise<Answer> {
  const server = queueConnection(environment);
  const queue = new server.bullmq.Queue(LOOK_AGAIN_QUEUE, { connection: server.connection });
  try {
    return await work(queue);
  } finally {
    await queue.close();
    await server.close();
  }
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
