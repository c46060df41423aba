import { InvariantViolation } from "@ballast/model";
import { UnrecoverableError } from "bullmq";
import { queueConnection, type QueueEnvironment } from "./connection.js";
import { JobRefused, type LookAgainJob, parseLookAgainJob } from "./jobs.js";
import { LOOK_AGAIN_QUEUE } from "./names.js";

/** What a worker does with a wish, and whom it tells. */
export interface WakeWork {
  /** Jobs side by side. */
  readonly concurrency: number;
  /** Version of the engine that does the work; jobs of a newer one are refused. */
  readonly engineVersion: number;
  /** Does the work. An InvariantViolation ends the job for good; anything else is tried again, as the policy says. */
  look(job: LookAgainJob): Promise<void>;
  /** The payload is not ours to understand: of another version, or malformed. Nothing was done. */
  refused(reason: string): void;
  /** The queue's server is away, or a job could not be finished. */
  faulted(cause: Error): void;
  /** No job is under way in this worker any more. */
  idle(): void;
}

/** A running worker. */
export interface WakeWorker {
  /** Takes no new job, and answers when those under way are done; does not wait for a server that is away. */
  close(): Promise<void>;
}

/** Starts a worker on the look-again queue. It runs from now on; nothing waits for its connection. */
export function startWakeWorker(environment: QueueEnvironment, work: WakeWork): WakeWorker {
  const server = queueConnection(environment);
  let running = 0;
  const process = async (job: { readonly data: unknown }): Promise<void> => {
    running += 1;
    try {
      await obey(work, job.data);
    } finally {
      running -= 1;
      if (running === 0) work.idle();
    }
  };
  const worker = new server.bullmq.Worker<unknown, void>(LOOK_AGAIN_QUEUE, process, {
    connection: server.connection,
    concurrency: work.concurrency,
  });
  worker.on("error", work.faulted);
  worker.on("failed", (_job, cause) => {
    if (!(cause instanceof UnrecoverableError)) work.faulted(cause);
  });
  return {
    async close() {
      const isAway = !(await answers(environment));
      // A worker takes its leave of the server, and would wait for ever for one that is away. It finds out by itself.
      while (isAway && running > 0) await pause(IDLE_MS);
      await worker.close(isAway);
      await server.close();
    },
  };
}

/** How long a server may take to answer before it counts as away. */
const ANSWER_MS_MAX = 1_000;
/** How often a closing worker looks whether its jobs are done. */
const IDLE_MS = 10;

async function answers(environment: QueueEnvironment): Promise<boolean> {
  const server = queueConnection(environment);
  const queue = new server.bullmq.Queue(LOOK_AGAIN_QUEUE, { connection: server.connection });
  queue.on("error", () => undefined);
  const asked = queue.count().then(
    () => true,
    () => false,
  );
  const answered = await Promise.race([asked, pause(ANSWER_MS_MAX).then(() => false)]);
  await queue.close();
  await server.close();
  return answered;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** @throws UnrecoverableError for what no second attempt can mend: the job goes to the list of the failed at once. */
async function obey(work: WakeWork, payload: unknown): Promise<void> {
  try {
    await work.look(parseLookAgainJob(payload, work.engineVersion));
  } catch (cause) {
    if (cause instanceof JobRefused) work.refused(cause.message);
    if (cause instanceof JobRefused || cause instanceof InvariantViolation) throw new UnrecoverableError(cause.message);
    throw cause;
  }
}
