import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { depositJournal, transferJournal } from "@ballast/ledger";
import { createTestDatabase, type TestDatabase } from "@ballast/testkit";
import { type AccountId, compareIds, ok } from "@ballast/model";
import { amount, ZERO_AMOUNT } from "@ballast/money";
import { assertLedgerInOrder } from "./ledger-check.js";
import type { Store } from "./store.js";
import { inFlight } from "./testing/in-flight.js";
import { command, NOON, open, openTestStore, USDC } from "./testing/world.js";

let database: TestDatabase;
let store: Store;

beforeAll(async () => {
  database = await createTestDatabase();
  store = await openTestStore(database.url, { poolMax: 12 });
}, 60_000);

afterAll(async () => {
  await store.close();
  await database.drop();
});

/*
 * A ring of accounts with balances 1, 2, 3 … Every command takes three neighbours and hands their balances round. Whatever
 * the order, the ring always holds the same balances in some arrangement: one lost update, or one reader who sees half a
 * command, and it does not. Commands name their accounts in the order of the ring, not of the locks.
 */

const MEMBERS = 12;
const ROUNDS = 400;
const arrangement = (balances: readonly string[]) => [...balances].sort((a, b) => Number(a) - Number(b)).join(" ");
const EXPECTED = arrangement(Array.from({ length: MEMBERS }, (_, index) => String(index + 1)));

async function readRing(): Promise<string> {
  const accounts = await store.allAccounts();
  return arrangement(accounts.map((account) => (account.balances.get(USDC) ?? ZERO_AMOUNT).toFixed()));
}

/** first → second → third → first: each gets what the one before it holds. */
function handRound(ids: readonly AccountId[], key: string) {
  return store.runCommand(command("hand round"), ids, async (transaction) => {
    const held = ids.map((id) => transaction.account(id).balances.get(USDC) ?? ZERO_AMOUNT);
    for (const [index, from] of ids.entries()) {
      const to = ids[(index + 1) % ids.length]!;
      const journal = { key: `${key}-${index}`, at: NOON, from, to, asset: USDC, amount: amount(held[index]!) };
      await transaction.post([transferJournal(journal)]);
    }
    return ok(null);
  });
}

test("STORE-4: a ring of balances handed round by 10 workers holds the same balances at every look", async () => {
  const ids = await open(
    store,
    Array.from({ length: MEMBERS }, (_, index) => `ring-${String(index).padStart(2, "0")}`),
  );
  await store.runCommand(command("fill the ring"), ids, async (transaction) => {
    for (const [index, account] of ids.entries()) {
      const journal = { key: `start-${index}`, at: NOON, account, asset: USDC, amount: amount(String(index + 1)) };
      await transaction.post([depositJournal(journal)]);
    }
    return ok(null);
  });

  const looks: string[] = [];
  let working = true;
  const reader = (async () => {
    while (working) looks.push(await readRing());
  })();
  const rounds = Array.from({ length: ROUNDS }, (_, round) => round);
  await inFlight(rounds, 10, (round) => {
    const start = (round * 7) % MEMBERS;
    const neighbours = [0, 1, 2].map((step) => ids[(start + step * (round % 2 === 0 ? 1 : 5)) % MEMBERS]!);
    return handRound(neighbours, `round-${round}`);
  });
  working = false;
  await reader;

  expect(looks.length).toBeGreaterThan(10);
  expect(new Set(looks)).toEqual(new Set([EXPECTED]));
  expect(await readRing()).toBe(EXPECTED);
  const held = (await store.allAccounts()).map((account) => account.balances.get(USDC)?.toFixed());
  expect(held).not.toEqual([...held].sort((a, b) => compareIds(a ?? "", b ?? "")));
  assertLedgerInOrder(await store.ledgerCheck());
}, 60_000);
