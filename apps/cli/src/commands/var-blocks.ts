import { Worker } from "node:worker_threads";
import { score } from "@ballast/risk-core";

/*
 * Blocks of a simulation, by this thread or by several. A block is a function of its number, so whoever is free takes the
 * next one, and the answer does not depend on how many there are or who was faster.
 */

/** What is simulated: blocks of so many paths each. */
export interface BlockJob {
  readonly simulation: score.Simulation;
  /** Paths of each block. */
  readonly blocks: readonly number[];
}

/** Losses of one block, shape [books][paths]. */
export type BlockLosses = readonly Float64Array[];

/** Somebody who computes blocks of a job. */
export interface BlockWorker {
  readonly losses: (block: number) => Promise<BlockLosses>;
  readonly stop: () => Promise<unknown>;
}

/** Told after each block. */
export type BlockProgress = (done: number, of: number) => void;

/**
 * Losses of all blocks, in the order of their numbers.
 *
 * @param workers how many threads, at least one; a single one is this thread
 * @param start   starts a worker; threads unless given
 * @throws what a worker threw; all workers are stopped then.
 */
export async function runBlocks(
  job: BlockJob,
  workers: number,
  progress: BlockProgress,
  start: (job: BlockJob) => BlockWorker = threadWorker,
): Promise<readonly BlockLosses[]> {
  const { blocks } = job;
  const results: BlockLosses[] = Array.from({ length: blocks.length });
  const pool =
    workers === 1 ? [localWorker(job)] : Array.from({ length: Math.min(workers, blocks.length) }, () => start(job));
  let next = 0;
  let done = 0;
  const takeBlocks = async (worker: BlockWorker): Promise<void> => {
    while (next < blocks.length) {
      const block = next++;
      results[block] = await worker.losses(block);
      progress(++done, blocks.length);
    }
  };
  try {
    await Promise.all(pool.map(takeBlocks));
  } finally {
    await Promise.all(pool.map((worker) => worker.stop()));
  }
  return results;
}

/** This thread. */
export function localWorker({ simulation, blocks }: BlockJob): BlockWorker {
  const prepared = score.prepareSimulation(simulation);
  return {
    losses: (block) => Promise.resolve(prepared.losses(block, blocks[block] as number)),
    stop: () => Promise.resolve(),
  };
}

/** A thread of its own. It ends with the process, and with `stop`. */
export function threadWorker(job: BlockJob, entry = new URL("./var-worker.js", import.meta.url)): BlockWorker {
  const worker = new Worker(entry, { workerData: job });
  return {
    losses: (block) =>
      new Promise((resolve, reject) => {
        worker.removeAllListeners();
        worker.once("message", resolve);
        worker.once("error", reject);
        worker.once("exit", (code) =>
          reject(new Error(`expected losses of block ${block}; the thread ended with ${code}`)),
        );
        worker.postMessage(block);
      }),
    stop: () => {
      worker.removeAllListeners();
      return worker.terminate();
    },
  };
}
