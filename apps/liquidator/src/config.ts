import { ID_GRAMMAR, type InstrumentId } from "@ballast/model";
import { z } from "zod";

const environment = z.object({
  DATABASE_URL: z.string().min(1),
  REDIS_URL: z.string().optional(),
  LIQUIDATOR_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(4),
  LIQUIDATOR_SWEEP_MS: z.coerce.number().int().min(10).max(10_000).default(100),
  LIQUIDATOR_ORDER_LIFETIME_MS: z.coerce.number().int().min(100).max(600_000).optional(),
  LIQUIDATOR_CLOCK_SKEW_MS: z.coerce.number().int().min(0).max(60_000).default(1_000),
  VENUE_URL: z.url({ protocol: /^https?$/ }).optional(),
  VENUE_TOKEN: z.string().min(1).optional(),
  VENUE_TIMEOUT_MS: z.coerce.number().int().min(10).max(60_000).default(2_000),
  VENUE_BOOK_SEED: z.string().min(1).max(100).optional(),
  VENUE_PROBE_INSTRUMENT: z.string().regex(ID_GRAMMAR).optional(),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
});

/** What the process is told from outside, checked once. */
export interface Config {
  readonly databaseUrl: string;
  readonly redisUrl: string | undefined;
  /** Accounts looked at side by side. */
  readonly concurrency: number;
  /** Milliseconds between two questions to the database about what is due. */
  readonly sweepMs: number;
  /** Milliseconds that a venue may take to accept an order. */
  readonly orderLifetimeMs: number;
  /** By how much our clock and the venue's may differ. */
  readonly clockSkewMs: number;
  /** A matching engine over HTTP; null for the simulated venue. */
  readonly venue: HttpVenueConfig | null;
  /** Seed of order books in this process, for rehearsals with one worker; null for the simulated venue without a clock. */
  readonly bookSeed: string | null;
  readonly logLevel: string;
}

/** Where the matching engine is, and how to find out what it promises. */
export interface HttpVenueConfig {
  readonly url: string;
  /** Sent as a bearer token. */
  readonly token: string | null;
  /** Milliseconds after which a call counts as unanswered. */
  readonly timeoutMs: number;
  /** The instrument in which the promises are tried, with orders that cannot trade. */
  readonly probeInstrument: InstrumentId;
}

/** Returns the configuration. @throws Error naming every variable that is missing or malformed. */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  const read = environment.safeParse(variables);
  if (!read.success) {
    const wrong = read.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new Error(`the liquidator's environment is not usable: ${wrong.join("; ")}`);
  }
  return {
    databaseUrl: read.data.DATABASE_URL,
    redisUrl: read.data.REDIS_URL,
    concurrency: read.data.LIQUIDATOR_CONCURRENCY,
    sweepMs: read.data.LIQUIDATOR_SWEEP_MS,
    orderLifetimeMs: read.data.LIQUIDATOR_ORDER_LIFETIME_MS ?? lifetimeMsOf(read.data),
    clockSkewMs: read.data.LIQUIDATOR_CLOCK_SKEW_MS,
    venue: venueOf(read.data),
    bookSeed: read.data.VENUE_BOOK_SEED ?? null,
    logLevel: read.data.LOG_LEVEL,
  };
}

const LIFETIME_MS = 5_000;
/**
 * The simulated venue lives in market time: it answers an order the same whenever it is sent. A deadline by the clock would
 * only make what happens depend on how slow a machine is, or how long a worker was dead.
 */
const SIMULATED_LIFETIME_MS = 600_000;

function lifetimeMsOf({ VENUE_URL, VENUE_BOOK_SEED }: z.infer<typeof environment>): number {
  return VENUE_URL === undefined && VENUE_BOOK_SEED === undefined ? SIMULATED_LIFETIME_MS : LIFETIME_MS;
}

function venueOf(variables: z.infer<typeof environment>): HttpVenueConfig | null {
  if (variables.VENUE_URL === undefined) return null;
  if (variables.VENUE_BOOK_SEED !== undefined) {
    throw new Error("the liquidator's environment is not usable: VENUE_URL and VENUE_BOOK_SEED are two venues");
  }
  if (variables.VENUE_PROBE_INSTRUMENT === undefined) {
    throw new Error("the liquidator's environment is not usable: VENUE_URL needs VENUE_PROBE_INSTRUMENT");
  }
  return {
    url: variables.VENUE_URL,
    token: variables.VENUE_TOKEN ?? null,
    timeoutMs: variables.VENUE_TIMEOUT_MS,
    probeInstrument: variables.VENUE_PROBE_INSTRUMENT as InstrumentId,
  };
}
