import { createHash, createHmac, randomBytes } from "node:crypto";
import {
  canonicalRequest,
  type Client,
  createClient,
  type OutgoingRequest,
  type Problem,
  problem,
  ROUTE_LIST,
} from "@ballast/api-contract";
import { toUtcMillis, type UtcMillis } from "@ballast/model";
import { assertLedgerInOrder, type Store } from "@ballast/store";
import { createTestDatabase } from "@ballast/testkit";
import type { NestFastifyApplication } from "@nestjs/platform-fastify";
import { furnish, openMemory, readMarketRules } from "../bootstrap.js";
import { type Config, readConfig } from "../config.js";
import { createApp } from "../create-app.js";
import { createLogger, Events } from "../events.js";

/*
 * The whole API on a database of its own, with a clock that stands still until a test moves it. Every answer that comes
 * back is held against the contract: a yes against its route's schema, a no against the problem document.
 */

export const EXCHANGE = { id: "exchange", secret: "e".repeat(32) };
export const ADMIN = { name: "admin", password: "correct horse battery" };

/** A key that signs: its id and secret. */
export interface TestKey {
  readonly id: string;
  readonly secret: string;
}

export interface Asked {
  readonly method: string;
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly text: string;
  /** The parsed body of any JSON answer. */
  readonly json: unknown;
}

export interface TestApi {
  readonly app: NestFastifyApplication;
  readonly store: Store;
  readonly config: Config;
  readonly databaseUrl: string;
  now(): UtcMillis;
  advance(ms: number): void;
  /** Sends a request exactly as given. */
  ask(asked: Asked): Promise<Answered>;
  /** Sends a signed request; a body is sent as JSON with an idempotency key unless headers say otherwise. */
  askAs(key: TestKey, asked: Asked): Promise<Answered>;
  /** The typed client of the contract, signing with a key. */
  client(key?: TestKey): Client;
  /** The headers of a signature. */
  sign(key: TestKey, request: OutgoingRequest, change?: Partial<Signing>): Record<string, string>;
  /** Fails unless every asset sums to zero, chains verify, and projections equal their postings. */
  expectBooksToBalance(): Promise<void>;
  close(): Promise<void>;
}

export interface Signing {
  readonly timestamp: string;
  readonly nonce: string;
}

let keys = 0;
/** A key nobody has used. */
export const freshKey = (what = "test"): string => `${what}-${++keys}`;

export async function startTestApi(change: Readonly<Record<string, string>> = {}): Promise<TestApi> {
  const database = await createTestDatabase();
  const config = readConfig({
    DATABASE_URL: database.url,
    PORT: "0",
    LOG_LEVEL: process.env["TEST_LOG_LEVEL"] ?? "silent",
    BALLAST_ENCRYPTION_KEY: "11".repeat(32),
    BALLAST_SESSION_SECRET: "22".repeat(32),
    BALLAST_EXCHANGE_KEY_ID: EXCHANGE.id,
    BALLAST_EXCHANGE_KEY_SECRET: EXCHANGE.secret,
    BALLAST_ADMIN_NAME: ADMIN.name,
    BALLAST_ADMIN_PASSWORD: ADMIN.password,
    BALLAST_CONSOLE_ORIGINS: "http://console.test",
    BALLAST_MARKET_RULES: "marks",
    ...change,
  });
  const store = await openMemory(config);
  let now = toUtcMillis(1_584_014_400_000);
  const startedAt = now;
  await furnish(store, config, now);
  const events = new Events(createLogger(config.logLevel));
  const marketRules = await readMarketRules(config, store);
  const app = await createApp({
    config,
    store,
    events,
    clock: () => now,
    monotonic: () => now - startedAt,
    marketRules,
  });
  await app.init();
  await app.getHttpAdapter().getInstance().ready();

  const ask = async ({ method, target, headers = {}, body }: Asked): Promise<Answered> => {
    const response = await app.inject({
      method: method as "GET",
      url: target,
      headers,
      ...(body === undefined ? {} : { payload: body }),
    });
    const answered = { status: response.statusCode, headers: response.headers, text: response.payload };
    return { ...answered, json: holdToContract(method, target, answered) };
  };
  const sign = (key: TestKey, request: OutgoingRequest, signing: Partial<Signing> = {}) => {
    const timestamp = signing.timestamp ?? String(now);
    const nonce = signing.nonce ?? randomBytes(12).toString("hex");
    const bodySha256 = createHash("sha256").update(request.body).digest("hex");
    const text = canonicalRequest({ timestamp, nonce, method: request.method, target: request.target, bodySha256 });
    return {
      "ballast-key": key.id,
      "ballast-timestamp": timestamp,
      "ballast-nonce": nonce,
      "ballast-signature": `v1=${createHmac("sha256", key.secret).update(text).digest("hex")}`,
    };
  };
  const askAs = (key: TestKey, { method, target, headers = {}, body }: Asked): Promise<Answered> => {
    const signed = sign(key, { method: method as "GET", target, body: body ?? "" });
    const json = body === undefined ? {} : { "content-type": "application/json", "idempotency-key": freshKey() };
    return ask({ method, target, headers: { ...json, ...signed, ...headers }, body });
  };
  const client = (key: TestKey = EXCHANGE): Client =>
    createClient({
      baseUrl: "",
      sign: (request) => sign(key, request),
      fetch: async (target, { method, headers, body }) => {
        const answered = await ask({ method, target, headers, body });
        return {
          status: answered.status,
          headers: { get: (name) => textOf(answered.headers[name.toLowerCase()]) },
          text: async () => answered.text,
        };
      },
    });
  return {
    app,
    store,
    config,
    databaseUrl: database.url,
    now: () => now,
    advance: (ms) => {
      now = toUtcMillis(now + ms);
    },
    ask,
    askAs,
    client,
    sign,
    async expectBooksToBalance() {
      assertLedgerInOrder(await store.ledgerCheck());
    },
    async close() {
      await app.close();
      await store.close();
      await database.drop();
    },
  };
}

/** A problem document that came back. @throws when the answer is not one. */
export function problemOf(answered: Answered): Problem {
  return problem.parse(answered.json);
}

/** Status and code of a no, or status alone of a yes; for tables. */
export function verdict(answered: Answered): string {
  return answered.status < 400 ? String(answered.status) : `${answered.status} ${problemOf(answered).code}`;
}

const ROUTES = ROUTE_LIST.map((route) => ({
  ...route,
  form: new RegExp(`^${route.path.replaceAll(/:[a-zA-Z]+/g, "[^/]+").replaceAll(".", "\\.")}$`),
}));

function holdToContract(method: string, target: string, answered: Omit<Answered, "json">): unknown {
  const type = textOf(answered.headers["content-type"]) ?? "";
  if (answered.status === 304 || method === "HEAD") return null;
  if (!type.includes("json")) {
    if (answered.status >= 400)
      throw new Error(`${method} ${target}: ${answered.status} is no problem document: ${type}`);
    return null;
  }
  const json: unknown = JSON.parse(answered.text);
  const path = target.split("?", 1)[0] ?? target;
  const route = ROUTES.find((candidate) => candidate.method === method && candidate.form.test(path));
  if (route?.name === "ready") return route.answer.parse(json);
  if (answered.status >= 400) {
    if (!type.startsWith("application/problem+json")) throw new Error(`${method} ${target}: a no of type ${type}`);
    const told = problem.parse(json);
    if (told.status !== answered.status) throw new Error(`${method} ${target}: status ${told.status} in the body`);
    if (/\bat .*\(.*:\d+:\d+\)|node_modules|\/src\//.test(answered.text))
      throw new Error(`a stack trace: ${answered.text}`);
    return json;
  }
  if (route === undefined) return json;
  if (answered.status !== route.status) throw new Error(`${method} ${target}: ${answered.status}, not ${route.status}`);
  return route.answer.parse(json);
}

function textOf(value: string | string[] | number | undefined): string | null {
  return value === undefined ? null : String(value);
}
