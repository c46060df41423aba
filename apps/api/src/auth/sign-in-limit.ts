/** Failed attempts to sign in that one name has in the window. */
export const NAME_FAILURES_MAX = 5;
/** The same for one network address: more, because everybody behind a proxy has the same one. */
export const ADDRESS_FAILURES_MAX = 50;
/** How long a failure counts. */
export const FAILURE_WINDOW_MS = 15 * 60_000;
/** How many names and addresses are remembered; the oldest is forgotten first. */
const REMEMBERED_MAX = 10_000;

/** What an attempt is counted under, and how many failures that has. */
export interface Counted {
  readonly key: string;
  readonly failuresMax: number;
}

/** An attempt counts against the name it tries and the address it comes from. */
export function countedUnder(name: string, address: string): readonly Counted[] {
  return [
    { key: `name:${name}`, failuresMax: NAME_FAILURES_MAX },
    { key: `address:${address}`, failuresMax: ADDRESS_FAILURES_MAX },
  ];
}

/**
 * Counts failed attempts to sign in, by user name and by network address, in this process's memory: a limit on guessing,
 * not a record. Behind several processes each counts for itself.
 */
export class SignInLimit {
  private readonly failures = new Map<string, number[]>();

  /** Milliseconds until the next attempt is heard; zero when it may be made now. */
  waitMs(counted: readonly Counted[], now: number): number {
    return Math.max(0, ...counted.map((one) => this.waitOf(one, now)));
  }

  failed(counted: readonly Counted[], now: number): void {
    for (const { key, failuresMax } of counted) {
      const recent = [...this.recent(key, now), now].slice(-failuresMax);
      this.failures.delete(key);
      this.failures.set(key, recent);
    }
    for (const oldest of this.failures.keys()) {
      if (this.failures.size <= REMEMBERED_MAX) break;
      this.failures.delete(oldest);
    }
  }

  succeeded(counted: readonly Counted[]): void {
    for (const { key } of counted) this.failures.delete(key);
  }

  private waitOf({ key, failuresMax }: Counted, now: number): number {
    const decisive = this.recent(key, now).at(-failuresMax);
    return decisive === undefined ? 0 : decisive + FAILURE_WINDOW_MS - now;
  }

  private recent(key: string, now: number): readonly number[] {
    return (this.failures.get(key) ?? []).filter((at) => at > now - FAILURE_WINDOW_MS);
  }
}
