import { type AccountId, InvariantViolation } from "@ballast/model";
import { lookAgainJob, openWakeQueue, startWakeWorker } from "@ballast/queues";
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
 * Starts the worker: it looks at accounts that the queue wakes it for, and a sweeper asks the database every `sweepMs`, and
 * whenever the woken work is done, what is due. The queue may be away, now or later: then the sweeper does it all.
 */
export function startLiquidator(setting: Setting, config: Config): Liquidator {
  const look = (account: AccountId) => lookOrQuarantine(setting, account);
  const queueFaulted = (cause: unknown) => setting.events.faulted("queue", cause);
  const rhythm = new Rhythm(config.sweepMs);
  const queue = openWakeQueue(config, queueFaulted);
  const worker = startWakeWorker(config, {
    concurrency: config.concurrency,
    look: ({ account }) => look(account),
    refused: (reason) => setting.events.jobRefused(reason),
    faulted: queueFaulted,
    idle: () => rhythm.hurry(),
  });

  let isWaking = false;
  const wake = async (accounts: readonly AccountId[]): Promise<void> => {
    const latest = await setting.store.latestSnapshot();
    await queue.wake(accounts.map((account) => lookAgainJob(account, latest?.sequence ?? 0)));
  };
  const sweeper = new Sweeper({
    dueWork: () => setting.store.dueWork(),
    scan: async (sequence) => setting.events.scanned(sequence, await setting.store.scanSnapshot(sequence)),
    // A queue that is away may never answer, so nobody waits for it, and it is asked for one thing at a time.
    wake(accounts) {
      if (isWaking) return;
      isWaking = true;
      void wake(accounts)
        .catch(queueFaulted)
        .finally(() => (isWaking = false));
    },
    lookAgain: look,
    waterfall: async (sequence) => {
      await runWaterfall(setting, sequence);
    },
    faulted: (cause) => setting.events.faulted("sweep", cause),
  });

  const sweeping = sweepUntilStopped(sweeper, rhythm);
  return {
    async stop() {
      rhythm.stop();
      await sweeping;
      await worker.close();
      await queue.close();
    },
  };
}

async function sweepUntilStopped(sweeper: Sweeper, rhythm: Rhythm): Promise<void> {
  while (!rhythm.stopped) {
    await sweeper.sweep();
    await rhythm.pause();
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

/**
 * A bug on one account freezes that account and is told; every other account goes on. Faults of the world are thrown on: the
 * work is still due and will be found again.
 *
 * @method LIQUIDATION-13
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
