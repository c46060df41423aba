import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { Client } from "pg";

/*
 * Applies prisma/migrations to a database.
 *
 * Start-up and tests do this in-process: the Prisma command line would want a native engine, and it takes seconds
 * where this takes milliseconds. What is recorded is what Prisma records (table `_prisma_migrations`, SHA-256 of the
 * file), and the advisory lock is Prisma's, so an operator may use either and both at once. One thing is stricter
 * here: a migration and its record are one transaction, so a migration that fails leaves nothing behind.
 */

/** The folder of the migrations in this repository; the same from `src` and from `dist`. */
export const MIGRATIONS_FOLDER = path.resolve(import.meta.dirname, "../../../prisma/migrations");

/** The session lock that Prisma takes while it migrates. */
const MIGRATION_LOCK = 72707369;

/** A database that this code must not touch: a migration was edited, failed half-way, or is not known here. */
export class MigrationRefused extends Error {
  override readonly name = "MigrationRefused";
}

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

interface RecordedMigration {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished_at: Date | null;
}

/**
 * Brings the database to the newest migration and returns the names of those applied now, oldest first.
 *
 * Safe to run from many processes at once: the later ones wait, then find nothing to do.
 */
export async function applyMigrations(
  connectionString: string,
  folder: string = MIGRATIONS_FOLDER,
): Promise<readonly string[]> {
  const migrations = await readMigrations(folder);
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK]);
    await createRecordTable(client);
    const pending = pendingMigrations(migrations, await recordedMigrations(client));
    for (const migration of pending) {
      await apply(client, migration);
    }
    return pending.map((migration) => migration.name);
  } finally {
    // Closing the session gives the lock back.
    await client.end();
  }
}

async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(path.join(folder, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

async function createRecordTable(client: Client): Promise<void> {
  await client.query(`
    CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
      "id" VARCHAR(36) PRIMARY KEY NOT NULL,
      "checksum" VARCHAR(64) NOT NULL,
      "finished_at" TIMESTAMPTZ,
      "migration_name" VARCHAR(255) NOT NULL,
      "logs" TEXT,
      "rolled_back_at" TIMESTAMPTZ,
      "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
      "applied_steps_count" INTEGER NOT NULL DEFAULT 0
    )`);
}

async function recordedMigrations(client: Client): Promise<readonly RecordedMigration[]> {
  const { rows } = await client.query<RecordedMigration>(
    `SELECT migration_name, checksum, finished_at FROM "_prisma_migrations"
      WHERE rolled_back_at IS NULL ORDER BY migration_name`,
  );
  return rows;
}

/** The migrations still to apply, in order; refuses a history that is not a beginning of `migrations`. */
function pendingMigrations(
  migrations: readonly Migration[],
  recorded: readonly RecordedMigration[],
): readonly Migration[] {
  recorded.forEach((record, index) => {
    const expected = migrations[index];
    if (expected?.name !== record.migration_name) {
      throw new MigrationRefused(
        `the database has migration ${record.migration_name} where this version expects ${expected?.name ?? "none"}; ` +
          "it belongs to another version of Ballast",
      );
    }
    if (record.finished_at === null) {
      throw new MigrationRefused(`migration ${record.migration_name} was begun and never finished; repair it first`);
    }
    if (record.checksum !== expected.checksum) {
      throw new MigrationRefused(`migration ${record.migration_name} was edited after it had been applied`);
    }
  });
  return migrations.slice(recorded.length);
}

async function apply(client: Client, migration: Migration): Promise<void> {
  await client.query("BEGIN");
  try {
    await client.query(migration.sql);
    await client.query(
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at, applied_steps_count)
        VALUES ($1, $2, $3, now(), 1)`,
      [randomUUID(), migration.checksum, migration.name],
    );
    await client.query("COMMIT");
  } catch (fault) {
    await client.query("ROLLBACK");
    throw new Error(`migration ${migration.name} failed and left nothing behind`, { cause: fault });
  }
}
