import type { AccountId } from "@ballast/model";
import type { DueQuestion, DueWork } from "@ballast/store";

/** What the sweeper can set in motion. */
export interface Sweep {
  readonly engineVersion: number;
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
  dueWork(question: DueQuestion): Promise<DueWork>;
  scan(sequence: number): Promise<void>;
  /** Puts the wishes on the queue, and does not wait for it. */
  wake(accounts: readonly AccountId[]): void;
  /** Does the work here and now, when the queue has not done it in time. */
  lookAgain(account: AccountId): Promise<void>;
  /** Answers whether it has settled the snapshot. */
  waterfall(sequence: number): Promise<boolean>;
  /** A newer engine has started: nothing is done any more. */
  outdated(newestEngine: number): void;
  /** The world failed; asked again at the next sweep. */
  faulted(cause: unknown): void;
}

/** Milliseconds after which the worker stops trusting the queue with an account and looks itself. */
export const PATIENCE_MS = 1_000;
/** Milliseconds after which a wish is repeated: the queue may have lost it. */
const WISH_AGAIN_MS = PATIENCE_MS / 4;
/** Milliseconds between two thorough questions. */
export const THOROUGH_MS = 5_000;
/** Accounts that the worker looks at side by side when the queue has not. */
const OVERDUE_TOGETHER = 8;

/**
 * Asks PostgreSQL what is due, again and again. The queue is only woken; what it loses, repeats or keeps for a worker that
 * has died is done here after `PATIENCE_MS`. A fault ends the sweep, not the sweeper.
 *
 * @method STORE-8 CASE-1
 */
export class Sweeper {
  private thoroughAt = Number.NEGATIVE_INFINITY;
  private readonly dueSince = new Map<AccountId, { readonly first: number; wished: number }>();

  constructor(private readonly work: Sweep) {}

  /** One round. Answers whether something was finished that may make other work due: then there is no need to rest. */
  async sweep(): Promise<boolean> {
    try {
      const due = await this.work.dueWork(this.question());
      if (due.newestEngine !== null && due.newestEngine > this.work.engineVersion) {
        this.work.outdated(due.newestEngine);
        return false;
      }
      return await this.act(due);
    } catch (cause) {
      this.work.faulted(cause);
      return false;
    }
  }

  /** What looks at every account is asked now and then only: prices that come meanwhile would wait for the answer. */
  private question(): DueQuestion {
    const now = this.work.now();
    if (now - this.thoroughAt < THOROUGH_MS) return "QUICK";
    this.thoroughAt = now;
    return "THOROUGH";
  }

  private async act(due: DueWork): Promise<boolean> {
    if (due.scan !== null) {
      await this.work.scan(due.scan);
      // At new prices everything is due anew.
      this.dueSince.clear();
      return true;
    }
    const [overdue, wished] = this.divide(due.lookAgain);
    if (wished.length > 0) this.work.wake(wished);
    // A few side by side, then the tables are asked again: the queue may be busy and not dead.
    await Promise.all(overdue.slice(0, OVERDUE_TOGETHER).map((account) => this.work.lookAgain(account)));
    if (due.waterfall !== null) return this.work.waterfall(due.waterfall);
    return false;
  }

  /** Notes since when each account has been due, and parts those the queue has kept too long from those to be wished for. */
  private divide(due: readonly AccountId[]): readonly [overdue: AccountId[], wished: AccountId[]] {
    const now = this.work.now();
    const still = new Set(due);
    for (const account of this.dueSince.keys()) if (!still.has(account)) this.dueSince.delete(account);
    const overdue: AccountId[] = [];
    const wished: AccountId[] = [];
    for (const account of due) {
      const since = this.dueSince.get(account);
      if (since !== undefined && now - since.first > PATIENCE_MS) overdue.push(account);
      else if (since === undefined || now - since.wished >= WISH_AGAIN_MS) {
        wished.push(account);
        this.dueSince.set(account, { first: since?.first ?? now, wished: now });
      }
    }
    return [overdue, wished];
  }
}
