import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { setTimeout as pause } from "node:timers/promises";
import { prepareQueue } from "@ballast/queues/testing";
import { assertLedgerInOrder } from "@ballast/store";
import { readConfig } from "./config.js";
import { type Liquidator, startLiquidator } from "./liquidator.js";
import type { Setting } from "./setting.js";
import { BTC_LINEAR, type House, MAKER, openHouse } from "./testing/house.js";

const DEADLINE_MS = 20_000;

let house: House;
const running: Liquidator[] = [];

beforeEach(async () => {
  house = await openHouse();
  await prepareQueue({ databaseUrl: house.database.url });
});

afterEach(async () => {
  for (const liquidator of running.splice(0)) await liquidator.stop();
  assertLedgerInOrder(await house.store.ledgerCheck());
  await house.close();
});

/** Starts the worker in this process, with a queue in the house's database unless the environment names another. */
async function start(setting: Setting, environment: Readonly<Record<string, string>> = {}): Promise<Liquidator> {
  const variables = { DATABASE_URL: house.database.url, LIQUIDATOR_SWEEP_MS: "10", ...environment };
  const liquidator = await startLiquidator(setting, readConfig(variables));
  running.push(liquidator);
  return liquidator;
}

async function settled(sequence: number): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while ((await house.store.snapshotStatus(sequence)) !== "SETTLED") {
    if (performance.now() > deadline) throw new Error(`still waiting for settlement; told: ${house.told.join("\n")}`);
    await pause(10);
  }
}

test("STORE-8: a queue that is away delays nobody, and keeps no worker from stopping", async () => {
  await house.bitcoinAt("8000");
  const alice = await house.account("alice", "USER", { USDC: "500" });
  await house.trade(alice, MAKER, BTC_LINEAR, "1000", "8000");
  const liquidator = await start(house.setting, { REDIS_URL: "redis://127.0.0.1:1" });
  await settled(await house.publish("7570"));
  expect((await house.store.cases({ account: alice, limit: 1 })).items[0]?.outcome).toBe("REDUCED");
  expect(house.told).toContain("fault in queue");
  running.splice(0);
  await liquidator.stop();
});
