import { queueConnection, type QueueEnvironment } from "./connection.js";
import { lookAgainJobId } from "./job-ids.js";
import type { LookAgainJob } from "./jobs.js";
import { LOOK_AGAIN_QUEUE } from "./names.js";
import { LOOK_AGAIN_POLICY } from "./policy.js";

/** The end of the queue at which wishes are put in. */
export interface WakeQueue {
  /**
   * Puts wishes on the queue, in one round trip; a wish that is there already is not queued twice.
   * May take for ever while the queue's server is away, so nothing that matters waits for it.
   */
  wake(jobs: readonly LookAgainJob[]): Promise<void>;
  close(): Promise<void>;
}

/** Opens the queue; `faulted` is told when its server is away. Nothing waits for a connection. */
export function openWakeQueue(environment: QueueEnvironment, faulted: (cause: Error) => void): WakeQueue {
  const server = queueConnection(environment);
  const queue = new server.bullmq.Queue<LookAgainJob>(LOOK_AGAIN_QUEUE, { connection: server.connection });
  queue.on("error", faulted);
  return {
    async wake(jobs) {
      await queue.addBulk(
        jobs.map((job) => ({
          name: LOOK_AGAIN_QUEUE,
          data: job,
          opts: { ...LOOK_AGAIN_POLICY, jobId: lookAgainJobId(job) },
        })),
      );
    },
    async close() {
      await queue.close();
      await server.close();
    },
  };
}
