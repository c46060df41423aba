import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { loadavg } from "node:os";
import path from "node:path";
import { built, driver } from "../crash-matrix/built.mjs";
import { redisProgram, startRedis } from "../redis.mjs";
import { runTool } from "../run-tool.mjs";
import { root, toolEnvironment } from "../workspace.mjs";

/*
 * How soon after a breach something is done about it, and how many cases a second one worker brings to their end.
 *
 * 10,000 pools with a position each. Breach to first effect: prices at which one pool falls are published, again and
 * again, a different pool each time; the clock runs from the commit of the prices until the liquidation order reaches the
 * venue, so the scan of all pools, the wake-up, the decision and its commit are in it. Baseline: a job that does nothing, on the
 * same queue in the same run, from `add` until its processor is called.
 *
 * The note says where the time goes, stage by stage, and how much of it was processor time of this process and of the
 * database's: on a machine that others keep busy, only that stays the same.
 *
 * Cases a second: prices at which many pools fall at once, from their publication until the snapshot is settled; baseline:
 * jobs that do nothing, at the same concurrency, on the same queue.
 */

export const needs = ["postgres"];

const POOLS = 10_000;
const ROUNDS = 30;
const FALLING_TOGETHER = 200;
const CONCURRENCY = 8;

const { applyMigrations, openStore } = await built("packages/store/dist/index.js");
const { depositJournal, fillJournal } = await built("packages/ledger/dist/index.js");
const { accountId, assetId, instrumentId, ok, toUtcMillis } = await built("packages/model/dist/index.js");
const { amount, price, quantity, usd, ZERO_AMOUNT } = await built("packages/money/dist/index.js");
const risk = await built("packages/risk-core/dist/index.js");
const queues = await built("packages/queues/dist/index.js");
const { startLiquidator } = await built("apps/liquidator/dist/liquidator.js");
const { simulatedVenue } = await built("apps/liquidator/dist/venue/simulated-venue.js");

const OPENED_AT = 1_583_971_200_000;
const PERPETUAL = instrumentId("BTC_USDC-PERPETUAL");
const MAKER = accountId("maker-1");

export async function run({ progress }) {
  const program = redisProgram();
  const redis = program === undefined ? null : await startRedis(program);
  const results = [];
  try {
    for (const redisUrl of redis === null ? [undefined] : [undefined, redis.url]) {
      const name = redisUrl === undefined ? "postgres" : "redis";
      progress(`queue on ${name}: opening ${POOLS} pools`);
      results.push(...(await onQueue(name, redisUrl, progress)));
    }
  } finally {
    await redis?.stop();
  }
  return results;
}

async function onQueue(name, redisUrl, progress) {
  sequence = 1;
  const { Client } = driver();
  const server = new Client({ connectionString: process.env.TEST_DATABASE_URL });
  await server.connect();
  const database = `ballast_bench_${randomUUID().replaceAll("-", "")}`;
  await server.query(`CREATE DATABASE ${database}`);
  const address = new URL(process.env.TEST_DATABASE_URL);
  address.pathname = `/${database}`;
  const databaseUrl = address.href;
  try {
    await applyMigrations(databaseUrl);
    await runTool(process.execPath, [path.join(root, "packages/queues/dist/migrate-cli.js")], {
      env: toolEnvironment({ DATABASE_URL: databaseUrl }),
    });
    return await measure(name, { databaseUrl, redisUrl }, progress);
  } finally {
    await server.query(`DROP DATABASE ${database} WITH (FORCE)`);
    await server.end();
  }
}

async function measure(name, environment, progress) {
  const timeline = new Timeline();
  const store = await openStore({
    databaseUrl: environment.databaseUrl,
    assess(...args) {
      timeline.judging();
      return risk.assessHealth(...args);
    },
    loadParameters: risk.loadRiskParameters,
    poolMax: 16,
  });
  const idle = await queueAlone(environment);
  await openPools(store);
  const reached = new Arrivals();
  const roster = { makers: async () => [MAKER], parameters: () => store.riskParameters() };
  const venue = simulatedVenue(roster, () => Date.now());
  const listening = {
    ...venue,
    async place(order, snapshot) {
      timeline.reach("sent");
      reached.arrived(order.account);
      return venue.place(order, snapshot);
    },
  };
  const rules = {
    engineVersion: queues.LIQUIDATION_ENGINE_VERSION,
    stages: risk.STANDARD_STAGES,
    auction: risk.STANDARD_AUCTION,
    orderLifetimeMs: 60_000,
    clockSkewMs: 1_000,
  };
  const liquidator = await startLiquidator(
    { store: timeline.observe(store), venue: listening, events: silence(), rules },
    { ...environment, concurrency: CONCURRENCY, sweepMs: 20 },
  );
  try {
    const processors = new Processors(environment.databaseUrl);
    await processors.open();
    const latencies = await breachToFirstEffect(store, { reached, timeline, processors }, progress);
    const cases = await casesPerSecond(store, processors, progress);
    await processors.close();
    const check = await store.ledgerCheck();
    if (!check.balanced) throw new Error("the ledger is not in order after the benchmark");
    const load = `load ${loadavg()[0].toFixed(1)}`;
    const note = `${POOLS} pools, queue on ${name}; median ms: ${timeline.medians()}; ${load}`;
    return [
      figure(
        "liquidation.breach_to_first_effect_ms.p50",
        percentile(latencies, 0.5),
        percentile(idle.latencies, 0.5),
        "ms",
        note,
      ),
      figure(
        "liquidation.breach_to_first_effect_ms.p99",
        percentile(latencies, 0.99),
        percentile(idle.latencies, 0.99),
        "ms",
        note,
      ),
      figure(
        "liquidation.cases_per_s",
        cases.perSecond,
        idle.perSecond,
        "cases/s",
        `${FALLING_TOGETHER} at once, concurrency ${CONCURRENCY}, queue on ${name}; a case: ${cases.note}; ${load}`,
      ),
    ];
  } finally {
    await liquidator.stop();
    await store.close();
  }
}

function figure(name, value, baseline, unit, note) {
  const round = (number) => Math.round(number * 100) / 100;
  return { name, value: round(value), unit, baseline: round(baseline), ratio: round(value / baseline), note };
}

/** The queue with jobs that do nothing: how long one waits, and how many a second. */
async function queueAlone(environment) {
  const called = new Arrivals();
  const worker = queues.startWakeWorker(environment, {
    concurrency: CONCURRENCY,
    engineVersion: queues.LIQUIDATION_ENGINE_VERSION,
    look: async ({ account }) => called.arrived(account),
    refused: () => {},
    faulted: () => {},
    idle: () => {},
  });
  const queue = queues.openWakeQueue(environment, () => {});
  const latencies = [];
  for (let round = 0; round < ROUNDS + 5; round++) {
    const account = accountId(`nobody-${round}`);
    const added = performance.now();
    await queue.wake([queues.lookAgainJob(account, 0)]);
    const time = await called.of(account);
    if (round >= 5) latencies.push(time - added);
  }
  const many = Array.from({ length: 1_000 }, (_, index) => accountId(`many-${index}`));
  const begun = performance.now();
  await queue.wake(many.map((account) => queues.lookAgainJob(account, 0)));
  await Promise.all(many.map((account) => called.of(account)));
  const perSecond = many.length / ((performance.now() - begun) / 1000);
  await worker.close();
  await queue.close();
  return { latencies, perSecond };
}

let keys = 0;
const command = (action) => ({
  scope: "bench",
  key: `${action}-${(keys += 1)}`,
  fingerprint: "0".repeat(64),
  actor: "bench",
  action,
  at: toUtcMillis(OPENED_AT),
});

const poolId = (index) => accountId(`pool-${String(index).padStart(5, "0")}`);

/** Ten dollars lower every round; far enough from the next for one pool to fall at each. */
const priceOfRound = (round) => 7_900 - 10 * round;

/**
 * Every pool is long one bitcoin at 8,000. The first ones fall three dollars below maintenance margin (a hundredth of the
 * price) each at the price of its own round; then a group falls together; the rest never falls.
 */
function dollarsOf(index) {
  const fallsAt = (price) => 8_000 - price + Math.floor(price / 100) - 3;
  if (index < ROUNDS) return fallsAt(priceOfRound(index));
  if (index < ROUNDS + FALLING_TOGETHER) return fallsAt(priceOfRound(ROUNDS + 5));
  return 8_000;
}

async function openPools(store) {
  await store.saveRiskParameters(risk.printRiskParameters(risk.standardParameters()), 1, toUtcMillis(OPENED_AT));
  const house = [
    { id: accountId("house.insurance-fund"), kind: "INSURANCE_FUND", parent: null, name: "fund" },
    { id: accountId("house.treasury"), kind: "HOUSE", parent: null, name: "treasury" },
    { id: MAKER, kind: "MARKET_MAKER", parent: null, name: "maker" },
  ];
  const pools = Array.from({ length: POOLS }, (_, index) => ({
    id: poolId(index),
    kind: "USER",
    parent: null,
    name: "pool",
  }));
  for (const some of chunks([...house, ...pools], 1_000)) await store.createAccounts(command("open"), some);
  await publish(store, 1, 8_000);
  await store.runCommand(command("fund"), [MAKER], async (transaction) => {
    await transaction.post([deposit(MAKER, "1000000000")]);
    return ok(null);
  });
  for (const [part, some] of chunks(pools, 500).entries()) {
    await store.runCommand(command("set"), [MAKER, ...some.map(({ id }) => id)], async (transaction) => {
      await transaction.post(some.map(({ id }, index) => deposit(id, String(dollarsOf(part * 500 + index)))));
      for (const { id } of some) await transaction.post([bought(transaction, id)]);
      return ok(null);
    });
  }
  await store.scanSnapshot(1);
  if (!(await store.settleSnapshot(1))) throw new Error("nobody should be in trouble at 8,000");
}

function deposit(account, dollars, which = "first") {
  const terms = { at: toUtcMillis(OPENED_AT), asset: assetId("USDC"), amount: amount(dollars) };
  return depositJournal({ key: `bench.deposit.${account}.${which}`, account, ...terms });
}

function bought(transaction, account) {
  return fillJournal({
    key: `bench.trade.${account}`,
    kind: "FILL",
    at: toUtcMillis(OPENED_AT),
    instrument: transaction.parameters.instruments.get(PERPETUAL),
    buyer: transaction.account(account),
    seller: transaction.account(MAKER),
    quantity: quantity("1000"),
    price: price("8000"),
    buyerFee: ZERO_AMOUNT,
    sellerFee: ZERO_AMOUNT,
  });
}

async function publish(store, sequence, dollars) {
  const markPrices = new Map();
  const depths = new Map();
  for (const { id, underlying } of risk.standardParameters().instruments.values()) {
    markPrices.set(id, price(underlying === "BTC" ? String(dollars) : "200"));
    depths.set(id, usd("50000000"));
  }
  const indexPrices = new Map([
    [assetId("BTC"), price(String(dollars))],
    [assetId("ETH"), price("200")],
    [assetId("USDC"), price("1")],
  ]);
  const at = toUtcMillis(OPENED_AT + sequence * 1_000);
  const published = await store.publishSnapshot(command("publish"), { sequence, at, indexPrices, markPrices, depths });
  if (!published.ok) throw new Error(`snapshot ${sequence} was refused`);
}

let sequence = 1;

async function breachToFirstEffect(store, { reached, timeline, processors }, progress) {
  const latencies = [];
  for (let round = 0; round < ROUNDS; round++) {
    sequence += 1;
    await processors.connections();
    await publish(store, sequence, priceOfRound(round));
    const published = performance.now();
    timeline.begin(sequence);
    const before = processors.spent();
    latencies.push((await reached.of(poolId(round))) - published);
    timeline.end(processors.since(before));
    await settled(store);
    // What fell once would fall again at the next price: it is saved, so that every round has one pool.
    await store.runCommand(command("save"), [poolId(round)], async (transaction) => {
      await transaction.post([deposit(poolId(round), "5000", "again")]);
      return ok(null);
    });
    if (round % 10 === 9) progress(`round ${round + 1}: ${Math.round(latencies.at(-1))} ms`);
  }
  return latencies;
}

/** The stages between the commit of the prices and the first order, in their order. */
const STAGES = ["heard", "read", "judged", "opened", "looked", "intended", "sent"];

/** When each stage of a round was first reached, seen from outside: in what the worker is handed. */
class Timeline {
  rounds = [];
  now = null;

  begin(sequence) {
    this.now = { sequence, begun: performance.now(), at: {} };
  }

  end(spent) {
    this.rounds.push({ ...this.now, spent });
    this.now = null;
  }

  reach(stage) {
    if (this.now !== null) this.now.at[stage] ??= performance.now();
  }

  /** The first account judged has been read with all the others; the last one before the cases ends the judging. */
  judging() {
    if (this.now === null || this.now.at.opened !== undefined) return;
    this.reach("read");
    this.now.at.judged = performance.now();
  }

  observe(store) {
    return {
      ...store,
      dueWork: async (...args) => {
        const due = await store.dueWork(...args);
        if (due.scan !== null && due.scan === this.now?.sequence) this.reach("heard");
        return due;
      },
      scanSnapshot: (which, assessAll, breached) =>
        store.scanSnapshot(which, assessAll, (accounts) => {
          this.reach("opened");
          return breached(accounts);
        }),
      runCommand: async (given, ...args) => {
        if (given.action === "look-again") this.reach("looked");
        const answer = await store.runCommand(given, ...args);
        if (given.action === "look-again") this.reach("intended");
        return answer;
      },
    };
  }

  medians() {
    const lasted = STAGES.map((stage, place) => {
      const times = this.rounds.map(({ begun, at }) => at[stage] - (place === 0 ? begun : at[STAGES[place - 1]]));
      return `${stage} ${percentile(times, 0.5).toFixed(1)}`;
    });
    const median = (what) =>
      percentile(
        this.rounds.map(({ spent }) => spent[what]),
        0.5,
      ).toFixed(0);
    return `${lasted.join(", ")}; processor ${median("here")} here, ${median("database")} of the database`;
  }
}

/** Processor time of this process and of the database's connections, and statements sent, since this process began. */
class Processors {
  statements = 0;
  pids = [];

  constructor(databaseUrl) {
    this.client = new (driver().Client)({ connectionString: databaseUrl });
  }

  async open() {
    const { prototype } = driver().Client;
    const count = () => (this.statements += 1);
    this.query = prototype.query;
    const { query } = this;
    prototype.query = function (...args) {
      count();
      return query.apply(this, args);
    };
    await this.client.connect();
  }

  /** Finds out which connections there are; those that are opened afterwards are not counted. */
  async connections() {
    const { rows } = await this.client.query("SELECT pid FROM pg_stat_activity WHERE datname = current_database()");
    this.pids = rows.map(({ pid }) => pid);
  }

  async close() {
    driver().Client.prototype.query = this.query;
    await this.client.end();
  }

  spent() {
    const { user, system } = process.cpuUsage();
    const database = this.pids.reduce((sum, pid) => sum + processorMs(pid), 0);
    return { here: (user + system) / 1000, database, statements: this.statements };
  }

  since(before) {
    const now = this.spent();
    return Object.fromEntries(Object.entries(now).map(([what, value]) => [what, value - before[what]]));
  }
}

/** What the kernel has counted for a process, in hundredths of a second; 0 where there is no such file. */
function processorMs(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
    return 10 * (Number(fields[11]) + Number(fields[12]));
  } catch {
    return 0;
  }
}

/** When something has happened to an account for the first time. */
class Arrivals {
  times = new Map();
  waiting = new Map();

  arrived(account) {
    if (this.times.has(account)) return;
    this.times.set(account, performance.now());
    this.waiting.get(account)?.(this.times.get(account));
  }

  of(account) {
    const time = this.times.get(account);
    return time ?? new Promise((resolve) => this.waiting.set(account, resolve));
  }
}

async function casesPerSecond(store, processors, progress) {
  await processors.connections();
  const before = processors.spent();
  sequence += 1;
  await publish(store, sequence, priceOfRound(ROUNDS + 5));
  const begun = performance.now();
  await settled(store);
  const perSecond = FALLING_TOGETHER / ((performance.now() - begun) / 1000);
  const spent = processors.since(before);
  const each = (value) => (value / FALLING_TOGETHER).toFixed(1);
  const closed = await store.cases({ limit: 1 });
  progress(`${FALLING_TOGETHER} cases, ${Math.round(perSecond)} a second; the newest is ${closed.items[0]?.stage}`);
  const note = `${each(spent.statements)} statements, processor ${each(spent.here)} ms here and ${each(spent.database)} ms of the database (the scan of all pools in them)`;
  return { perSecond, note };
}

async function settled(store) {
  while ((await store.snapshotStatus(sequence)) !== "SETTLED") await new Promise((resolve) => setTimeout(resolve, 5));
}

function chunks(items, size) {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

function percentile(values, share) {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
}

function silence() {
  return new Proxy({}, { get: () => () => {} });
}
