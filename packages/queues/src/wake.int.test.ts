import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { accountId, InvariantViolation } from "@ballast/model";
import { createTestDatabase, type TestDatabase } from "@ballast/testkit";
import { openQueuePool, type QueueEnvironment } from "./connection.js";
import { JOB_SCHEMA_VERSION, LIQUIDATION_ENGINE_VERSION, type LookAgainJob, lookAgainJob } from "./jobs.js";
import { emptyQueue, enqueueAnything, failedJobs, prepareQueue } from "./testing.js";
import { openWakeQueue, type WakeQueue } from "./wake-queue.js";
import { startWakeWorker, type WakeWorker } from "./wake-worker.js";

const alice = accountId("alice");
const bob = accountId("bob");
const redisUrl = process.env["TEST_REDIS_URL"];

let database: TestDatabase;
const open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
});

afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

afterAll(() => database.drop());

/** Answers when `holds` does; fails after ten seconds with what it was waiting for. */
async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`still waiting for: ${what}`);
}

interface Heard {
  readonly jobs: LookAgainJob[];
  readonly refused: string[];
  readonly faults: Error[];
  idle: number;
}

function listen(environment: QueueEnvironment, look: (job: LookAgainJob) => Promise<void>): Heard {
  const heard: Heard = { jobs: [], refused: [], faults: [], idle: 0 };
  const worker: WakeWorker = startWakeWorker(environment, {
    concurrency: 4,
    engineVersion: LIQUIDATION_ENGINE_VERSION,
    async look(job) {
      heard.jobs.push(job);
      await look(job);
    },
    refused: (reason) => heard.refused.push(reason),
    faulted: (cause) => heard.faults.push(cause),
    idle: () => {
      heard.idle += 1;
    },
  });
  open.push(worker);
  return heard;
}

function openQueue(environment: QueueEnvironment, faults: Error[] = []): WakeQueue {
  const queue = openWakeQueue(environment, (cause) => faults.push(cause));
  open.push(queue);
  return queue;
}

const nothing = async (): Promise<void> => undefined;

describe.each([
  ["PostgreSQL", () => ({ databaseUrl: database.url }), true],
  ["Redis", () => ({ databaseUrl: database.url, redisUrl }), redisUrl !== undefined],
] as const)("the queue on %s", (_, where, isHere) => {
  const on = isHere ? test : test.skip;

  beforeAll(async () => {
    if (!isHere) return;
    await prepareQueue(where());
    await emptyQueue(where());
  });

  on("wakes a worker for each wish, and a wish that waits already is not queued twice", async () => {
    const queue = openQueue(where());
    const wishes = [lookAgainJob(alice, 1), lookAgainJob(bob, 1)];
    await queue.wake(wishes);
    await queue.wake(wishes);
    const heard = listen(where(), nothing);
    await eventually("both jobs", () => heard.jobs.length >= 2 && heard.idle > 0);
    expect(heard.jobs.map(({ account }) => account).sort()).toEqual([alice, bob]);
  });

  on("takes the same wish again once it has been done: what was due may be due again", async () => {
    const queue = openQueue(where());
    const heard = listen(where(), nothing);
    for (const times of [1, 2, 3]) {
      // Until the queue has put the last one away, the same wish is there already; so it is made again.
      await eventually(`job ${times}`, async () => {
        await queue.wake([lookAgainJob(alice, 2)]);
        return heard.jobs.length >= times;
      });
    }
    expect(new Set(heard.jobs.map((job) => JSON.stringify(job))).size).toBe(1);
  });

  on("refuses, and does not try again, what it does not understand; the next job is done", async () => {
    const heard = listen(where(), nothing);
    const before = await failedJobs(where());
    const newer = { ...lookAgainJob(alice, 3), schemaVersion: JOB_SCHEMA_VERSION + 1 };
    const newerEngine = lookAgainJob(alice, 3, LIQUIDATION_ENGINE_VERSION + 1);
    await enqueueAnything(where(), [newer, newerEngine, { account: "alice" }, "look at alice", lookAgainJob(bob, 3)]);
    await eventually("refusals and a job", () => heard.refused.length >= 4 && heard.jobs.length >= 1);
    expect(heard.jobs).toEqual([lookAgainJob(bob, 3)]);
    expect(heard.refused).toHaveLength(4);
    await eventually("the refused to be kept", async () => (await failedJobs(where())) === before + 4);
  });

  on("a bug ends the job for good; a fault of the world is tried again", async () => {
    let faults = 0;
    const heard = listen(where(), async ({ account }) => {
      if (account === alice) throw new InvariantViolation("a made-up invariant holds", {});
      faults += 1;
      if (faults === 1) throw new Error("the database is away");
    });
    const before = await failedJobs(where());
    await openQueue(where()).wake([lookAgainJob(alice, 4), lookAgainJob(bob, 4)]);
    await eventually("a second attempt", () => faults === 2);
    await eventually("the bug to be kept", async () => (await failedJobs(where())) === before + 1);
    expect(heard.jobs.filter(({ account }) => account === alice)).toHaveLength(1);
    expect(heard.faults.map(({ message }) => message)).toEqual(["the database is away"]);
  });

  on("emptied behind its back it has lost its jobs, and goes on with the next one", async () => {
    const queue = openQueue(where());
    await queue.wake([lookAgainJob(alice, 5)]);
    await emptyQueue(where());
    const heard = listen(where(), nothing);
    await queue.wake([lookAgainJob(bob, 5)]);
    await eventually("the next job", () => heard.jobs.length > 0);
    expect(heard.jobs).toEqual([lookAgainJob(bob, 5)]);
  });
});

test("a connection that the server ends while nobody asks anything of it ends that connection, and not the process", async () => {
  const pool = openQueuePool(database.url);
  const held = await pool.connect();
  const gone = new Promise((resolve) => held.once("end", resolve));
  const { rows } = await held.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  await pool.query("SELECT pg_terminate_backend($1)", [rows[0]?.pid]);
  await gone;
  await expect(held.query("SELECT 1")).rejects.toThrow("not queryable");
  held.release();
  await expect(pool.query("SELECT 1 AS here")).resolves.toMatchObject({ rows: [{ here: 1 }] });
  await pool.end();
});

test("a queue whose server is away says so and keeps nobody waiting", async () => {
  const faults: Error[] = [];
  const away = { databaseUrl: "postgresql://nobody@127.0.0.1:1/nothing" };
  const queue = openQueue(away, faults);
  await expect(queue.wake([lookAgainJob(alice, 6)])).rejects.toThrow("ECONNREFUSED");
});
