import type { AccountId } from "@ballast/model";

/** Milliseconds for which the verdicts of everybody else wait for the first effects. */
export const HEAD_START_MS = 500;

/**
 * The looks that this process has under way, at most one an account: who wants another one meanwhile is answered with the
 * one that runs. What has become due since it began is still due in the tables. That saves work and proves nothing: two
 * processes may look at one account at once.
 *
 * @method CASE-1
 */
export class Looks {
  private readonly underWay = new Map<AccountId, Promise<void>>();

  constructor(private readonly lookAgain: (account: AccountId) => Promise<void>) {}

  /** Looks at the account, or waits for the look that is under way. @throws what looking throws. */
  at(account: AccountId): Promise<void> {
    const running = this.underWay.get(account);
    if (running !== undefined) return running;
    const look = this.lookAgain(account).finally(() => this.underWay.delete(account));
    this.underWay.set(account, look);
    return look;
  }

  /**
   * The looks that the process which has found breaches begins by itself, at once, so that there is no queue between a
   * breach and its first effect. Answers when they have ended, or after `HEAD_START_MS`; `faulted` is told what they throw.
   */
  begin(accounts: readonly AccountId[], faulted: (cause: unknown) => void): Promise<void> {
    return atMost(HEAD_START_MS, Promise.all(accounts.map((account) => this.at(account).catch(faulted))));
  }

  /** Answers when nothing is under way any more. */
  async end(): Promise<void> {
    await Promise.allSettled(this.underWay.values());
  }
}

function atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    void work.then(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
