import { AsyncLocalStorage } from "node:async_hooks";
import { built, driver } from "./built.mjs";
import { BLOCK_MS, FAULTS } from "./cells.mjs";

/*
 * A liquidator in a process of its own, started and disturbed by messages. It runs the worker as it is; the fault sits in
 * what is handed to it, the store and the venue.
 */

const { openStore } = await built("packages/store/dist/index.js");
const { assessHealth, loadRiskParameters, STANDARD_AUCTION, STANDARD_STAGES } = await built(
  "packages/risk-core/dist/index.js",
);
const { LIQUIDATION_ENGINE_VERSION } = await built("packages/queues/dist/index.js");
const { startLiquidator } = await built("apps/liquidator/dist/liquidator.js");
const { openHttpVenue } = await built("apps/liquidator/dist/venue/http-venue.js");

const tell = (message) => process.send?.(message);
let running;
/** The start that is under way, or has ended. */
let starting;
let goOn = () => {};

process.on("message", (message) => {
  if (message.type === "start") starting = start(message.plan);
  if (message.type === "go") goOn();
  if (message.type === "stop") void stop();
});
process.on("disconnect", () => process.exit(0));
tell({ type: "loaded" });

process.on("unhandledRejection", (cause) => {
  process.stderr.write(`${cause?.stack ?? cause}\n`);
  process.exit(1);
});

async function start({ databaseUrl, redisUrl, venueUrl, name, cell, occurrence }) {
  const real = await openStore({
    databaseUrl,
    assess: assessHealth,
    loadParameters: loadRiskParameters,
    applicationName: name,
    poolMax: 8,
  });
  const fault = cell === undefined ? undefined : new Strike(cell, occurrence);
  const opened = await openHttpVenue(
    { url: venueUrl, token: null, timeoutMs: 10_000, probeInstrument: "BTC_USDC-PERPETUAL" },
    () => Date.now(),
  );
  const [store, venue] =
    fault === undefined ? [real, opened] : [disturbedStore(real, fault), disturbedVenue(opened, fault)];
  const rules = {
    engineVersion: LIQUIDATION_ENGINE_VERSION,
    stages: STANDARD_STAGES,
    auction: STANDARD_AUCTION,
    orderLifetimeMs: 120_000,
    clockSkewMs: 500,
  };
  const liquidator = await startLiquidator(
    { store, venue, events: events(), rules },
    { databaseUrl, redisUrl, concurrency: 2, sweepMs: 50 },
  );
  running = { liquidator, store: real };
  tell({ type: "started" });
}

async function stop() {
  // Whoever is stopped while it starts would otherwise go on, in the next cell's database.
  await starting;
  await running?.liquidator.stop();
  await running?.store.close();
  running = undefined;
  tell({ type: "stopped" });
}

/** Failures of the world belong to the test; those that are ours do not. */
function events() {
  const nothing = () => {};
  const ours = (what) => (step, cause) => tell({ type: "failed", what, step, cause: String(cause?.stack ?? cause) });
  return {
    scanned: nothing,
    settled: nothing,
    lookedAt: nothing,
    auctioned: nothing,
    takenOver: nothing,
    disposed: nothing,
    recovered: nothing,
    jobRefused: nothing,
    fencedOff: () => tell({ type: "fenced" }),
    failed: ours("failed"),
    quarantined: ours("quarantined"),
    outdated: nothing,
    faulted: nothing,
  };
}

/** The fault of a cell: where it strikes, and what it does there, once. */
class Strike {
  constructor({ step, fault }, occurrence) {
    this.step = step;
    this.fault = FAULTS.find(({ name }) => name === fault);
    this.left = occurrence;
  }

  /** A step has come to a moment. Is it the one that is to be struck? */
  isDue(moment, step) {
    if (step !== this.step || moment !== this.fault.moment || this.fault.does === "lose") return false;
    this.left -= 1;
    return this.left === 0;
  }

  async at(moment, step) {
    if (this.isDue(moment, step)) await this.strike();
  }

  async strike() {
    const { does } = this.fault;
    if (does === "kill") process.kill(process.pid, "SIGKILL");
    const goneOn = new Promise((resolve) => {
      goOn = resolve;
    });
    tell({ type: "reached", does });
    if (does !== "block") return goneOn;
    // The message leaves first; then nothing in this process moves any more.
    await new Promise((resolve) => setTimeout(resolve, 50));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BLOCK_MS);
  }
}

// The store -----------------------------------------------------------------------------------------------------------

const committing = new AsyncLocalStorage();
const { Client } = driver();
const query = Client.prototype.query;

/** A commit that is armed is sent, and the process is gone before the answer can come. */
Client.prototype.query = function (...args) {
  const armed = committing.getStore()?.armed === true && args[0] === "COMMIT";
  const answer = query.apply(this, args);
  if (armed) setImmediate(() => process.kill(process.pid, "SIGKILL"));
  return answer;
};

function disturbedStore(store, strike) {
  const call =
    (name, step) =>
    async (...args) => {
      // A call that is one transaction of its own has no inside to be struck in: what is meant for it strikes before.
      await strike.at("before", step);
      await strike.at("inside", step);
      const answer = await committing.run({ armed: strike.isDue("commit", step) }, () => store[name](...args));
      await strike.at("after", step);
      return answer;
    };
  return {
    ...store,
    scanSnapshot: call("scanSnapshot", "scan"),
    settleSnapshot: call("settleSnapshot", "settle"),
    claimStep: call("claimStep", "take over a step"),
    async runCommand(command, accounts, work) {
      const expected = expectedStep(command, accounts);
      if (expected !== null) await strike.at("before", expected);
      const arm = { armed: false };
      let step = expected;
      const answer = await committing.run(arm, () =>
        store.runCommand(command, accounts, async (transaction) => {
          const result = await work(transaction);
          step = expected ?? stepOf(result);
          // What is known only inside is blocked there, with its locks.
          if (expected === null) await strike.at("before", step);
          await strike.at("inside", step);
          arm.armed = strike.isDue("commit", step);
          return result;
        }),
      );
      if (!answer.ok || !answer.value.replayed) await strike.at("after", step);
      return answer;
    },
  };
}

/** The step that a command is, when its name says it. */
function expectedStep({ action }, accounts) {
  if (action === "take-over") return "take over an account";
  if (action === "dispose") return "intend a disposal";
  if (action === "liquidate") return accounts[0] === "house.insurance-fund" ? "book a disposal" : "book";
  return null;
}

/** The step that a look turned out to be. */
function stepOf(result) {
  if (!result.ok) return null;
  const { kind } = result.value ?? {};
  if (kind === "INTENT") return "intend";
  return kind === "TAKEOVER" ? "hand over" : null;
}

// The venue -----------------------------------------------------------------------------------------------------------

function disturbedVenue(venue, strike) {
  const call =
    (name, step) =>
    async (...args) => {
      await strike.at("before", step);
      await strike.at("inside", step);
      // Killed while the question is on its way: the venue hears it, nobody hears the answer.
      if (strike.isDue("commit", step)) {
        void venue[name](...args).catch(() => {});
        await new Promise((resolve) => setTimeout(resolve, 30));
        process.kill(process.pid, "SIGKILL");
      }
      const answer = await venue[name](...args);
      await strike.at("after", step);
      return answer;
    };
  return { ...venue, place: call("place", "send"), report: call("report", "ask") };
}
