import { type AccountId, ID_GRAMMAR } from "@ballast/model";
import { z } from "zod";

/**
 * Version of what a job means. A worker refuses every other one: an old worker must not act on a new producer's word,
 * nor the other way round.
 */
export const JOB_SCHEMA_VERSION = 2;

/**
 * Version of what a worker does with a case: raised whenever a step would be taken differently. A job carries the version
 * of whoever queued it, and a worker that is older refuses: what the newer one knows, it does not. The newest version that
 * has ever started is also a row in the database, which holds where no job is involved.
 */
export const LIQUIDATION_ENGINE_VERSION = 4;

/** "Look at this account again, prices of this sequence are out." It carries no conclusion: the worker rereads the truth. */
export interface LookAgainJob {
  readonly schemaVersion: typeof JOB_SCHEMA_VERSION;
  readonly engineVersion: number;
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
  engineVersion: z.int().positive(),
  account: z.string().regex(ID_GRAMMAR),
  sequence: z.int().nonnegative(),
});

/** Returns the job to put on the queue. */
export function lookAgainJob(
  account: AccountId,
  sequence: number,
  engineVersion = LIQUIDATION_ENGINE_VERSION,
): LookAgainJob {
  return { schemaVersion: JOB_SCHEMA_VERSION, engineVersion, account, sequence };
}

/**
 * Returns the payload as a job. @throws JobRefused when it is of another version or form, or was queued by a newer engine
 * than `engineVersion`; the message says what was expected and found.
 */
export function parseLookAgainJob(payload: unknown, engineVersion = LIQUIDATION_ENGINE_VERSION): LookAgainJob {
  const parsed = lookAgain.safeParse(payload);
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => `${issue.path.join(".") || "job"}: ${issue.message}`);
    throw new JobRefused(`expected a look-again job of version ${JOB_SCHEMA_VERSION}; found ${fields.join("; ")}`);
  }
  if (parsed.data.engineVersion > engineVersion) {
    throw new JobRefused(
      `expected a job of engine ${engineVersion} or older; found one of engine ${parsed.data.engineVersion}`,
    );
  }
  return { ...parsed.data, account: parsed.data.account as AccountId };
}
