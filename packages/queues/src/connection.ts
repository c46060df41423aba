import {
  type BackendClasses,
  type ConnectionOptions,
  createPostgresBackend,
  createRedisBackend,
  type IQueueBackend,
  withBackend,
} from "bullmq";
import { Pool } from "pg";
import { QUEUE_SCHEMA } from "./names.js";

/** Where the queue lives. */
export interface QueueEnvironment {
  readonly databaseUrl: string;
  /** When given, the queue is on Redis; otherwise in the `bullmq` schema of the database. */
  readonly redisUrl?: string | undefined;
}

/** BullMQ's classes bound to a backend, and the connection that this backend understands. */
export interface QueueConnection {
  readonly bullmq: BackendClasses<IQueueBackend, ConnectionOptions>;
  readonly connection: ConnectionOptions;
  /** Lets go of the server, once everything that was opened on the connection has been closed. */
  close(): Promise<void>;
}

/** Connections of one queue or one worker to PostgreSQL, one of which listens; the ledger's own pool is not touched. */
const POSTGRES_CONNECTIONS = 5;

/**
 * Returns the backend that the environment asks for. Each queue and worker is bound to it, nothing is set for the whole
 * process, and the code that uses them is the same for both.
 */
export function queueConnection({ databaseUrl, redisUrl }: QueueEnvironment): QueueConnection {
  if (redisUrl !== undefined && redisUrl !== "") {
    const connection = { url: redisUrl, maxRetriesPerRequest: null };
    return { bullmq: withBackend(createRedisBackend), connection, close: () => Promise.resolve() };
  }
  const pool = openQueuePool(databaseUrl);
  // BullMQ types a connection by its backend. Here the two travel together, so both kinds may be typed as one.
  const backend = { bullmq: withBackend(createPostgresBackend), connection: pool } as unknown as QueueConnection;
  return { ...backend, close: () => pool.end() };
}

/**
 * Opens a pool for the queue. BullMQ would open one by itself, but listens to a connection only when nobody holds it, or a
 * moment after it was made: a server that ends it in between would end the whole process, as an error that nobody heard.
 * Here every connection is heard from its first moment to its last; what was asked of it fails, and is named there.
 */
export function openQueuePool(databaseUrl: string): Pool {
  const pool = new Pool({
    connectionString: databaseUrl,
    max: POSTGRES_CONNECTIONS,
    application_name: "ballast-queue",
    options: `-c search_path=${QUEUE_SCHEMA}`,
  });
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}
