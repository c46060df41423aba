import { afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type AccountId, INSURANCE_FUND, reject, toUtcMillis } from "@ballast/model";
import type { QueueEnvironment } from "@ballast/queues";
import { emptyQueue, prepareQueue } from "@ballast/queues/testing";
import { assertLedgerInOrder } from "@ballast/store";
import { liquidatorCommand } from "./setting.js";
import { BTC_LINEAR, type House, MAKER, openHouse } from "./testing/house.js";

/*
 * The process itself, as it is built, through a fall of bitcoin from 8,000 to 6,900: undisturbed, killed with SIGKILL in
 * the middle of a liquidation and of the waterfall, and with its queue emptied under it. The ledger has to be the same.
 *
 * "In the middle" is made certain by holding the row of somebody whom the work needs: it can be begun and not ended.
 */

const MAIN = path.join(import.meta.dirname, "../dist/main.js");
const TRADERS = 6;
const FALL = ["7570", "7480", "6900"] as const;
const DEADLINE_MS = 30_000;

/** A queue of this file's own: others may empty theirs meanwhile. */
const redisUrl = process.env["TEST_REDIS_URL"] ? `${process.env["TEST_REDIS_URL"]}/7` : undefined;

interface Exchange {
  readonly house: House;
  readonly queue: QueueEnvironment;
}

const opened: Exchange[] = [];
const workers = new Set<ChildProcess>();

afterEach(async () => {
  await Promise.all([...workers].map(kill));
  for (const { house } of opened.splice(0)) {
    assertLedgerInOrder(await house.store.ledgerCheck());
    await house.close();
  }
});

/** Traders long a bitcoin each at 8,000, from barely to comfortably funded, and somebody short on the other side. */
async function openExchange(onRedis: boolean): Promise<Exchange> {
  const house = await openHouse("0");
  const queue = { databaseUrl: house.database.url, redisUrl: onRedis ? redisUrl : undefined };
  opened.push({ house, queue });
  await prepareQueue(queue);
  await emptyQueue(queue);
  await house.bitcoinAt("8000");
  const bear = await house.account("bear", "USER", { USDC: "20000" });
  await house.trade(bear, MAKER, BTC_LINEAR, "-3000", "8000");
  for (let trader = 1; trader <= TRADERS; trader += 1) {
    const account = await house.account(`trader-${trader}`, "USER", { USDC: String(420 + trader * 80) });
    await house.trade(account, MAKER, BTC_LINEAR, "1000", "8000");
  }
  await house.settle();
  return { house, queue };
}

async function startWorker({ queue }: Exchange): Promise<ChildProcess> {
  const { REDIS_URL: _redis, ...inherited } = process.env;
  const worker = spawn(process.execPath, [MAIN], {
    env: {
      ...inherited,
      DATABASE_URL: queue.databaseUrl,
      ...(queue.redisUrl === undefined ? {} : { REDIS_URL: queue.redisUrl }),
      LIQUIDATOR_SWEEP_MS: "20",
      // An order that runs out of time on a busy machine would be planned anew, in another step: another ledger.
      LIQUIDATOR_ORDER_LIFETIME_MS: "600000",
      LOG_LEVEL: "silent",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  workers.add(worker);
  const [ready] = (await once(worker.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
  expect(ready.toString()).toContain("READY");
  return worker;
}

/** SIGKILL: nothing is finished, nothing is said. */
async function kill(worker: ChildProcess): Promise<void> {
  workers.delete(worker);
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  worker.kill("SIGKILL");
  await once(worker, "exit");
}

async function eventually(what: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`still waiting for ${what}`);
    await pause(10);
  }
}

function settled({ house }: Exchange, sequence: number): Promise<void> {
  return eventually("settlement", async () => (await house.store.snapshotStatus(sequence)) === "SETTLED");
}

/** Holds an account's row while `work` runs, once, and lets go without having changed anything. */
async function holding({ house }: Exchange, account: AccountId, work: () => Promise<void>): Promise<void> {
  const command = liquidatorCommand("hold", `hold.${account}`, toUtcMillis(0));
  let times = 0;
  await house.store.runCommand(command, [account], async () => {
    // A command is tried again when it is sacrificed; what is done in here cannot be.
    times += 1;
    expect(times).toBe(1);
    await work();
    return reject({ code: "MARKET_UNKNOWN" });
  });
}

const somethingIntended = async ({ house }: Exchange) => (await house.store.unfinishedSteps()).length > 0;
const somethingDue = async ({ house }: Exchange) => {
  const { lookAgain, waterfall } = await house.store.dueWork();
  return lookAgain.length > 0 || waterfall !== null;
};

/** Plays the fall; `disturb` may stand in for the wait until a snapshot is settled, and answers the worker to go on with. */
async function play(
  onRedis: boolean,
  disturb?: (exchange: Exchange, worker: ChildProcess, dollars: string) => Promise<ChildProcess>,
): Promise<{ readonly fingerprint: string; readonly outcomes: readonly string[] }> {
  const exchange = await openExchange(onRedis);
  const { house } = exchange;
  let worker = await startWorker(exchange);
  for (const dollars of FALL) {
    if (disturb !== undefined) worker = await disturb(exchange, worker, dollars);
    else await settled(exchange, await house.publish(dollars));
  }
  await kill(worker);
  const { items } = await house.store.cases({ limit: 100 });
  return { fingerprint: await house.fingerprint(), outcomes: items.map(({ outcome }) => String(outcome)).sort() };
}

let undisturbed: Awaited<ReturnType<typeof play>>;
beforeAll(async () => {
  undisturbed = await play(false);
});

test("LIQUIDATION-5 LIQUIDATION-7: the fall reduces, takes over and bankrupts, so that there is something to disturb", () => {
  expect(undisturbed.outcomes).toEqual(expect.arrayContaining(["BANKRUPT_ADL", "REDUCED", "TAKEN_OVER"]));
});

describe.each([
  ["PostgreSQL", false],
  ["Redis", true],
])("STORE-8: with the queue on %s the ledger is the same", (_, onRedis) => {
  const on = onRedis && redisUrl === undefined ? test.skip : test;

  on("when the process is killed in the middle of a liquidation and of a waterfall, and started again", async () => {
    const killed = await play(onRedis, async (exchange, worker, dollars) => {
      const needed = { [FALL[0]]: MAKER, [FALL[1]]: INSURANCE_FUND }[dollars];
      if (needed === undefined) {
        await settled(exchange, await exchange.house.publish(dollars));
        return worker;
      }
      let sequence = 0;
      await holding(exchange, needed, async () => {
        sequence = await exchange.house.publish(dollars);
        const begun = needed === MAKER ? somethingIntended : somethingDue;
        await eventually("work to be begun", () => begun(exchange));
        await kill(worker);
        expect(await begun(exchange)).toBe(true);
      });
      const next = await startWorker(exchange);
      await settled(exchange, sequence);
      return next;
    });
    expect(killed).toEqual(undisturbed);
  });

  on("when the queue is emptied while work is under way", async () => {
    const emptied = await play(onRedis, async (exchange, worker, dollars) => {
      let sequence = 0;
      await holding(exchange, MAKER, async () => {
        sequence = await exchange.house.publish(dollars);
        await eventually("work to be due", () => somethingDue(exchange));
        await emptyQueue(exchange.queue);
      });
      await settled(exchange, sequence);
      return worker;
    });
    expect(emptied).toEqual(undisturbed);
  });
});
