import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createTestDatabase, type TestDatabase } from "@ballast/testkit";
import { type AccountId, INSURANCE_FUND, ok } from "@ballast/model";
import { assertLedgerInOrder } from "./ledger-check.js";
import type { Assess } from "./assess.js";
import type { Store } from "./store.js";
import { inFlight } from "./testing/in-flight.js";
import { deposit, trade } from "./testing/moves.js";
import { command, judge, marketAt, open, openTestStore } from "./testing/world.js";

let database: TestDatabase;
let store: Store;

beforeEach(async () => {
  database = await createTestDatabase();
  store = await openTestStore(database.url, { poolMax: 12 });
}, 60_000);

afterEach(async () => {
  assertLedgerInOrder(await store.ledgerCheck());
  await store.close();
  await database.drop();
});

const publish = async (sequence: number, bitcoin: string, through = store) => {
  const answer = await through.publishSnapshot(command("marks"), marketAt(sequence, bitcoin));
  expect(answer.ok).toBe(true);
};

/** What the liquidator does with an account it was told to look at, as far as memory sees it. */
const look = (id: AccountId, through = store) =>
  through.runCommand(command("look"), [id], async (transaction) => {
    const breach = await transaction.cases.openCase(id);
    if (breach !== null) {
      await transaction.cases.advance(id, breach.epoch, { stage: breach.stage, worked: transaction.market!.sequence });
    }
    return ok(null);
  });

/** A trader long `contracts` at 10,000 with so much money, against a rich maker. */
async function traders(names: readonly string[], funds: string, contracts: string): Promise<readonly AccountId[]> {
  const [maker] = await open(store, ["maker"], "MARKET_MAKER");
  await deposit(store, maker!, "10000000");
  const ids = await open(store, names);
  await publish(1, "10000");
  await store.scanSnapshot(1);
  for (const id of ids) {
    await deposit(store, id, funds);
    expect(await trade(store, id, maker!, contracts, "10000")).toMatchObject({ ok: true });
  }
  return ids;
}

describe("a scan", () => {
  test("STORE-7: judges everybody, opens a case for each breach, and marks the snapshot SCANNED", async () => {
    const [safe, weak] = await traders(["safe", "weak"], "1000", "50");
    await deposit(store, safe!, "5000");
    await publish(2, "8400");
    expect(await store.snapshotStatus(2)).toBe("NEW");
    expect(await store.scanSnapshot(2)).toEqual({
      sequence: 2,
      scanned: true,
      states: { HEALTHY: 2, MARGIN_CALL: 0, LIQUIDATABLE: 1, BANKRUPT: 0 },
      opened: [weak],
    });
    expect(await store.snapshotStatus(2)).toBe("SCANNED");
    expect(await store.openCases()).toMatchObject([
      { account: weak, epoch: 1, stage: "REDUCE", openedSequence: 2, workedSequence: 1, stepCount: 0 },
    ]);
  });

  test("LIQUIDATION-20: the snapshot of some time before is the newest that is old enough, whoever published what since", async () => {
    const at = (sequence: number) => marketAt(1, "1").at + sequence * 60_000;
    for (const sequence of [1, 2, 3, 9, 20]) {
      const market = { ...marketAt(sequence, "10000"), at: at(sequence) as ReturnType<typeof marketAt>["at"] };
      await store.publishSnapshot(command("marks"), market);
    }
    const before = async (sequence: number, minutes: number) => {
      const market = await store.snapshot(sequence);
      return market && (await store.snapshotBefore(market, minutes * 60_000))?.sequence;
    };
    expect(await before(9, 6)).toBe(3);
    expect(await before(9, 7)).toBe(2);
    expect(await before(9, 0)).toBe(3);
    expect(await before(20, 15)).toBe(3);
    expect(await before(1, 15)).toBeUndefined();
  });

  test("STORE-7: done twice changes nothing and opens nothing", async () => {
    await traders(["weak"], "1000", "50");
    await publish(2, "8400");
    const first = await store.scanSnapshot(2);
    expect(await store.scanSnapshot(2)).toEqual({ ...first, scanned: false, opened: [] });
    expect(await store.openCases()).toHaveLength(1);
  });

  test("STORE-7: done by two workers at once is done once", async () => {
    await traders(["weak"], "1000", "50");
    await publish(2, "8400");
    const scans = await Promise.all([store.scanSnapshot(2), store.scanSnapshot(2), store.scanSnapshot(2)]);
    expect(scans.filter(({ scanned }) => scanned)).toHaveLength(1);
    expect(await store.openCases()).toHaveLength(1);
  });

  test("STORE-7: never opens a case for the insurance fund, whatever it holds", async () => {
    await open(store, [INSURANCE_FUND], "INSURANCE_FUND");
    const [maker] = await open(store, ["maker"], "MARKET_MAKER");
    await publish(1, "10000");
    await deposit(store, maker!, "100000");
    await deposit(store, INSURANCE_FUND, "1000");
    await trade(store, INSURANCE_FUND, maker!, "50", "10000");
    await publish(2, "8400");
    expect(await store.scanSnapshot(2)).toMatchObject({ states: { LIQUIDATABLE: 1 }, opened: [] });
  });

  test("STORE-7: tells of a breach before the verdicts of everybody else are written, and waits for the answer", async () => {
    const [safe, weak] = await traders(["safe", "weak"], "1000", "50");
    await deposit(store, safe!, "5000");
    await publish(2, "8400");
    const told: unknown[] = [];
    const scan = await store.scanSnapshot(2, undefined, async (accounts) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      told.push(accounts, (await store.health(weak!))?.sequence, (await store.health(safe!))?.sequence);
    });
    expect(told).toEqual([[weak], 2, 1]);
    expect((await store.health(safe!))?.sequence).toBe(2);
    expect(scan.opened).toEqual([weak]);
  });

  test("STORE-7: who was not known to be near is found all the same, after those who were", async () => {
    const [known, unknown] = await traders(["known", "unknown"], "1000", "50");
    await database.run("DELETE FROM account_health WHERE account_id = 'unknown'");
    await publish(2, "8400");
    const told: (readonly AccountId[])[] = [];
    const scan = await store.scanSnapshot(2, undefined, (accounts) => void told.push(accounts));
    expect(told).toEqual([[known], [unknown]]);
    expect(scan).toMatchObject({ opened: [known, unknown], states: { LIQUIDATABLE: 2 } });
    expect((await store.openCases()).map(({ account }) => account)).toEqual([known, unknown]);
  });

  test("STORE-7: takes the batch judge it is given, which must judge everybody", async () => {
    await traders(["weak"], "1000", "50");
    await publish(2, "8400");
    await expect(store.scanSnapshot(2, () => [])).rejects.toThrow("STORE-7");
    expect(await store.snapshotStatus(2)).toBe("NEW");
    const scan = await store.scanSnapshot(2, (accounts, market) => accounts.map((account) => judge(account, market)));
    expect(scan.opened).toHaveLength(1);
  });
});

describe("a scan and a command at the same time", () => {
  test("STORE-7: what a command found out at older prices is not overwritten, and its account is due", async () => {
    const [trader] = await traders(["trader"], "1000", "50");
    const [maker] = await store.accountIdsOfKind("MARKET_MAKER");
    const earlier = (await store.journals(trader!, { limit: 1 })).items[0]!.journal;
    const [fill] = await store.journalsByKey([earlier]);
    // The command has read snapshot 1 and holds the locks; snapshot 2 is published and scanned before it commits.
    await store.runCommand(command("slow fill"), [trader!, maker!], async (transaction) => {
      expect(transaction.market?.sequence).toBe(1);
      await publish(2, "9990");
      expect(await store.scanSnapshot(2)).toMatchObject({ scanned: true });
      expect(await store.health(trader!)).toMatchObject({ sequence: 2 });
      await transaction.post([{ ...fill!, key: "the same again" }]);
      return ok(null);
    });
    // The scan's verdict was on the state before the fill; the command's, on the newer state, has replaced it.
    expect(await store.health(trader!)).toMatchObject({ sequence: 1 });
    expect(await store.dueWork()).toMatchObject({ scan: null, lookAgain: [maker, trader], waterfall: null });
    await look(trader!);
    await look(maker!);
    expect(await store.health(trader!)).toMatchObject({ sequence: 2 });
    expect(await store.dueWork()).toMatchObject({ scan: null, lookAgain: [], waterfall: 2 });
  });

  test("STORE-7: 12 snapshots are scanned while 6 workers trade: afterwards nobody's verdict is wrong and unseen", async () => {
    const ids = await traders(
      Array.from({ length: 12 }, (_, index) => `trader-${index}`),
      "20000",
      "10",
    );
    const [maker] = await store.accountIdsOfKind("MARKET_MAKER");
    const prices = ["10000", "9000", "8000", "7000", "6000", "5000", "6000", "7000", "8000", "4000", "3000", "9000"];
    let sequence = 1;
    const scanning = (async () => {
      for (const bitcoin of prices) {
        sequence += 1;
        await publish(sequence, bitcoin);
        await store.scanSnapshot(sequence);
      }
    })();
    const rounds = Array.from({ length: 150 }, (_, round) => round);
    await inFlight(rounds, 6, async (round) => {
      const price = (await store.latestSnapshot())!.markPrices.values().next().value!.toFixed();
      return trade(store, ids[round % ids.length]!, maker!, round % 3 === 0 ? "-7" : "5", price);
    });
    await scanning;

    const market = (await store.latestSnapshot())!;
    const due = await store.dueWork();
    const open = new Map((await store.openCases()).map((breach) => [breach.account, breach]));
    for (const account of await store.allAccounts()) {
      const stored = await store.health(account.id);
      const truth = judge(account, market);
      const seen = due.lookAgain.includes(account.id);
      const right = stored?.sequence === market.sequence && stored.state === truth.state;
      expect({ account: account.id, seen: seen || right }).toEqual({ account: account.id, seen: true });
      if (!seen && truth.state !== "HEALTHY" && truth.state !== "MARGIN_CALL") expect(open.has(account.id)).toBe(true);
    }
    // Looking again at what is due leaves nothing that is wrong.
    for (const id of due.lookAgain) await look(id);
    for (const account of await store.allAccounts()) {
      const stored = await store.health(account.id);
      expect({ account: account.id, state: stored?.state }).toEqual({
        account: account.id,
        state: judge(account, market).state,
      });
    }
    expect((await store.dueWork()).lookAgain).toEqual([]);
  }, 60_000);
});

describe("due work and settlement", () => {
  test("STORE-8: a tick from publication to settlement, told by the tables alone", async () => {
    const [weak] = await traders(["weak"], "1000", "50");
    expect(await store.settleSnapshot(1)).toBe(true);
    await publish(2, "8400");
    expect(await store.dueWork()).toMatchObject({ scan: 2, lookAgain: [], waterfall: null });
    expect(await store.settleSnapshot(2)).toBe(false);

    await store.scanSnapshot(2);
    expect(await store.dueWork()).toMatchObject({ scan: null, lookAgain: [weak], waterfall: null });
    expect(await store.settleSnapshot(2)).toBe(false);

    await look(weak!);
    expect(await store.dueWork()).toMatchObject({ scan: null, lookAgain: [], waterfall: 2 });
    expect(await store.settleSnapshot(2)).toBe(true);
    expect(await store.settleSnapshot(2)).toBe(true);
    expect(await store.snapshotStatus(2)).toBe("SETTLED");
    expect(await store.dueWork()).toMatchObject({ scan: null, lookAgain: [], waterfall: null });

    await publish(3, "8390");
    await store.scanSnapshot(3);
    expect((await store.dueWork()).lookAgain).toEqual([weak]);
  });

  test("STORE-8: an open takeover waits for the waterfall, which must close it before the tick settles", async () => {
    const [weak] = await traders(["weak"], "1000", "50");
    await publish(2, "8400");
    await store.scanSnapshot(2);
    const move = (to: "TAKEOVER" | "CLOSED") =>
      store.runCommand(command("move"), [weak!], async (transaction) => {
        const outcome = to === "CLOSED" ? ({ outcome: "TAKEN_OVER" } as const) : {};
        await transaction.cases.advance(weak!, 1, { stage: to, worked: 2, ...outcome });
        return ok(null);
      });
    await move("TAKEOVER");
    expect(await store.dueWork()).toMatchObject({ scan: null, lookAgain: [], waterfall: 2 });
    expect(await store.settleSnapshot(2)).toBe(false);
    await move("CLOSED");
    expect(await store.settleSnapshot(2)).toBe(true);
    expect(await store.case(weak!, 1)).toMatchObject({ stage: "CLOSED", outcome: "TAKEN_OVER", closedSequence: 2 });
  });

  test("STORE-8: an unfinished step is due whatever the snapshot, and keeps the tick open", async () => {
    const [weak] = await traders(["weak"], "1000", "50");
    await publish(2, "8400");
    await store.scanSnapshot(2);
    await store.runCommand(command("intend"), [weak!], async (transaction) => {
      const step = { account: weak!, epoch: 1, step: 1, kind: "REDUCE", status: "INTENT", sequence: 2 } as const;
      await transaction.cases.intend({ ...step, plan: {}, result: null, engineVersion: 1, inputs: {} }, [], 5_000);
      await transaction.cases.advance(weak!, 1, { stage: "REDUCE", worked: 2 });
      return ok(null);
    });
    expect(await store.dueWork()).toMatchObject({ lookAgain: [], waterfall: null });
    await store.letGo({ account: weak!, epoch: 1, step: 1, fence: 1 });
    expect(await store.dueWork()).toMatchObject({ scan: null, lookAgain: [weak], waterfall: null });
    expect(await store.settleSnapshot(2)).toBe(false);
    await store.runCommand(command("complete"), [weak!], async (transaction) => {
      await transaction.cases.complete({ account: weak!, epoch: 1, step: 1, fence: 1 }, { filled: "0" });
      return ok(null);
    });
    expect(await store.settleSnapshot(2)).toBe(true);
  });

  test("STORE-8: the oldest snapshot is scanned first, and settling the newest settles what it has overtaken", async () => {
    await traders(["trader"], "10000", "10");
    await publish(2, "10010");
    await publish(3, "10020");
    expect((await store.dueWork()).scan).toBe(2);
    await store.scanSnapshot(2);
    expect((await store.dueWork()).scan).toBe(3);
    await store.scanSnapshot(3);
    expect((await store.dueWork()).waterfall).toBe(3);
    expect(await store.settleSnapshot(3)).toBe(true);
    expect([await store.snapshotStatus(1), await store.snapshotStatus(2)]).toEqual(["SETTLED", "SETTLED"]);
  });

  test("STORE-8: marks older than the latest, or as old, are refused and change nothing", async () => {
    await publish(5, "10000");
    for (const sequence of [4, 5]) {
      const answer = await store.publishSnapshot(command("marks"), marketAt(sequence, "1"));
      expect(answer).toEqual({ ok: false, rejection: { code: "MARKS_OUT_OF_ORDER", received: sequence, latest: 5 } });
    }
    expect(await store.latestSnapshot()).toEqual(marketAt(5, "10000"));
  });

  test("STORE-8: a quick question finds what a thorough one finds, save a stale verdict behind a settled snapshot", async () => {
    const [weak] = await traders(["weak"], "1000", "50");
    await publish(2, "8400");
    expect(await store.dueWork("QUICK")).toMatchObject({ scan: 2, lookAgain: [], waterfall: null });
    await store.scanSnapshot(2);
    expect(await store.dueWork("QUICK")).toEqual(await store.dueWork());
    await look(weak!);
    await database.run("UPDATE account_health SET sequence = 1 WHERE account_id = 'weak'");
    expect(await store.dueWork("QUICK")).toMatchObject({ lookAgain: [weak], waterfall: null });
    await database.run("UPDATE account_health SET sequence = 2 WHERE account_id = 'weak'");
    expect(await store.settleSnapshot(2)).toBe(true);
    await database.run("UPDATE account_health SET sequence = 1 WHERE account_id = 'weak'");
    expect(await store.dueWork("QUICK")).toMatchObject({ lookAgain: [] });
    expect(await store.dueWork("THOROUGH")).toMatchObject({ lookAgain: [weak] });
  });

  test("STORE-8: a frozen account is left to people: not due, not in the way, not to be changed", async () => {
    const [weak] = await traders(["weak"], "1000", "50");
    await publish(2, "8400");
    await store.scanSnapshot(2);
    await store.setFrozen(command("freeze"), weak!, true);
    expect(await store.dueWork()).toMatchObject({ scan: null, lookAgain: [], waterfall: 2 });
    expect(await look(weak!)).toEqual({ ok: false, rejection: { code: "ACCOUNT_FROZEN", account: weak } });
    await store.setFrozen(command("thaw"), weak!, false);
    expect((await store.dueWork()).lookAgain).toEqual([weak]);
  });

  test("STORE-8: only one worker is inside the waterfall; the others are told at once", async () => {
    let inside = 0;
    const enter = () =>
      store.withWaterfallLock(async () => {
        inside += 1;
        expect(inside).toBe(1);
        await store.ping();
        inside -= 1;
        return "worked";
      });
    const answers = await Promise.all([enter(), enter(), enter()]);
    expect(answers).toContain("worked");
    expect(await enter()).toBe("worked");
    await expect(store.withWaterfallLock(() => Promise.reject(new Error("inside")))).rejects.toThrow("inside");
    expect(await enter()).toBe("worked");
  });
});

describe("a scan of an exchange", () => {
  test("STORE-7: reads, judges and stores 2,000 accounts in one go", async () => {
    const names = Array.from({ length: 2000 }, (_, index) => `account-${String(index).padStart(4, "0")}`);
    await open(store, names);
    await publish(1, "10000");
    let judged = 0;
    const counting: Assess = (account, market) => {
      judged += 1;
      return judge(account, market);
    };
    const scan = await store.scanSnapshot(1, (accounts, market, parameters) =>
      accounts.map((account) => counting(account, market, parameters)),
    );
    expect(scan.states.HEALTHY).toBe(2000);
    expect(judged).toBe(2000);
    expect((await store.summary()).decisions).toBe(2000);
  });
});
