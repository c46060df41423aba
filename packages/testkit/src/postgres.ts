import { createHash, randomUUID } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { applyMigrations, MIGRATIONS_FOLDER } from "@ballast/store";
import { Client } from "pg";

/*
 * A real PostgreSQL database for a test suite.
 *
 * Migrating takes longer than most tests, so it is done once into a template, which every suite clones. The name of the
 * template carries the hash of the migrations: a changed migration makes a new one.
 */

/** A migrated, empty database of the suite's own. */
export interface TestDatabase {
  readonly url: string;
  /** Runs statements behind everybody's back, on a connection of their own. */
  run(sql: string): Promise<void>;
  /** Drops the database, and stops the server if it was started for this suite. Close your connections before. */
  drop(): Promise<void>;
}

interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

/** One key for everybody who makes the template, whatever process they are in. */
const TEMPLATE_LOCK = 7_301_900;

/**
 * Clones a migrated database on the server of `TEST_DATABASE_URL`; without that variable a server is started for this
 * suite alone. Cost: about 100 ms for the clone, a second more for a server of its own.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = await testServer();
  const name = `ballast_test_${randomUUID().replaceAll("-", "")}`;
  const template = await ensureTemplate(server.url);
  await onServer(server.url, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  return {
    url: databaseUrl(server.url, name),
    run: (sql) => onServer(databaseUrl(server.url, name), async (client) => void (await client.query(sql))),
    async drop() {
      await onServer(server.url, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
      await server.stop();
    },
  };
}

async function testServer(): Promise<Server> {
  const given = process.env["TEST_DATABASE_URL"];
  if (given !== undefined && given !== "") return { url: given, stop: async () => undefined };
  const script = path.resolve(import.meta.dirname, "../../../scripts/embedded-postgres.mjs");
  const { startPostgres } = (await import(pathToFileURL(script).href)) as {
    startPostgres(options: object): Promise<{ url(database: string): string; stop(): Promise<void> }>;
  };
  const folder = await mkdtemp(path.join(tmpdir(), "ballast-test-"));
  // What a test writes need not survive the machine.
  const settings = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };
  const server = await startPostgres({ folder, password: "postgres", settings });
  return {
    url: server.url("postgres"),
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Name of the migrated template, made now if nobody has made it yet. */
async function ensureTemplate(serverUrl: string): Promise<string> {
  const template = `ballast_template_${await migrationsHash()}`;
  await onServer(serverUrl, async (client) => {
    await client.query("SELECT pg_advisory_lock($1)", [TEMPLATE_LOCK]);
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [template]);
    if (rowCount === 1) return;
    // Migrated under another name and renamed, so that a template cut short is never taken for a whole one.
    await client.query(`DROP DATABASE IF EXISTS ${template}_unfinished WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${template}_unfinished`);
    await applyMigrations(databaseUrl(serverUrl, `${template}_unfinished`));
    await client.query(`ALTER DATABASE ${template}_unfinished RENAME TO ${template}`);
  });
  return template;
}

async function migrationsHash(): Promise<string> {
  const hash = createHash("sha256");
  const entries = await readdir(MIGRATIONS_FOLDER, { withFileTypes: true });
  for (const name of entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()) {
    hash.update(name).update(await readFile(path.join(MIGRATIONS_FOLDER, name, "migration.sql")));
  }
  return hash.digest("hex").slice(0, 16);
}

async function onServer<Answer>(serverUrl: string, work: (client: Client) => Promise<Answer>): Promise<Answer> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}
