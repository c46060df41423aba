import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { depositJournal } from "@ballast/ledger";
import { createTestDatabase, type TestDatabase } from "@ballast/testkit";
import { ok, reject } from "@ballast/model";
import { amount } from "@ballast/money";
import { ConstraintRefused } from "./faults.js";
import type { Json } from "./json.js";
import { assertLedgerInOrder } from "./ledger-check.js";
import type { Store } from "./store.js";
import { deposit } from "./testing/moves.js";
import { command, marketAt, NOON, open, openTestStore, USDC } from "./testing/world.js";

let database: TestDatabase;
let store: Store;
let twin: Store;

beforeAll(async () => {
  database = await createTestDatabase();
  store = await openTestStore(database.url);
  twin = await openTestStore(database.url);
}, 60_000);

afterAll(async () => {
  assertLedgerInOrder(await store.ledgerCheck());
  await twin.close();
  await store.close();
  await database.drop();
});

const balance = async (id: string) => {
  const account = await store.account(id as never);
  return account?.balances.get(USDC)?.toFixed() ?? "0";
};

describe("a key", () => {
  test("STORE-5: 50 parallel commands with the same key, from two processes' pools: one effect, identical answers", async () => {
    const [alice] = await open(store, ["alice"]);
    const as = command("deposit");
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => deposit(index % 2 === 0 ? store : twin, alice!, "10", USDC, as)),
    );
    expect(answers.filter((answer) => answer.ok && !answer.value.replayed)).toHaveLength(1);
    const responses = answers.map((answer) => JSON.stringify(answer.ok ? answer.value.response : answer.rejection));
    expect(new Set(responses)).toEqual(new Set(['"DEPOSITED"']));
    expect(await balance("alice")).toBe("10");
  });

  test("STORE-5: a replay answers the bytes of the first answer, whatever the order of its fields", async () => {
    const [bob] = await open(store, ["bob"]);
    const as = command("answer");
    const response: Json = { zebra: "1.10", apple: { second: 2, first: [1, null, true] }, "10": "ten", "9": "nine" };
    const answer = () => store.runCommand(as, [bob!], async () => ok(response));
    const first = await answer();
    const second = await answer();
    expect(first).toEqual(ok({ replayed: false, response }));
    expect(second.ok && JSON.stringify(second.value.response)).toBe(JSON.stringify(response));
    expect(second).toEqual(ok({ replayed: true, response }));
  });

  test("STORE-5: used for another request is refused, and nothing happens", async () => {
    const [carol] = await open(store, ["carol"]);
    const as = command("deposit");
    await deposit(store, carol!, "10", USDC, as);
    expect(await deposit(store, carol!, "20", USDC, { ...as, fingerprint: "another body" })).toEqual(
      reject({ code: "IDEMPOTENCY_KEY_REUSED", key: as.key }),
    );
    expect(await balance("carol")).toBe("10");
  });

  test("STORE-5: is free in another scope", async () => {
    const [dave] = await open(store, ["dave"]);
    const as = command("look");
    const look = (scope: string) => store.runCommand({ ...as, scope }, [dave!], async () => ok(scope));
    expect(await look("one")).toEqual(ok({ replayed: false, response: "one" }));
    expect(await look("two")).toEqual(ok({ replayed: false, response: "two" }));
  });

  test("STORE-5: is free again after a rejection", async () => {
    const [erin] = await open(store, ["erin"]);
    const as = command("second thoughts");
    const refused = await store.runCommand(as, [erin!], async (transaction) => {
      await transaction.post([deposited("erin-1", "5")]);
      return reject({ code: "MARKET_UNKNOWN" });
    });
    expect(refused).toEqual(reject({ code: "MARKET_UNKNOWN" }));
    expect(await balance("erin")).toBe("0");
    const accepted = await store.runCommand(as, [erin!], async (transaction) => {
      await transaction.post([deposited("erin-1", "5")]);
      return ok(null);
    });
    expect(accepted).toEqual(ok({ replayed: false, response: null }));
    expect(await balance("erin")).toBe("5");
  });

  test("STORE-5: used at the same time for different accounts, so that no lock is shared: one effect", async () => {
    const ids = await open(store, ["frank", "grace", "heidi", "ivan"]);
    const as = command("deposit");
    const answers = await Promise.all(ids.map((id) => deposit(store, id, "10", USDC, as)));
    expect(answers.filter((answer) => answer.ok && !answer.value.replayed)).toHaveLength(1);
    expect(answers.every((answer) => answer.ok)).toBe(true);
    const balances = await Promise.all(ids.map(balance));
    expect(balances.filter((held) => held !== "0")).toEqual(["10"]);
  });

  test("STORE-5: makes creating accounts and publishing marks happen once as well", async () => {
    const create = command("open");
    const account = { id: "judy" as never, kind: "USER", parent: null, name: "Judy" } as const;
    const created = await Promise.all([1, 2, 3].map(() => store.createAccounts(create, [account])));
    expect(created.map((answer) => answer.ok && answer.value.response.created)).toEqual([1, 1, 1]);
    const publish = command("marks");
    const published = await Promise.all([1, 2, 3].map(() => store.publishSnapshot(publish, marketAt(1, "10000"))));
    expect(published.filter((answer) => answer.ok && !answer.value.replayed)).toHaveLength(1);
    expect(published.every((answer) => answer.ok && answer.value.response.sequence === 1)).toBe(true);
  });
});

describe("a journal key", () => {
  test("STORE-5: posted under another command's key is refused by the database, with everything of that command", async () => {
    const [kim] = await open(store, ["kim"]);
    const post = (key: string) =>
      store.runCommand(command("post"), [kim!], async (transaction) => {
        await transaction.post([{ ...deposited("kim-0", "7"), key, postings: deposited("x", "7", "kim").postings }]);
        return ok(null);
      });
    await post("kim-1");
    const fault = await post("kim-1").catch((thrown: unknown) => thrown);
    expect(fault).toBeInstanceOf(ConstraintRefused);
    expect(fault).toMatchObject({ constraint: "journal_key_key" });
    expect(await balance("kim")).toBe("7");
  });

  test("STORE-5: a command can ask beforehand which keys are posted, its own included", async () => {
    const [lena] = await open(store, ["lena"]);
    await deposit(store, lena!, "1", USDC, command("deposit", { key: "lena-before" }));
    const answer = await store.runCommand(command("ask"), [lena!], async (transaction) => {
      await transaction.post([deposited("lena-now", "1", "lena")]);
      return ok([...(await transaction.posted(["lena-before", "lena-now", "lena-never"]))].sort());
    });
    expect(answer).toEqual(ok({ replayed: false, response: ["lena-before", "lena-now"] }));
  });
});

function deposited(key: string, text: string, account = "erin") {
  return depositJournal({ key, at: NOON, account: account as never, asset: USDC, amount: amount(text) });
}
