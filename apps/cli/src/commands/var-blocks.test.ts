import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "@jest/globals";
import { score, squareMatrix } from "@ballast/risk-core";
import { ROOT } from "./testing.js";
import { type BlockJob, type BlockWorker, localWorker, runBlocks, threadWorker } from "./var-blocks.js";

const JOB: BlockJob = {
  simulation: {
    model: { volatilities: [0.03], correlation: squareMatrix([[1]]), degreesOfFreedom: null },
    books: [
      [{ kind: "linear", factor: 0, price: 100, quantity: 1 }],
      [
        {
          kind: "option",
          factor: 0,
          right: 1,
          price: 100,
          strike: 110,
          yearsToExpiry: 0.1,
          volatility: 0.5,
          quantity: -2,
        },
      ],
    ],
    volatilityResponse: score.STANDARD_VOLATILITY_RESPONSE,
    elapsedYears: 1 / 365,
    seed: 5,
    draws: "pseudo-random",
  },
  blocks: [300, 300, 300, 300, 300, 300, 17],
};
const silent = () => undefined;

test("SCORE-4: the answer is the same for any number of workers, whoever is slower", async () => {
  const alone = await runBlocks(JOB, 1, silent);
  expect(alone.map((losses) => losses.map(({ length }) => length))).toEqual(JOB.blocks.map((paths) => [paths, paths]));
  for (const workers of [2, 3, 9]) {
    let started = 0;
    const ofItsOwnPace = (job: BlockJob): BlockWorker => {
      const [worker, pace] = [localWorker(job), started++];
      return {
        ...worker,
        losses: async (block) => {
          // Later workers are faster, so that blocks are done out of their order.
          for (let turn = 0; turn < 5 * (workers - pace); turn += 1) await Promise.resolve();
          return worker.losses(block);
        },
      };
    };
    expect(await runBlocks(JOB, workers, silent, ofItsOwnPace)).toEqual(alone);
    expect(started).toBe(Math.min(workers, JOB.blocks.length));
  }
});

test("SCORE-4: threads give what this thread gives", async () => {
  const entry = path.join(ROOT, "apps/cli/dist/commands/var-worker.js");
  if (!existsSync(entry)) throw new Error("expected the command line to be built; run `npx tsc -b apps/cli`");
  const threads = await runBlocks(JOB, 2, silent, (job) => threadWorker(job, pathToFileURL(entry)));
  const alone = await runBlocks(JOB, 1, silent);
  // Arrays of another thread come from another realm, so they are compared by what they hold.
  expect(threads.map((losses) => losses.map((each) => [...each]))).toEqual(
    alone.map((losses) => losses.map((each) => [...each])),
  );
});

test("a worker that fails stops the run, and every worker is stopped", async () => {
  let stopped = 0;
  const failing = (): BlockWorker => ({
    losses: (block) => (block === 3 ? Promise.reject(new Error("broken")) : Promise.resolve([])),
    stop: () => Promise.resolve((stopped += 1)),
  });
  await expect(runBlocks(JOB, 2, silent, failing)).rejects.toThrow("broken");
  expect(stopped).toBe(2);
});

test("progress counts to the end", async () => {
  const told: string[] = [];
  await runBlocks(JOB, 1, (done, of) => told.push(`${done}/${of}`));
  expect(told).toEqual(["1/7", "2/7", "3/7", "4/7", "5/7", "6/7", "7/7"]);
});
