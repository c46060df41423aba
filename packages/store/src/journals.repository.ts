import type { Journal, JournalKind, Posting } from "@ballast/ledger";
import type { AccountId, UtcMillis } from "@ballast/model";
import { type Amount, amount } from "@ballast/money";
import type { Page } from "./accounts.repository.js";
import type { Database } from "./client.js";
import { streamTogether } from "./reading.js";
import { fromBigint } from "./rows/integers.js";
import type { Session } from "./unit-of-work.js";

/** One posting as its account's statement shows it. */
export interface LedgerEntry {
  /** Number in the account's chain, from 1. */
  readonly sequence: number;
  readonly journal: string;
  readonly kind: JournalKind;
  readonly at: UtcMillis;
  readonly book: Posting["book"];
  readonly asset: Posting["asset"];
  readonly amount: Amount;
  /** What that book held of that asset after this posting. */
  readonly balanceAfter: Amount;
  readonly hash: string;
}

export interface EntryQuery {
  readonly limit: number;
  /** `next` of the page before. */
  readonly cursor?: string;
}

/** The ledger as it was written. */
export interface Journals {
  /** The account's postings, newest first. Cost: grows with the account's whole history, about 1 µs a posting. */
  journals(account: AccountId, query: EntryQuery): Promise<Page<LedgerEntry>>;
  /** Journals with these keys, in the order of the ledger. */
  journalsByKey(keys: readonly string[]): Promise<readonly Journal[]>;
  /** Every journal in the order of the ledger, all of one moment, a thousand at a time. */
  allJournals(): AsyncGenerator<Journal>;
}

export function journalsRepository({ pool, sql }: Database): Journals {
  return {
    journals: (account, query) => statement(sql, account, query),
    async journalsByKey(keys) {
      const { rows } = await sql.query<LegRow>(
        `${SELECT_LEGS} WHERE journal.key = ANY($1) ORDER BY journal.id, posting.leg`,
        [keys],
      );
      return gather(rows).map(({ journal }) => journal);
    },
    async *allJournals() {
      for await (const { journal } of streamTogether<WithId>(pool, nextJournals)) yield journal;
    },
  };
}

interface WithId {
  readonly id: string;
  readonly journal: Journal;
}

interface LegRow {
  readonly id: string;
  readonly key: string;
  readonly kind: JournalKind;
  readonly at: UtcMillis;
  readonly account_id: AccountId;
  readonly book: Posting["book"];
  readonly asset: Posting["asset"];
  readonly amount: string;
}

const SELECT_LEGS = `
  SELECT journal.id, journal.key, journal.kind, journal.at, posting.account_id, posting.book, posting.asset, posting.amount
    FROM journal JOIN posting ON posting.journal_id = journal.id`;

const PAGE = 1000;

async function nextJournals(session: Session, last: WithId | null): Promise<readonly WithId[]> {
  const { rows } = await session.query<LegRow>(
    `${SELECT_LEGS} WHERE journal.id IN (SELECT id FROM journal WHERE id > $1 ORDER BY id LIMIT ${PAGE})
      ORDER BY journal.id, posting.leg`,
    [last?.id ?? "0"],
  );
  return gather(rows);
}

/** Journals from their legs, which come in order. */
function gather(rows: readonly LegRow[]): readonly WithId[] {
  const gathered: { id: string; journal: Journal & { postings: Posting[] } }[] = [];
  for (const { id, key, kind, at, account_id: account, book, asset, amount: text } of rows) {
    if (gathered.at(-1)?.id !== id) gathered.push({ id, journal: { key, kind, at, postings: [] } });
    gathered.at(-1)?.journal.postings.push({ account, book, asset, amount: amount(text) });
  }
  return gathered;
}

interface EntryRow extends LegRow {
  readonly account_seq: string;
  readonly balance_after: string;
  readonly hash: string;
}

async function statement(session: Session, account: AccountId, query: EntryQuery): Promise<Page<LedgerEntry>> {
  const { rows } = await session.query<EntryRow>(
    `SELECT entry.account_seq, entry.balance_after, entry.hash, entry.book, entry.asset, entry.amount, journal.key,
            journal.kind, journal.at
       FROM (SELECT journal_id, account_seq, hash, book, asset, amount,
                    sum(amount) OVER (PARTITION BY book, asset ORDER BY account_seq) AS balance_after
               FROM posting WHERE account_id = $1) AS entry
       JOIN journal ON journal.id = entry.journal_id
      WHERE $2::bigint IS NULL OR entry.account_seq < $2
      ORDER BY entry.account_seq DESC LIMIT $3`,
    [account, query.cursor ?? null, query.limit + 1],
  );
  const items = rows.slice(0, query.limit).map(entryOf);
  const last = items.at(-1);
  return { items, next: rows.length > query.limit && last !== undefined ? String(last.sequence) : null };
}

function entryOf(row: EntryRow): LedgerEntry {
  return {
    sequence: fromBigint(row.account_seq),
    journal: row.key,
    kind: row.kind,
    at: row.at,
    book: row.book,
    asset: row.asset,
    amount: amount(row.amount),
    balanceAfter: amount(row.balance_after),
    hash: row.hash,
  };
}
