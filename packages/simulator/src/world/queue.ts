import type { AccountId } from "@ballast/model";
import type { Random } from "../random.js";

/** What a job says: look again. At one account, at the newest snapshot, or at whatever PostgreSQL would say is due. */
export type Job =
  | { readonly kind: "LOOK_AGAIN"; readonly account: AccountId }
  | { readonly kind: "SCAN"; readonly sequence: number }
  | { readonly kind: "WATERFALL"; readonly sequence: number };

/** Shares of 10,000 deliveries that go wrong; all 0 is a perfect queue. */
export interface QueueFaults {
  readonly lost: number;
  readonly duplicated: number;
  /** Delivered out of turn, from anywhere in the queue. */
  readonly late: number;
}

export const PERFECT_QUEUE: QueueFaults = { lost: 0, duplicated: 0, late: 0 };

/**
 * A queue as bad as the real ones: it loses jobs, delivers them twice and out of turn, and forgets everything when it is
 * flushed. Nothing that must happen may depend on it.
 */
export class ModelQueue {
  private readonly jobs: Job[] = [];

  get length(): number {
    return this.jobs.length;
  }

  push(job: Job, random: Random, faults: QueueFaults): void {
    if (random.chance(faults.lost)) return;
    this.jobs.push(job);
    if (random.chance(faults.duplicated)) this.jobs.push(job);
  }

  /** The next job, out of turn now and then; undefined when there is none. */
  take(random: Random, faults: QueueFaults): Job | undefined {
    if (this.jobs.length === 0) return undefined;
    const index = random.chance(faults.late) ? random.below(this.jobs.length) : 0;
    const [job] = this.jobs.splice(index, 1);
    if (job !== undefined && random.chance(faults.duplicated)) this.jobs.push(job);
    return job;
  }

  flush(): void {
    this.jobs.length = 0;
  }
}
