import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { depositJournal } from "@ballast/ledger";
import { createTestDatabase, type TestDatabase } from "@ballast/testkit";
import { ok } from "@ballast/model";
import { amount } from "@ballast/money";
import { Client } from "pg";
import { DatabaseUnavailable, LockTimedOut, StatementTimedOut } from "./faults.js";
import { assertLedgerInOrder } from "./ledger-check.js";
import type { Store } from "./store.js";
import { deposit } from "./testing/moves.js";
import { command, marketAt, NOON, open, openTestStore, USDC } from "./testing/world.js";

let database: TestDatabase;
let store: Store;
let operator: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  store = await openTestStore(database.url, {
    applicationName: "victim",
    lockTimeoutMs: 300,
    statementTimeoutMs: 2_000,
  });
  operator = new Client({ connectionString: database.url });
  await operator.connect();
}, 60_000);

afterAll(async () => {
  assertLedgerInOrder(await store.ledgerCheck());
  await operator.end();
  await store.close();
  await database.drop();
});

/** Ends every connection of the store that is inside a transaction, as a failing server would. */
async function killTransactions(): Promise<number> {
  const { rowCount } = await operator.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'victim' AND state LIKE 'idle in transaction%'`,
  );
  return rowCount ?? 0;
}

/** How many rows a command has left behind, anywhere. */
async function traces(key: string): Promise<Record<string, number>> {
  const { rows } = await operator.query<Record<string, number>>(
    `SELECT (SELECT count(*)::int FROM journal WHERE command_key = $1) AS journals,
            (SELECT count(*)::int FROM outbox WHERE payload->>'command' = $1) AS outbox,
            (SELECT count(*)::int FROM audit_record WHERE command_key = $1) AS audit,
            (SELECT count(*)::int FROM idempotency_key WHERE scope || '/' || key = $1) AS keys`,
    [`tests/${key}`],
  );
  return rows[0]!;
}

const NOTHING = { journals: 0, outbox: 0, audit: 0, keys: 0 };
const ONCE = { journals: 1, outbox: 1, audit: 1, keys: 1 };

describe("a connection that is lost in the middle of a command", () => {
  test("STORE-4: leaves nothing; the same command afterwards has its effect once", async () => {
    const [alice] = await open(store, ["alice"]);
    await store.publishSnapshot(command("marks"), marketAt(1, "10000"));
    const as = command("deposit");
    const attempt = (interrupt: () => Promise<unknown>) =>
      store.runCommand(as, [alice!], async (transaction) => {
        const journal = { key: as.key, at: NOON, account: alice!, asset: USDC, amount: amount("25") };
        await transaction.post([depositJournal(journal)]);
        await interrupt();
        return ok("DEPOSITED");
      });

    let killed = 0;
    const broken = attempt(async () => {
      killed = await killTransactions();
    });
    await expect(broken).rejects.toBeInstanceOf(DatabaseUnavailable);
    expect(killed).toBe(1);
    expect(await traces(as.key)).toEqual(NOTHING);
    expect((await store.account(alice!))?.balances.size).toBe(0);

    expect(await attempt(async () => undefined)).toEqual(ok({ replayed: false, response: "DEPOSITED" }));
    expect(await attempt(async () => undefined)).toEqual(ok({ replayed: true, response: "DEPOSITED" }));
    expect(await traces(as.key)).toEqual(ONCE);
    expect((await store.account(alice!))?.balances.get(USDC)?.toFixed()).toBe("25");
  });

  test("STORE-4: while idle in the pool, is replaced without anybody noticing", async () => {
    const [bob] = await open(store, ["bob"]);
    await operator.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'victim' AND state = 'idle'",
    );
    await untilNoConnections();
    expect(await deposit(store, bob!, "1")).toMatchObject({ ok: true });
  });
});

async function untilNoConnections(): Promise<void> {
  for (let look = 0; look < 1_000; look++) {
    const { rows } = await operator.query<{ count: number }>(
      "SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = 'victim'",
    );
    if (rows[0]!.count === 0) return;
  }
  throw new Error("expected the connections to be gone after 1,000 looks");
}

describe("a lock that somebody keeps", () => {
  test("STORE-4: is waited for up to the limit, and then named", async () => {
    const [carol] = await open(store, ["carol"]);
    await operator.query("BEGIN");
    await operator.query("SELECT FROM account WHERE id = 'carol' FOR UPDATE");
    const as = command("deposit");
    await expect(deposit(store, carol!, "1", USDC, as)).rejects.toBeInstanceOf(LockTimedOut);
    await operator.query("ROLLBACK");
    expect(await traces(as.key)).toEqual(NOTHING);
    expect(await deposit(store, carol!, "1", USDC, as)).toMatchObject({ ok: true });
  });

  test("STORE-4: a statement that takes too long is named, and its command undone", async () => {
    const slow = await openTestStore(database.url, { statementTimeoutMs: 100, lockTimeoutMs: 5_000 });
    const [dave] = await open(store, ["dave"]);
    await operator.query("BEGIN");
    await operator.query("SELECT FROM account WHERE id = 'dave' FOR UPDATE");
    await expect(deposit(slow, dave!, "1")).rejects.toBeInstanceOf(StatementTimedOut);
    await operator.query("ROLLBACK");
    await slow.close();
  });
});

describe("a deadlock with somebody who takes locks in another order", () => {
  test("STORE-4: undoes one side, and the command is run again", async () => {
    const [erin, frank] = await open(store, ["erin", "frank"]);
    const patient = await openTestStore(database.url, { lockTimeoutMs: 10_000 });
    await operator.query("SET deadlock_timeout = '10s'");
    await operator.query("BEGIN");
    await operator.query("SELECT FROM account WHERE id = 'frank' FOR UPDATE");
    let attempts = 0;
    const moving = patient.runCommand(command("move"), [erin!], async (transaction) => {
      attempts += 1;
      const journal = { key: `erin-${attempts}`, at: NOON, account: erin!, asset: USDC, amount: amount("1") };
      await transaction.post([depositJournal(journal)]);
      // Asks for frank, whom the operator holds, while holding erin, whom the operator asks for.
      if (attempts === 1) {
        void operator.query("SELECT FROM account WHERE id = 'erin' FOR UPDATE").then(() => operator.query("COMMIT"));
        await lockInside(transaction, frank!);
      }
      return ok(attempts);
    });
    expect(await moving).toEqual(ok({ replayed: false, response: 2 }));
    expect((await store.account(erin!))?.balances.get(USDC)?.toFixed()).toBe("1");
    await patient.close();
  });
});

/** Takes another account's lock on the transaction's own connection, out of order, as no code of ours does. */
async function lockInside(transaction: unknown, account: string): Promise<void> {
  const { session } = transaction as { session: { query(text: string, values: unknown[]): Promise<unknown> } };
  await session.query("SELECT FROM account WHERE id = $1 FOR UPDATE", [account]);
}
