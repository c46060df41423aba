import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createTestDatabase, type TestDatabase } from "@ballast/testkit";
import { Client } from "pg";
import { MIGRATIONS_FOLDER } from "./migrate.js";
import { schemaDifference } from "./testing/schema-difference.js";

let database: TestDatabase;
let client: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
}, 60_000);

afterAll(async () => {
  await client.end();
  await database.drop();
});

describe("the models of prisma/ and its migrations", () => {
  test("Prisma's schema engine finds no difference between them", async () => {
    expect(await schemaDifference(database.url)).toEqual({ exitCode: 0, stdout: "No difference detected.\n" });
  });

  test("a column that the models do not know would be found", async () => {
    const planted = await createTestDatabase();
    const planter = new Client({ connectionString: planted.url });
    await planter.connect();
    await planter.query("ALTER TABLE position ADD COLUMN planted integer");
    await planter.end();
    const difference = await schemaDifference(planted.url);
    await planted.drop();
    expect(difference.exitCode).toBe(2);
    expect(difference.stdout).toContain("planted");
  });

  test("the invariants that are kept to be read are the ones that are installed", async () => {
    const folder = path.resolve(MIGRATIONS_FOLDER, "../invariants");
    const installed = (
      await Promise.all(
        (
          await readdir(MIGRATIONS_FOLDER, { withFileTypes: true })
        )
          .filter((entry) => entry.isDirectory())
          .map((entry) => readFile(path.join(MIGRATIONS_FOLDER, entry.name, "migration.sql"), "utf8")),
      )
    ).join("\n");
    const kept = await readdir(folder);
    expect(kept.length).toBeGreaterThan(0);
    for (const name of kept) {
      const text = await readFile(path.join(folder, name), "utf8");
      expect({ name, installed: installed.includes(text.trim()) }).toEqual({ name, installed: true });
    }
  });
});

interface NumericColumn {
  readonly table_name: string;
  readonly column_name: string;
  readonly numeric_precision: number;
  readonly numeric_scale: number;
}

/** Every column of a fractional type in this database: a new one is found by itself. */
async function fractionalColumns(types: readonly string[]): Promise<readonly NumericColumn[]> {
  const { rows } = await client.query<NumericColumn>(
    `SELECT table_name, column_name, numeric_precision, numeric_scale FROM information_schema.columns
      WHERE table_schema = 'public' AND data_type = ANY($1) ORDER BY table_name, column_name`,
    [types],
  );
  return rows;
}

/** Would the column's own checks accept this value? A check that answers NULL accepts. */
async function accepts(column: NumericColumn, value: string): Promise<boolean> {
  const { rows } = await client.query<{ check: string }>(
    `SELECT pg_get_expr(conbin, conrelid) AS check FROM pg_constraint
      WHERE contype = 'c' AND conrelid = $1::regclass
        AND conkey = ARRAY[(SELECT attnum FROM pg_attribute WHERE attrelid = $1::regclass AND attname = $2)]`,
    [column.table_name, column.column_name],
  );
  const checks = rows.map(({ check }) => `coalesce((${check}), true)`).join(" AND ") || "true";
  const answer = await client.query<{ accepted: boolean }>(
    `SELECT ${checks} AS accepted FROM (SELECT $1::numeric AS "${column.column_name}") AS one`,
    [value],
  );
  return answer.rows[0]!.accepted;
}

describe("every numeric column", () => {
  test("STORE-10: there are some, all NUMERIC(38,18), and no column is a float or money", async () => {
    const columns = await fractionalColumns(["numeric"]);
    expect(columns.length).toBeGreaterThanOrEqual(15);
    for (const column of columns) expect(column).toMatchObject({ numeric_precision: 38, numeric_scale: 18 });
    expect(await fractionalColumns(["real", "double precision", "money"])).toEqual([]);
  });

  test.each(["NaN", "Infinity", "-Infinity", "1e21", "-1e21", "100000000000000000001"])(
    "STORE-10: refuses %s by a check of its own, not only by its precision",
    async (value) => {
      for (const column of await fractionalColumns(["numeric"])) {
        const found = { column: `${column.table_name}.${column.column_name}`, accepted: await accepts(column, value) };
        expect(found).toEqual({ ...found, accepted: false });
      }
    },
  );

  test("STORE-10: a column without a check would be found", async () => {
    await client.query("CREATE TABLE planted (amount numeric(38,18) CHECK (amount >= 0))");
    const planted = { table_name: "planted", column_name: "amount", numeric_precision: 38, numeric_scale: 18 };
    expect(await accepts(planted, "NaN")).toBe(true);
    expect(await accepts(planted, "-Infinity")).toBe(false);
    await client.query("DROP TABLE planted");
  });

  test.each([
    ["NaN", "posting_amount_range"],
    ["-Infinity", undefined],
    ["Infinity", undefined],
    ["1e20", undefined],
  ])("STORE-10: a posting of %s is refused when it is inserted", async (value, constraint) => {
    const insert = client.query(
      `INSERT INTO posting (journal_id, leg, account_id, book, asset, amount, account_seq, previous_hash, hash)
       VALUES (1, 1, 'alice', 'collateral', 'USDC', $1, 1, repeat('0', 64), repeat('0', 64))`,
      [value],
    );
    await expect(insert).rejects.toMatchObject({ code: constraint === undefined ? "22003" : "23514", constraint });
  });
});
