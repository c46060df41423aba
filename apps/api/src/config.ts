import { z } from "zod";

/** Milliseconds without a request after which a console session ends. */
export const SESSION_IDLE_MS = 30 * 60_000;
/** Milliseconds after sign-in after which a console session ends, whatever happens in it. */
export const SESSION_AGE_MS_MAX = 12 * 60 * 60_000;

const key32 = z.string().regex(/^[0-9a-fA-F]{64}$/, "expected 32 bytes in hex");
const secret = z.string().min(16, "expected at least 16 characters").max(256);
const flag = z.enum(["true", "false"]);
const wholeNumber = (fallback: string, form: RegExp) =>
  z
    .string()
    .regex(form, "expected a whole number")
    .default(fallback)
    .transform((text) => Number.parseInt(text, 10));

/*
 * The environment of the process, read once. What is not in this list is not read anywhere else.
 */
const environment = z.object({
  PORT: wholeNumber("7300", /^\d{1,5}$/),
  HOST: z.string().min(1).default("127.0.0.1"),
  DATABASE_URL: z.string().startsWith("postgres"),
  /** Encrypts the secrets of API keys at rest. */
  BALLAST_ENCRYPTION_KEY: key32,
  /** Keys the digests under which console sessions are stored. */
  BALLAST_SESSION_SECRET: key32,
  BALLAST_EXCHANGE_KEY_ID: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/),
  BALLAST_EXCHANGE_KEY_SECRET: secret,
  BALLAST_ADMIN_NAME: z.string().min(1).max(128),
  BALLAST_ADMIN_PASSWORD: z.string().min(8, "expected at least 8 characters").max(256),
  /** Farthest that a fill's price may be from the mark, as a share of it. A tenth unless said. */
  BALLAST_PRICE_BAND: z
    .string()
    .regex(/^0\.\d{0,17}[1-9]$/, "expected a share between 0 and 1, like 0.1")
    .default("0.1"),
  /**
   * Daily volatility of the days before, as a share: part of the first risk parameters of a new house, by which its liquidation policy
   * tells a storm from a calm sky. Three per cent unless said; later versions bring their own.
   */
  BALLAST_FOUNDING_VOLATILITY: z
    .string()
    .regex(/^0\.\d{0,17}[1-9]$/, "expected a share between 0 and 1, like 0.03")
    .default("0.03"),
  /**
   * By which rules the house makes its prices: `standard`, or a JSON file. `marks`: it makes none, and takes finished ones
   * from whoever computes them.
   */
  BALLAST_MARKET_RULES: z.string().min(1).default("standard"),
  /** Milliseconds without a new snapshot after which every price counts as frozen. 0: never. */
  BALLAST_FEED_SILENCE_MS: wholeNumber("0", /^\d{1,7}$/),
  /** Pages, besides the API's own origin, that may use a session: comma-separated origins. */
  BALLAST_CONSOLE_ORIGINS: z.string().default(""),
  /** `true` behind TLS: the session cookie then travels over TLS only. */
  BALLAST_COOKIE_SECURE: flag.default("false"),
  /** Seconds between two audits of the whole ledger. */
  BALLAST_LEDGER_CHECK_SECONDS: wholeNumber("300", /^[1-9]\d{0,4}$/),
  BALLAST_DATABASE_CONNECTIONS: wholeNumber("10", /^[1-9]\d{0,2}$/),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
});

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly databaseUrl: string;
  readonly databaseConnections: number;
  readonly encryptionKey: Buffer;
  readonly sessionSecret: Buffer;
  readonly exchangeKeyId: string;
  readonly exchangeKeySecret: string;
  readonly adminName: string;
  readonly adminPassword: string;
  readonly priceBand: string;
  readonly foundingVolatility: string;
  /** Path of the market rules, or `standard`; null where the house takes finished marks. */
  readonly marketRules: string | null;
  /** Null: a silent feed freezes nothing. */
  readonly feedSilenceMs: number | null;
  readonly consoleOrigins: readonly string[];
  readonly cookieSecure: boolean;
  readonly ledgerCheckMs: number;
  readonly logLevel: string;
}

/** The environment cannot be used. Names the variables, never their values. */
export class BadEnvironment extends Error {
  override readonly name = "BadEnvironment";
}

/** Returns the typed configuration. @throws BadEnvironment naming every variable that is missing or malformed. */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  const read = environment.safeParse(variables);
  if (!read.success) {
    const faults = read.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new BadEnvironment(`the environment cannot be used:\n  ${faults.join("\n  ")}`);
  }
  const found = read.data;
  return {
    port: found.PORT,
    host: found.HOST,
    databaseUrl: found.DATABASE_URL,
    databaseConnections: found.BALLAST_DATABASE_CONNECTIONS,
    encryptionKey: Buffer.from(found.BALLAST_ENCRYPTION_KEY, "hex"),
    sessionSecret: Buffer.from(found.BALLAST_SESSION_SECRET, "hex"),
    exchangeKeyId: found.BALLAST_EXCHANGE_KEY_ID,
    exchangeKeySecret: found.BALLAST_EXCHANGE_KEY_SECRET,
    adminName: found.BALLAST_ADMIN_NAME,
    adminPassword: found.BALLAST_ADMIN_PASSWORD,
    priceBand: found.BALLAST_PRICE_BAND,
    foundingVolatility: found.BALLAST_FOUNDING_VOLATILITY,
    marketRules: found.BALLAST_MARKET_RULES === "marks" ? null : found.BALLAST_MARKET_RULES,
    feedSilenceMs: found.BALLAST_FEED_SILENCE_MS === 0 ? null : found.BALLAST_FEED_SILENCE_MS,
    consoleOrigins: found.BALLAST_CONSOLE_ORIGINS.split(",")
      .map((origin) => origin.trim())
      .filter((origin) => origin !== ""),
    cookieSecure: found.BALLAST_COOKIE_SECURE === "true",
    ledgerCheckMs: found.BALLAST_LEDGER_CHECK_SECONDS * 1000,
    logLevel: found.LOG_LEVEL,
  };
}
