import type { Account, AccountId } from "@ballast/model";
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

/** Accounts that are remembered; in a larger house every scan reads everybody. */
const REMEMBERED_MAX = 200_000;

/**
 * The accounts that this process has scanned. What an account holds is a function of its postings, so an account whose
 * last posting has not moved is the one that was read before; who has moved is asked of the database every time.
 */
export class ScannedAccounts {
  private remembered = new Map<AccountId, Omit<ScannedAccount, "openEpoch">>();

  /** All accounts as they are at the moment of the session's transaction, which must be one of repeatable reads. */
  async read(session: Session): Promise<readonly ScannedAccount[]> {
    const { rows } = await session.query<{ id: AccountId; last_posting_seq: string; epoch: number | null }>(
      `SELECT account.id, account.last_posting_seq, breach.epoch
         FROM account LEFT JOIN liquidation_case AS breach ON breach.account_id = account.id AND breach.stage <> 'CLOSED'
        ORDER BY account.id`,
    );
    const heads = rows.map((row) => ({ id: row.id, sequence: fromBigint(row.last_posting_seq), epoch: row.epoch }));
    const moved = heads.filter(({ id, sequence }) => this.remembered.get(id)?.postingSequence !== sequence);
    const read = await this.load(
      session,
      moved.map(({ id }) => id),
      heads.length,
    );
    const known = new Map(this.remembered);
    for (const { account, head } of read) known.set(account.id, { account, postingSequence: head.sequence });
    if (heads.length <= REMEMBERED_MAX) this.remembered = known;
    return heads.flatMap(({ id, epoch }) => {
      const found = known.get(id);
      return found === undefined ? [] : [{ ...found, openEpoch: epoch }];
    });
  }

  /** One by one where few have moved, all in one go where many have. */
  private load(session: Session, moved: readonly AccountId[], all: number): Promise<readonly AccountState[]> {
    if (moved.length === 0) return Promise.resolve([]);
    return moved.length * 2 > all ? loadAllStates(session) : loadStates(session, moved);
  }
}
