import { type AccountId, InvariantViolation } from "@ballast/model";
import {
  JobRefused,
  LOOK_AGAIN_POLICY,
  LOOK_AGAIN_QUEUE,
  type LookAgainJob,
  lookAgainJob,
  lookAgainJobId,
  parseLookAgainJob,
  queueConnection,
} from "@ballast/queues";
import { type Job, Queue, UnrecoverableError, Worker } from "bullmq";
import type { Config } from "./config.js";
import { lookAgain } from "./liquidate/look-again.js";
import type { Setting } from "./setting.js";
import { liquidatorCommand } from "./setting.js";
import { runWaterfall } from "./waterfall/run-waterfall.js";
import { Sweeper } from "./watch/sweeper.js";

/** A running worker. */
export interface Liquidator {
  /** Finishes what is under way and lets go of the queue. */
  stop(): Promise<void>;
}

/**
 * Starts the worker: a BullMQ worker that looks at accounts it is woken for, and a sweeper that asks the database every
 * `sweepMs` what is due. `pause` waits between two sweeps and is cut short by `stop`.
 */
export async function startLiquidator(setting: Setting, config: Config): Promise<Liquidator> {
  const connection = queueConnection(config);
  const queue = new Queue<LookAgainJob>(LOOK_AGAIN_QUEUE, { connection });
  const look = (account: AccountId) => lookOrQuarantine(setting, account);
  const worker = new Worker<LookAgainJob>(LOOK_AGAIN_QUEUE, (job) => runJob(setting, job, look), {
    connection,
    concurrency: config.concurrency,
  });
  const queueFaulted = (cause: Error) => setting.events.faulted("queue", cause);
  queue.on("error", queueFaulted);
  worker.on("error", queueFaulted);

  const sweeper = new Sweeper({
    dueWork: () => setting.store.dueWork(),
    scan: async (sequence) => setting.events.scanned(sequence, await setting.store.scanSnapshot(sequence)),
    wake: async (account) => {
      const latest = await setting.store.latestSnapshot();
      const job = lookAgainJob(account, latest?.sequence ?? 0);
      await queue.add("look-again", job, { ...LOOK_AGAIN_POLICY, jobId: lookAgainJobId(job) });
    },
    lookAgain: look,
    waterfall: async (sequence) => {
      await runWaterfall(setting, sequence);
    },
    faulted: (cause) => setting.events.faulted("sweep", cause),
  });

  const stopping = new AbortController();
  const sweeping = sweepUntil(stopping.signal, sweeper, config.sweepMs);
  return {
    async stop() {
      stopping.abort();
      await sweeping;
      await worker.close();
      await queue.close();
    },
  };
}

async function sweepUntil(stopped: AbortSignal, sweeper: Sweeper, sweepMs: number): Promise<void> {
  while (!stopped.aborted) {
    await sweeper.sweep();
    await pause(sweepMs, stopped);
  }
}

function pause(milliseconds: number, stopped: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stopped.aborted) return resolve();
    const timer = setTimeout(resolve, milliseconds);
    stopped.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

async function runJob(
  setting: Setting,
  job: Job<LookAgainJob>,
  look: (account: AccountId) => Promise<void>,
): Promise<void> {
  let wish: LookAgainJob;
  try {
    wish = parseLookAgainJob(job.data);
  } catch (cause) {
    if (!(cause instanceof JobRefused)) throw cause;
    setting.events.jobRefused(cause.message);
    throw new UnrecoverableError(cause.message);
  }
  await look(wish.account);
}

/**
 * A bug on one account freezes that account and is told; every other account goes on. Faults of the world are thrown on: the
 * work is still due and will be found again.
 */
async function lookOrQuarantine(setting: Setting, account: AccountId): Promise<void> {
  try {
    await lookAgain(setting, account);
  } catch (cause) {
    if (!(cause instanceof InvariantViolation)) throw cause;
    setting.events.quarantined(account, cause);
    const latest = await setting.store.latestSnapshot();
    if (latest === null) throw cause;
    const command = liquidatorCommand("quarantine", `quarantine.${account}.${latest.sequence}`, latest.at);
    await setting.store.setFrozen(command, account, true);
  }
}
