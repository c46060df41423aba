import type { LookAgainJob } from "./jobs.js";

/** One job an account and snapshot: while it waits or runs, the same wish is not queued twice. */
export function lookAgainJobId({ account, sequence }: LookAgainJob): string {
  return `look-again.${account}.${sequence}`;
}
