import { PrismaPg } from "@prisma/adapter-pg";
import { Pool, types } from "pg";
import { faultOf } from "./faults.js";
import { PrismaClient } from "./generated/client.js";
import type { Session } from "./unit-of-work.js";

/*
 * The one way to PostgreSQL. Ordinary reads and writes go through Prisma; what is hot (commands, scans, checks) is SQL
 * over arrays on connections of the same pool, because every Prisma statement costs the better part of a millisecond.
 */

/** How long things may take before the database gives up on us, and we on it. */
export interface PoolLimits {
  readonly databaseUrl: string;
  /** Connections of this process; 10 unless said. */
  readonly poolMax?: number;
  /** Milliseconds a statement may run; 30,000 unless said. */
  readonly statementTimeoutMs?: number;
  /** Milliseconds to wait for a lock; 10,000 unless said. */
  readonly lockTimeoutMs?: number;
  /** Name of this process in `pg_stat_activity`. */
  readonly applicationName?: string;
}

/** The three handles on one pool. */
export interface Database {
  /** For transactions: see `inTransaction`. */
  readonly pool: Pool;
  /** Single statements of SQL, each its own transaction; faults are named. */
  readonly sql: Session;
  /** Single reads and writes of ordinary rows; faults are named. */
  readonly prisma: Prisma;
}

/** Nothing connects before the first query. */
export function openDatabase(limits: PoolLimits): Database {
  const pool = openPool(limits);
  return { pool, sql: namingFaults(pool), prisma: openPrisma(pool) };
}

/** Opens a pool whose sessions time out by themselves. */
function openPool(limits: PoolLimits): Pool {
  const pool = new Pool({
    connectionString: limits.databaseUrl,
    max: limits.poolMax ?? 10,
    statement_timeout: limits.statementTimeoutMs ?? 30_000,
    lock_timeout: limits.lockTimeoutMs ?? 10_000,
    idle_in_transaction_session_timeout: 60_000,
    connectionTimeoutMillis: 10_000,
    // A connection that was closed for being idle would have to be opened when the prices fall.
    idleTimeoutMillis: 0,
    application_name: limits.applicationName ?? "ballast",
    types: { getTypeParser },
  });
  // A server that goes away tells every connection. A busy one fails its query and that is where the fault is named;
  // an idle one is dropped by the pool. Without a listener Node would end the process for either.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

const TIMESTAMPTZ = 1184;

/** The driver's parsers, except that a timestamp becomes milliseconds: nothing in here needs a Date. */
const getTypeParser = ((oid: number, format?: "text" | "binary") =>
  oid === TIMESTAMPTZ && format !== "binary"
    ? millisOf
    : types.getTypeParser(oid, format)) as typeof types.getTypeParser;

function millisOf(text: string): number {
  return Date.parse(text.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00"));
}

function namingFaults(pool: Pool): Session {
  const query = async (...args: Parameters<Pool["query"]>) => {
    try {
      return await (pool.query(...args) as unknown as Promise<unknown>);
    } catch (thrown) {
      throw faultOf(thrown);
    }
  };
  return { query: query as unknown as Session["query"] };
}

/** The Prisma client on that pool. */
function openPrisma(pool: Pool) {
  return new PrismaClient({ adapter: new PrismaPg(pool) }).$extends({
    query: {
      async $allOperations({ args, query }) {
        try {
          return await query(args);
        } catch (thrown) {
          throw faultOf(thrown);
        }
      },
    },
  });
}

export type Prisma = ReturnType<typeof openPrisma>;
