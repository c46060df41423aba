import type { JobsOptions } from "bullmq";

/**
 * A job is a hint, so one that is done leaves nothing behind: a kept job would make the queue ignore the next wish of the
 * same id. A fault of the world is tried again a little later; what has failed for good is kept to be looked at, and the
 * sweeper does its work meanwhile.
 */
export const LOOK_AGAIN_POLICY: JobsOptions = {
  attempts: 3,
  backoff: { type: "fixed", delay: 250 },
  removeOnComplete: true,
  removeOnFail: { count: 1_000 },
};
