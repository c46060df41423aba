import { parentPort, workerData } from "node:worker_threads";
import { type BlockJob, localWorker } from "./var-blocks.js";

/* A thread that answers block numbers with losses, until it is stopped. */

const worker = localWorker(workerData as BlockJob);
parentPort?.on("message", (block: number) => {
  void worker.losses(block).then((losses) => {
    parentPort?.postMessage(
      losses,
      losses.map(({ buffer }) => buffer as ArrayBuffer),
    );
  });
});
