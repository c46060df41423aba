import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createTestDatabase, type TestDatabase } from "@ballast/testkit";
import { accountId, ok, reject } from "@ballast/model";
import { Client } from "pg";
import type { Store } from "./store.js";
import { deposit, trade, withdraw } from "./testing/moves.js";
import { BTC_PERP, command, marketAt, open, openTestStore, USDC } from "./testing/world.js";

let database: TestDatabase;
let store: Store;
let observer: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  store = await openTestStore(database.url);
  observer = new Client({ connectionString: database.url });
  await observer.connect();
}, 60_000);

afterAll(async () => {
  await observer.end();
  await store.close();
  await database.drop();
});

const count = async (query: string, values: unknown[] = []) =>
  Number((await observer.query<{ count: string }>(query, values)).rows[0]?.count);

describe("a command", () => {
  test("STORE-4: leaves one journal, the new balance, one outbox row, one audit row and its key", async () => {
    const [alice] = await open(store, ["alice"]);
    const as = command("deposit");
    expect(await deposit(store, alice!, "1000.000000000000000001", USDC, as)).toEqual(
      ok({ replayed: false, response: "DEPOSITED" }),
    );
    const held = await store.account(alice!);
    expect(held?.balances.get(USDC)?.toFixed()).toBe("1000.000000000000000001");
    expect(await count("SELECT count(*) FROM journal WHERE command_key = $1", [`tests/${as.key}`])).toBe(1);
    expect(await count("SELECT count(*) FROM outbox WHERE payload->>'command' = $1", [`tests/${as.key}`])).toBe(1);
    expect(await count("SELECT count(*) FROM audit_record WHERE command_key = $1", [`tests/${as.key}`])).toBe(1);
    expect(await count("SELECT count(*) FROM idempotency_key WHERE key = $1", [as.key])).toBe(1);
  });

  test("STORE-4: a rejection leaves nothing, not even its key", async () => {
    const [bob] = await open(store, ["bob"]);
    const as = command("withdraw");
    const before = await count("SELECT count(*) FROM posting");
    const answer = await withdraw(store, bob!, "1", USDC, as);
    expect(answer).toMatchObject({ ok: false, rejection: { code: "MARKET_UNKNOWN" } });
    expect(await count("SELECT count(*) FROM posting")).toBe(before);
    expect(await count("SELECT count(*) FROM idempotency_key WHERE key = $1", [as.key])).toBe(0);
    expect(await count("SELECT count(*) FROM audit_record WHERE command_key = $1", [`tests/${as.key}`])).toBe(0);
  });

  test("STORE-4: an account that does not exist is named", async () => {
    expect(await deposit(store, accountId("nobody"), "1")).toEqual(
      reject({ code: "ACCOUNT_UNKNOWN", account: "nobody" }),
    );
  });

  test("STORE-4: what is not locked is neither read nor posted to", async () => {
    const [carol, dave] = await open(store, ["carol", "dave"]);
    const peek = store.runCommand(command(), [carol!], async (transaction) => {
      transaction.account(dave!);
      return ok(null);
    });
    await expect(peek).rejects.toThrow("STORE-4");
  });

  test("STORE-7: a fill judges both sides at the latest marks and opens a case for a breach", async () => {
    const [erin, maker] = await open(store, ["erin", "maker"]);
    await deposit(store, erin!, "1000");
    await deposit(store, maker!, "100000");
    await store.publishSnapshot(command("marks"), marketAt(1, "10000"));
    expect(await trade(store, erin!, maker!, "50", "10000")).toEqual(ok({ replayed: false, response: "FILLED" }));
    expect(await store.health(erin!)).toMatchObject({ state: "HEALTHY", sequence: 1, postingSequence: 4 });
    expect((await store.account(erin!))?.positions.get(BTC_PERP)?.quantity.toFixed()).toBe("50");

    await store.publishSnapshot(command("marks"), marketAt(2, "8400"));
    await store.runCommand(command("look"), [erin!], async () => ok(null));
    expect(await store.health(erin!)).toMatchObject({ state: "LIQUIDATABLE", sequence: 2 });
    expect(await store.listing(erin!)).toMatchObject({ openCase: 1 });
  });
});
