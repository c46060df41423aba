import { z } from "zod";

const environment = z.object({
  DATABASE_URL: z.string().min(1),
  REDIS_URL: z.string().optional(),
  LIQUIDATOR_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(4),
  LIQUIDATOR_SWEEP_MS: z.coerce.number().int().min(10).max(10_000).default(100),
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
  readonly logLevel: string;
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
    logLevel: read.data.LOG_LEVEL,
  };
}
