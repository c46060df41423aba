import type { AccountId } from "@ballast/model";
import { lookAgainJob, openWakeQueue, startWakeWorker } from "@ballast/queues";
import type { Config } from "./config.js";
import { keepingTrouble } from "./keeping-trouble.js";
import { BookingDesk } from "./liquidate/booking-desk.js";
import { bookSteps } from "./liquidate/book-steps.js";
import { lookAgain, openCaseOf } from "./liquidate/look-again.js";
import type { Setting } from "./setting.js";
import { Looks } from "./watch/looks.js";
import { Sweeper } from "./watch/sweeper.js";
import { runWaterfall } from "./waterfall/run-waterfall.js";

/** A running worker. */
export interface Liquidator {
  /** Finishes what is under way and lets go of the queue. */
  stop(): Promise<void>;
}

/** What the worker needs to know of its environment. */
export type WorkerConfig = Pick<Config, "databaseUrl" | "redisUrl" | "concurrency" | "sweepMs">;

/**
 * Starts the worker: a queue worker that looks at accounts it is woken for, and a sweeper that asks the database what is
 * due, every `sweepMs` and whenever the queue worker has run out of work. The first breaches of a scan are looked at by the
 * process that has found them; the queue is woken for the others.
 */
export async function startLiquidator(given: Setting, config: WorkerConfig): Promise<Liquidator> {
  const setting: Setting = { ...given, desk: new BookingDesk((found) => bookSteps(given, found)) };
  const { store, events, rules } = setting;
  await store.startEngine(rules.engineVersion, await store.now());
  const environment = { databaseUrl: config.databaseUrl, redisUrl: config.redisUrl };
  const queueFaulted = (cause: unknown) => events.faulted("queue", cause);
  const queue = openWakeQueue(environment, queueFaulted);
  const rhythm = new Rhythm(config.sweepMs);
  const looks = new Looks((account) => look(setting, account));
  const worker = startWakeWorker(environment, {
    concurrency: config.concurrency,
    engineVersion: rules.engineVersion,
    look: (job) => looks.at(job.account),
    refused: (reason) => events.jobRefused(reason),
    faulted: queueFaulted,
    idle: () => rhythm.hurry(),
  });
  let isWaking = false;
  const wake = async (accounts: readonly AccountId[]): Promise<void> => {
    const sequence = (await store.latestSnapshot())?.sequence ?? 0;
    await queue.wake(accounts.map((account) => lookAgainJob(account, sequence, rules.engineVersion)));
  };
  // A queue that is away may never answer, so nobody waits for it, and it is asked for one thing at a time.
  const wakeForgetting = (accounts: readonly AccountId[]): void => {
    if (isWaking) return;
    isWaking = true;
    void wake(accounts)
      .catch(queueFaulted)
      .finally(() => (isWaking = false));
  };
  const breached = (accounts: readonly AccountId[]): Promise<void> => {
    const [first, others] = [accounts.slice(0, config.concurrency), accounts.slice(config.concurrency)];
    if (others.length > 0) wakeForgetting(others);
    return looks.begin(first, (cause) => events.faulted("look", cause));
  };
  const sweeper = new Sweeper({
    engineVersion: rules.engineVersion,
    now: () => performance.now(),
    dueWork: (question) => store.dueWork(question),
    scan: async (sequence) => events.scanned(sequence, await store.scanSnapshot(sequence, undefined, breached)),
    wake: wakeForgetting,
    lookAgain: (account) => looks.at(account),
    waterfall: (sequence) => runWaterfall(setting, sequence),
    outdated: (newest) => events.outdated(newest),
    faulted: (cause) => events.faulted("sweep", cause),
  });

  const sweeping = sweepUntilStopped(sweeper, rhythm);
  return {
    async stop() {
      rhythm.stop();
      await sweeping;
      await looks.end();
      await worker.close();
      await queue.close();
    },
  };
}

async function sweepUntilStopped(sweeper: Sweeper, rhythm: Rhythm): Promise<void> {
  while (!rhythm.stopped) {
    const moved = await sweeper.sweep();
    if (!moved) await rhythm.pause();
  }
}

/** The pauses between two sweeps, which can be cut short. */
class Rhythm {
  stopped = false;
  private cutShort: () => void = () => undefined;

  constructor(private readonly sweepMs: number) {}

  pause(): Promise<void> {
    return new Promise((resolve) => {
      if (this.stopped) return resolve();
      const timer = setTimeout(resolve, this.sweepMs);
      this.cutShort = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** There may be something to do at once. */
  hurry(): void {
    this.cutShort();
  }

  stop(): void {
    this.stopped = true;
    this.cutShort();
  }
}

/** Looks at an account; what fails in it for a reason of ours is counted against the step that it would have taken. */
async function look(setting: Setting, account: AccountId): Promise<void> {
  const hand = await setting.store.atHand(account);
  const open = openCaseOf(hand);
  const step = { account, epoch: open?.epoch ?? 0, step: open === null ? 0 : open.stepCount + 1 };
  await keepingTrouble(setting, step, () => lookAgain(setting, account, hand));
}
