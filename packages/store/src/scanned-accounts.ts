import type { Account, AccountId, MarginMode } from "@ballast/model";
import { loadAllStates, loadStates } from "./accounts.repository.js";
import type { AccountState } from "./rows/account-row.js";
import { fromBigint } from "./rows/integers.js";
import type { Session } from "./unit-of-work.js";

/** An account as a scan judges it: up to a posting, and with or without an open case. */
export interface ScannedAccount {
  readonly account: Account;
  readonly postingSequence: number;
  readonly openEpoch: number | null;
}

interface HeadRow {
  readonly id: AccountId;
  readonly last_posting_seq: string;
  readonly margin_mode: MarginMode;
  readonly epoch: number | null;
}

/** Accounts that are remembered; in a larger house every scan reads everybody. */
const REMEMBERED_MAX = 200_000;

const HEADS_OF = (accounts: string): string => `
  SELECT account.id, account.last_posting_seq, account.margin_mode, breach.epoch
    FROM ${accounts}
    LEFT JOIN liquidation_case AS breach ON breach.account_id = account.id AND breach.stage <> 'CLOSED'
   ORDER BY account.id`;

const NEAREST = `(SELECT account_id FROM account_health ORDER BY margin_usage DESC, account_id LIMIT $1) AS near
    JOIN account ON account.id = near.account_id`;

/**
 * The accounts that this process has scanned. What an account holds is a function of its postings, so an account whose
 * last posting has not moved, and whose margin mode is the same, is the one that was read before; who has moved is asked of the
 * database every time.
 */
export class ScannedAccounts {
  private readonly remembered = new Map<AccountId, Omit<ScannedAccount, "openEpoch">>();

  /** All accounts as they are at the moment of the session's transaction, which must be one of repeatable reads. */
  async read(session: Session): Promise<readonly ScannedAccount[]> {
    const { rows } = await session.query<HeadRow>({ name: "heads", text: HEADS_OF("account") });
    return this.recall(session, rows, rows.length);
  }

  /** Those that were nearest to liquidation when they were last judged, at most so many; read in the same way. */
  async readNearest(session: Session, count: number): Promise<readonly ScannedAccount[]> {
    const { rows } = await session.query<HeadRow>({ name: "nearest", text: HEADS_OF(NEAREST), values: [count] });
    return this.recall(session, rows, Number.POSITIVE_INFINITY);
  }

  /** What these accounts hold; `all` is how many there are in the house. */
  private async recall(session: Session, rows: readonly HeadRow[], all: number): Promise<readonly ScannedAccount[]> {
    const heads = rows.map((row) => ({
      id: row.id,
      sequence: fromBigint(row.last_posting_seq),
      marginMode: row.margin_mode,
      epoch: row.epoch,
    }));
    // Taken before anything is awaited: another read may put an older or newer state in its place meanwhile.
    const unmoved = heads.map(({ id, sequence, marginMode }) => {
      const known = this.remembered.get(id);
      return known?.postingSequence === sequence && known.account.marginMode === marginMode ? known : undefined;
    });
    const moved = heads.filter((_, index) => unmoved[index] === undefined);
    const read = await this.load(
      session,
      moved.map(({ id }) => id),
      all,
    );
    const fresh = new Map(read.map(({ account, head }) => [account.id, { account, postingSequence: head.sequence }]));
    const found = heads.flatMap(({ id, epoch }, index) => {
      const one = unmoved[index] ?? fresh.get(id);
      return one === undefined ? [] : [{ ...one, openEpoch: epoch }];
    });
    if (this.remembered.size + fresh.size <= REMEMBERED_MAX) {
      for (const [id, one] of fresh) this.remembered.set(id, one);
    }
    return found;
  }

  /** One by one where few have moved, all in one go where many have. */
  private load(session: Session, moved: readonly AccountId[], all: number): Promise<readonly AccountState[]> {
    if (moved.length === 0) return Promise.resolve([]);
    return moved.length * 2 > all ? loadAllStates(session) : loadStates(session, moved);
  }
}
