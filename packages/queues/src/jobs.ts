import { type AccountId, ID_GRAMMAR } from "@ballast/model";
import { z } from "zod";

/**
 * Version of what a job means. A worker refuses every other one: an old worker must not act on a new producer's word,
 * nor the other way round.
 */
export const JOB_SCHEMA_VERSION = 1;

/** "Look at this account again, prices of this sequence are out." It carries no conclusion: the worker rereads the truth. */
export interface LookAgainJob {
  readonly schemaVersion: typeof JOB_SCHEMA_VERSION;
  readonly account: AccountId;
  readonly sequence: number;
}

/** A job that this worker will not touch. */
export class JobRefused extends Error {
  override readonly name = "JobRefused";
  readonly code = "JOB_REFUSED";
}

const lookAgain = z.strictObject({
  schemaVersion: z.literal(JOB_SCHEMA_VERSION),
  account: z.string().regex(ID_GRAMMAR),
  sequence: z.int().nonnegative(),
});

/** Returns the job to put on the queue. */
export function lookAgainJob(account: AccountId, sequence: number): LookAgainJob {
  return { schemaVersion: JOB_SCHEMA_VERSION, account, sequence };
}

/**
 * Returns the payload as a job. @throws JobRefused when it is of another version or form; the message names the fields.
 */
export function parseLookAgainJob(payload: unknown): LookAgainJob {
  const parsed = lookAgain.safeParse(payload);
  if (parsed.success) return { ...parsed.data, account: parsed.data.account as AccountId };
  const fields = parsed.error.issues.map((issue) => `${issue.path.join(".") || "job"}: ${issue.message}`);
  throw new JobRefused(`expected a look-again job of version ${JOB_SCHEMA_VERSION}; found ${fields.join("; ")}`);
}
