import type { AccountId } from "@ballast/model";
import type { DueWork } from "@ballast/store";

/** What the sweeper can set in motion. */
export interface Sweep {
  dueWork(): Promise<DueWork>;
  scan(sequence: number): Promise<void>;
  /** Puts the wishes on the queue, and does not wait for it. */
  wake(accounts: readonly AccountId[]): void;
  /** Does the work here and now, when the queue has not done it in time. */
  lookAgain(account: AccountId): Promise<void>;
  waterfall(sequence: number): Promise<void>;
  /** The world failed; asked again at the next sweep. */
  faulted(cause: unknown): void;
}

/** Sweeps after which the worker stops trusting the queue with an account and looks itself. */
export const PATIENCE = 10;

/**
 * Asks PostgreSQL what is due, again and again. The queue is only woken; what it loses, repeats or keeps for a worker that
 * has died is done here after `PATIENCE` sweeps. A fault ends the sweep, not the sweeper.
 *
 * @method STORE-8
 */
export class Sweeper {
  private readonly sweepsDue = new Map<AccountId, number>();

  constructor(private readonly work: Sweep) {}

  /** One round. Answers whether anything was due. */
  async sweep(): Promise<boolean> {
    try {
      const due = await this.work.dueWork();
      await this.act(due);
      return due.scan !== null || due.lookAgain.length > 0 || due.waterfall !== null;
    } catch (cause) {
      this.work.faulted(cause);
      return false;
    }
  }

  private async act(due: DueWork): Promise<void> {
    this.forgetDone(due.lookAgain);
    if (due.scan !== null) await this.work.scan(due.scan);
    const overdue: AccountId[] = [];
    for (const account of due.lookAgain) {
      const sweeps = (this.sweepsDue.get(account) ?? 0) + 1;
      this.sweepsDue.set(account, sweeps);
      if (sweeps > PATIENCE) overdue.push(account);
    }
    if (due.lookAgain.length > overdue.length) this.work.wake(due.lookAgain);
    for (const account of overdue) await this.work.lookAgain(account);
    if (due.scan === null && due.waterfall !== null) await this.work.waterfall(due.waterfall);
  }

  private forgetDone(due: readonly AccountId[]): void {
    const still = new Set(due);
    for (const account of this.sweepsDue.keys()) if (!still.has(account)) this.sweepsDue.delete(account);
  }
}
