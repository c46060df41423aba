import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { Client } from "pg";
import { applyMigrations, MIGRATIONS_FOLDER } from "./migrate.js";

const admin = process.env["TEST_DATABASE_URL"];
if (admin === undefined)
  throw new Error("TEST_DATABASE_URL is not set: expected the address of a PostgreSQL for tests");

let database: string;
let folder: string;
let serial = 0;

async function ask(connectionString: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

beforeEach(async () => {
  serial += 1;
  const name = `migrate_${process.pid}_${serial}`;
  await ask(admin, `CREATE DATABASE ${name}`);
  const address = new URL(admin);
  address.pathname = `/${name}`;
  database = address.href;
  folder = await mkdtemp(path.join(tmpdir(), "ballast-migrations-"));
});

afterEach(async () => {
  await ask(admin, `DROP DATABASE ${new URL(database).pathname.slice(1)}`);
  await rm(folder, { recursive: true, force: true });
});

async function migration(name: string, sql: string): Promise<void> {
  await mkdir(path.join(folder, name), { recursive: true });
  await writeFile(path.join(folder, name, "migration.sql"), sql);
}

const recorded = () =>
  ask(database, `SELECT migration_name, applied_steps_count FROM "_prisma_migrations" ORDER BY migration_name`);

test("migrations are applied in the order of their names, once, and recorded as Prisma records them", async () => {
  await migration("20200102_second", "ALTER TABLE thing ADD COLUMN size int");
  await migration("20200101_first", "CREATE TABLE thing (id text); CREATE INDEX thing_id ON thing (id);");
  expect(await applyMigrations(database, folder)).toEqual(["20200101_first", "20200102_second"]);
  expect(await applyMigrations(database, folder)).toEqual([]);
  await migration("20200103_third", "DROP TABLE thing");
  expect(await applyMigrations(database, folder)).toEqual(["20200103_third"]);
  expect(await recorded()).toEqual([
    { migration_name: "20200101_first", applied_steps_count: 1 },
    { migration_name: "20200102_second", applied_steps_count: 1 },
    { migration_name: "20200103_third", applied_steps_count: 1 },
  ]);
});

test("processes that start together apply each migration once", async () => {
  await migration("20200101_first", "CREATE TABLE thing (id text); SELECT pg_sleep(0.05);");
  const applied = await Promise.all(Array.from({ length: 6 }, () => applyMigrations(database, folder)));
  expect(applied.flat()).toEqual(["20200101_first"]);
});

test("a migration that fails leaves nothing behind and can be repaired", async () => {
  await migration("20200101_first", "CREATE TABLE thing (id text); SELECT 1 / 0;");
  await expect(applyMigrations(database, folder)).rejects.toThrow("migration 20200101_first failed");
  expect(await recorded()).toEqual([]);
  await migration("20200101_first", "CREATE TABLE thing (id text)");
  expect(await applyMigrations(database, folder)).toEqual(["20200101_first"]);
});

test("a migration that was edited after it was applied is refused", async () => {
  await migration("20200101_first", "CREATE TABLE thing (id text)");
  await applyMigrations(database, folder);
  await migration("20200101_first", "CREATE TABLE thing (id text NOT NULL)");
  await expect(applyMigrations(database, folder)).rejects.toThrow("was edited after it had been applied");
});

test("a database of a later version is refused", async () => {
  await migration("20200101_first", "CREATE TABLE thing (id text)");
  await migration("20200102_second", "DROP TABLE thing");
  await applyMigrations(database, folder);
  await rm(path.join(folder, "20200102_second"), { recursive: true });
  await expect(applyMigrations(database, folder)).rejects.toThrow("it belongs to another version of Ballast");
});

test("a migration that the Prisma command line left half done is refused", async () => {
  await migration("20200101_first", "CREATE TABLE thing (id text)");
  await applyMigrations(database, folder);
  await ask(database, `UPDATE "_prisma_migrations" SET finished_at = NULL`);
  await expect(applyMigrations(database, folder)).rejects.toThrow("was begun and never finished");
});

test("this repository's migrations apply to an empty database", async () => {
  const applied = await applyMigrations(database, MIGRATIONS_FOLDER);
  expect(applied.length).toBeGreaterThan(0);
  expect(await applyMigrations(database)).toEqual([]);
});
