import {
  type BackendClasses,
  type ConnectionOptions,
  createPostgresBackend,
  createRedisBackend,
  type IQueueBackend,
  withBackend,
} from "bullmq";

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
}

/** Connections of one queue or one worker to PostgreSQL; the ledger's own pool is not touched. */
const POSTGRES_CONNECTIONS = 4;

/**
 * Returns the backend that the environment asks for. Each queue and worker is bound to it, nothing is set for the whole
 * process, and the code that uses them is the same for both.
 */
export function queueConnection({ databaseUrl, redisUrl }: QueueEnvironment): QueueConnection {
  if (redisUrl !== undefined && redisUrl !== "") {
    return { bullmq: withBackend(createRedisBackend), connection: { url: redisUrl, maxRetriesPerRequest: null } };
  }
  const connection = { connectionString: databaseUrl, max: POSTGRES_CONNECTIONS, application_name: "ballast-queue" };
  // BullMQ types a connection by its backend. Here the two travel together, so both kinds may be typed as one.
  return { bullmq: withBackend(createPostgresBackend), connection } as unknown as QueueConnection;
}
