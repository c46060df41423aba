import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { depositJournal, fillJournal, type Journal } from "@ballast/ledger";
import { createTestDatabase, type TestDatabase } from "@ballast/testkit";
import { type Account, type AccountId, contractValue, type MarketSnapshot, ok } from "@ballast/model";
import { amount, price, quantity, ZERO_AMOUNT } from "@ballast/money";
import { Pool } from "pg";
import { assertLedgerInOrder } from "./ledger-check.js";
import { type AccountRow, accountState, selectAccounts } from "./rows/account-row.js";
import type { Store } from "./store.js";
import { inFlight } from "./testing/in-flight.js";
import { trade, withdraw } from "./testing/moves.js";
import { BTC, BTC_PERP, command, judge, linear, marketAt, NOON, open, openTestStore, USDC } from "./testing/world.js";

/*
 * Two things that are each allowed, and together are not, at the same time. Each race is also run the way it must not be
 * done, so that it is known to be able to fail: the same reading, judging and writing in READ COMMITTED, without the lock.
 */

let database: TestDatabase;
let store: Store;
const market: MarketSnapshot = marketAt(1, "10000");

beforeEach(async () => {
  database = await createTestDatabase();
  store = await openTestStore(database.url, { poolMax: 12 });
  await store.publishSnapshot(command("marks"), market);
}, 60_000);

afterEach(async () => {
  await store.close();
  await database.drop();
});

const isBreached = (account: Account): boolean => {
  const { summary } = judge(account, market);
  return summary.equityWithoutProfit.lt(summary.initialMargin);
};

/** Opens accounts that hold these funds, and are long so many contracts from a maker at the mark; in one command each. */
async function accountsWith(count: number, funds: { usdc: string; btc: string; contracts: string }) {
  const [maker] = await open(store, ["maker"], "MARKET_MAKER");
  const ids = await open(
    store,
    Array.from({ length: count }, (_, index) => `racer-${String(index).padStart(4, "0")}`),
  );
  const answer = await store.runCommand(command("prepare"), [maker!, ...ids], async (transaction) => {
    const put = (account: AccountId, asset: typeof USDC, text: string): Journal =>
      depositJournal({ key: `${account}-${asset}`, at: NOON, account, asset, amount: amount(text) });
    await transaction.post([put(maker!, USDC, "100000000")]);
    for (const id of ids) {
      await transaction.post([put(id, USDC, funds.usdc)]);
      if (funds.btc !== "0") await transaction.post([put(id, BTC, funds.btc)]);
      if (funds.contracts === "0") continue;
      const terms = {
        kind: "FILL",
        at: NOON,
        instrument: linear,
        buyerFee: ZERO_AMOUNT,
        sellerFee: ZERO_AMOUNT,
      } as const;
      const sides = { buyer: transaction.account(id), seller: transaction.account(maker!) };
      const fill = { key: `${id}-fill`, quantity: quantity(funds.contracts), price: price("10000") };
      await transaction.post([fillJournal({ ...terms, ...sides, ...fill })]);
    }
    return ok(null);
  });
  expect(answer.ok).toBe(true);
  return { maker: maker!, ids };
}

async function breachesAmong(ids: readonly AccountId[]): Promise<number> {
  const racing = new Set(ids);
  const accounts = await store.allAccounts();
  return accounts.filter((account) => racing.has(account.id) && isBreached(account)).length;
}

/** How the check must not be made: read, judge, write, with nothing that keeps others out in between. */
async function unlocked(
  pool: Pool,
  id: AccountId,
  change: (account: Account) => {
    readonly after: Account;
    readonly write: readonly [sql: string, values: readonly string[]];
  },
): Promise<boolean> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN ISOLATION LEVEL READ COMMITTED");
    const { rows } = await client.query<AccountRow>(selectAccounts("NAMED"), [`{${id}}`]);
    const { after, write } = change(accountState(rows[0]!).account);
    const allowed = !isBreached(after);
    if (allowed) await client.query(write[0], [...write[1]]);
    await client.query(allowed ? "COMMIT" : "ROLLBACK");
    return allowed;
  } finally {
    client.release();
  }
}

function withdrawUnlocked(pool: Pool, id: AccountId, asset: typeof USDC, text: string): Promise<boolean> {
  return unlocked(pool, id, (account) => {
    const balance = amount((account.balances.get(asset) ?? ZERO_AMOUNT).sub(amount(text)));
    return {
      after: { ...account, balances: new Map(account.balances).set(asset, balance) },
      write: [
        "UPDATE collateral_balance SET amount = amount - $3 WHERE account_id = $1 AND asset = $2",
        [id, asset, text],
      ],
    };
  });
}

function buyUnlocked(pool: Pool, id: AccountId, contracts: string): Promise<boolean> {
  return unlocked(pool, id, (account) => {
    const entryCash = amount(contractValue(linear, quantity(contracts), price("10000")).neg());
    const position = { instrument: BTC_PERP, quantity: quantity(contracts), entryCash };
    return {
      after: { ...account, positions: new Map(account.positions).set(BTC_PERP, position) },
      write: ["INSERT INTO position VALUES ($1, $2, $3, $4)", [id, BTC_PERP, contracts, entryCash.toFixed()]],
    };
  });
}

describe("two withdrawals of different assets that the margin allows one of", () => {
  // 600 USDC and 0.06 BTC at 10,000: equity 1,200. Long 70 contracts: initial margin 700. Each takes 400 out.
  const funds = { usdc: "600", btc: "0.06", contracts: "70" };

  test("STORE-4: 1,000 rounds: exactly one of the two every time, no breach", async () => {
    const { ids } = await accountsWith(1000, funds);
    const rounds = await inFlight(ids, 6, (id) =>
      Promise.all([withdraw(store, id, "400", USDC), withdraw(store, id, "0.04", BTC)]),
    );
    const paid = rounds.map((answers) => answers.filter((answer) => answer.ok).length);
    expect(paid.filter((count) => count !== 1)).toEqual([]);
    const refused = rounds.flat().filter((answer) => !answer.ok);
    expect(new Set(refused.map((answer) => (answer.ok ? "" : answer.rejection.code)))).toEqual(
      new Set(["WITHDRAWAL_EXCEEDS_MARGIN"]),
    );
    expect(await breachesAmong(ids)).toBe(0);
    assertLedgerInOrder(await store.ledgerCheck());
  }, 120_000);

  test("without the lock the same race breaches", async () => {
    const { ids } = await accountsWith(100, funds);
    const pool = new Pool({ connectionString: database.url, max: 12 });
    await inFlight(ids, 6, (id) =>
      Promise.all([withdrawUnlocked(pool, id, USDC, "400"), withdrawUnlocked(pool, id, BTC, "0.04")]),
    );
    await pool.end();
    expect(await breachesAmong(ids)).toBeGreaterThan(0);
  }, 60_000);
});

describe("a fill and a withdrawal that the margin allows one of", () => {
  // 1,000 USDC. The fill of 50 contracts at 10,000 needs 500, the withdrawal leaves 100.
  const funds = { usdc: "1000", btc: "0", contracts: "0" };

  test("STORE-4: 300 rounds: exactly one of the two every time, no breach", async () => {
    const { maker, ids } = await accountsWith(300, funds);
    const rounds = await inFlight(ids, 6, (id) =>
      Promise.all([withdraw(store, id, "900"), trade(store, id, maker, "50", "10000")]),
    );
    const done = rounds.map((answers) => answers.filter((answer) => answer.ok).length);
    expect(done.filter((count) => count !== 1)).toEqual([]);
    expect(await breachesAmong(ids)).toBe(0);
    assertLedgerInOrder(await store.ledgerCheck());
  }, 120_000);

  test("without the lock the same race breaches", async () => {
    const { ids } = await accountsWith(100, funds);
    const pool = new Pool({ connectionString: database.url, max: 12 });
    await inFlight(ids, 6, (id) => Promise.all([withdrawUnlocked(pool, id, USDC, "900"), buyUnlocked(pool, id, "50")]));
    await pool.end();
    expect(await breachesAmong(ids)).toBeGreaterThan(0);
  }, 60_000);
});
