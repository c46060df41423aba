import {
  type Account,
  type AccountId,
  type AccountKind,
  type HealthState,
  type InstrumentId,
  type MarginMode,
  ok,
  type Rejection,
  type Result,
  reject,
  type UtcMillis,
} from "@ballast/model";
import { type Quantity, quantity, ratio } from "@ballast/money";
import type { HealthRecord } from "./health-record.js";
import type { Database } from "./client.js";
import type { Command, CommandAnswer } from "./command.js";
import { type AccountRow, type AccountState, accountState, selectAccounts } from "./rows/account-row.js";
import { textArray } from "./rows/arrays.js";
import { fromBigint } from "./rows/integers.js";
import { HEALTH_COLUMNS, type HealthRow, healthRecord } from "./rows/health-row.js";
import { lockCommand, runOnce } from "./run-once.js";
import type { Session } from "./unit-of-work.js";

export interface NewAccount {
  readonly id: AccountId;
  readonly kind: AccountKind;
  readonly parent: AccountId | null;
  readonly name: string;
  /** STANDARD unless said. */
  readonly marginMode?: MarginMode;
}

/** One line of a list of accounts. `health` is null until the account has been judged. */
export interface AccountListing {
  readonly id: AccountId;
  readonly kind: AccountKind;
  readonly parent: AccountId | null;
  readonly name: string;
  readonly marginMode: MarginMode;
  readonly createdAt: UtcMillis;
  readonly frozen: boolean;
  readonly health: HealthRecord | null;
  /** Epoch of the open liquidation case, or null. */
  readonly openCase: number | null;
}

/** What a door needs to know about an account before anybody locks it. */
export interface AccountStanding {
  readonly parent: AccountId | null;
  readonly frozen: boolean;
  /** Of its last posting; 0 before the first. */
  readonly postingSequence: number;
}

/** What an account holds, and the posting after which it holds it. */
export interface Holding {
  readonly account: Account;
  readonly postingSequence: number;
}

export interface AccountQuery {
  readonly state?: HealthState;
  readonly kind?: AccountKind;
  /** `id`: ascending. `usage`: nearest to liquidation first; accounts never judged are left out. `id` unless said. */
  readonly sort?: "id" | "usage";
  readonly limit: number;
  /** `next` of the page before. */
  readonly cursor?: string;
}

/** Some of a list; `next` is null on the last page. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** Accounts: who holds what, and the last verdict on them. */
export interface Accounts {
  /**
   * Creates accounts, all or none, once per (scope, key).
   * Rejects with ACCOUNT_EXISTS, with ACCOUNT_UNKNOWN for a parent that does not exist or comes later in the list, and with
   * PORTFOLIO_MARGIN_UNAVAILABLE for a portfolio account while the parameters in force have no estimates.
   */
  createAccounts(
    command: Command,
    accounts: readonly NewAccount[],
  ): Promise<Result<CommandAnswer<{ readonly created: number }>, Rejection>>;
  /** What an account holds now; null when there is no such account. */
  account(id: AccountId): Promise<Account | null>;
  /** The same with the sequence of the account's last posting, of one moment. */
  holding(id: AccountId): Promise<Holding | null>;
  /** Whose they are and whether they are frozen, for those of `ids` that exist. Cost: one statement. */
  standings(ids: readonly AccountId[]): Promise<ReadonlyMap<AccountId, AccountStanding>>;
  /** The listing of one account; null when there is no such account. */
  listing(id: AccountId): Promise<AccountListing | null>;
  accounts(query: AccountQuery): Promise<Page<AccountListing>>;
  /** Every account with everything it holds, by id, all of one moment. Cost: one statement. */
  allAccounts(): Promise<readonly Account[]>;
  /** Contracts that one side holds, of every instrument in which anybody holds any. Cost: one pass over open positions. */
  openInterest(): Promise<ReadonlyMap<InstrumentId, Quantity>>;
  accountIdsOfKind(kind: AccountKind): Promise<readonly AccountId[]>;
  /** Which of these accounts exist. An account never ceases to exist. */
  knownAccounts(ids: readonly AccountId[]): Promise<ReadonlySet<AccountId>>;
  /** Accounts of the same owner, the account itself included: its main account and that one's sub-accounts, by id. */
  relatives(id: AccountId): Promise<readonly AccountId[]>;
  /** The stored verdict on an account; null before the first one. */
  health(id: AccountId): Promise<HealthRecord | null>;
  /** Stops every command on an account (ACCOUNT_FROZEN), or allows them again; for a person who found something wrong. */
  setFrozen(command: Command, id: AccountId, frozen: boolean): Promise<Result<CommandAnswer<null>, Rejection>>;
}

export function accountsRepository({ pool, sql, prisma }: Database): Accounts {
  return {
    createAccounts: (command, accounts) => createAccounts(pool, command, accounts),
    async account(id) {
      const [state] = await loadStates(sql, [id]);
      return state?.account ?? null;
    },
    async holding(id) {
      const [state] = await loadStates(sql, [id]);
      return state === undefined ? null : { account: state.account, postingSequence: state.head.sequence };
    },
    standings: (ids) => loadStandings(sql, ids),
    async listing(id) {
      const { rows } = await sql.query<ListingRow>(`${SELECT_LISTINGS} WHERE account.id = $1`, [id]);
      return rows[0] === undefined ? null : listing(rows[0]);
    },
    accounts: (query) => listAccounts(sql, query),
    async allAccounts() {
      return (await loadAllStates(sql)).map((state) => state.account);
    },
    async openInterest() {
      const { rows } = await sql.query<{ instrument_id: InstrumentId; contracts: string }>(
        "SELECT instrument_id, sum(quantity)::text AS contracts FROM position WHERE quantity > 0 GROUP BY instrument_id",
      );
      return new Map(rows.map((row) => [row.instrument_id, quantity(row.contracts)]));
    },
    async accountIdsOfKind(kind) {
      const rows = await prisma.account.findMany({ where: { kind }, select: { id: true }, orderBy: { id: "asc" } });
      return rows.map((row) => row.id as AccountId);
    },
    async knownAccounts(ids) {
      const { rows } = await sql.query<{ id: AccountId }>("SELECT id FROM account WHERE id = ANY($1::text[])", [
        textArray(ids),
      ]);
      return new Set(rows.map((row) => row.id));
    },
    async relatives(id) {
      const { rows } = await sql.query<{ id: AccountId }>(
        `SELECT other.id FROM account AS self
           JOIN account AS other ON coalesce(other.parent_id, other.id) = coalesce(self.parent_id, self.id)
          WHERE self.id = $1 ORDER BY other.id`,
        [id],
      );
      return rows.map((row) => row.id);
    },
    async health(id) {
      const { rows } = await sql.query<HealthRow>(
        `SELECT ${HEALTH_COLUMNS} FROM account_health AS health WHERE health.account_id = $1`,
        [id],
      );
      return rows[0] === undefined ? null : healthRecord(rows[0]);
    },
    setFrozen: (command, id, frozen) => setFrozen(pool, command, id, frozen),
  };
}

/** Every account as one statement saw it, by id. */
export async function loadAllStates(session: Session): Promise<readonly AccountState[]> {
  const { rows } = await session.query<AccountRow>(selectAccounts("ALL"));
  return rows.map(accountState);
}

/** These accounts with everything they hold, by id, in one statement. */
export async function loadStates(session: Session, ids: readonly AccountId[]): Promise<readonly AccountState[]> {
  const { rows } = await session.query<AccountRow>({
    name: "load-accounts",
    text: selectAccounts("NAMED"),
    values: [textArray(ids)],
  });
  return rows.map(accountState);
}

async function loadStandings(
  session: Session,
  ids: readonly AccountId[],
): Promise<ReadonlyMap<AccountId, AccountStanding>> {
  const { rows } = await session.query<{
    id: AccountId;
    parent_id: AccountId | null;
    frozen: boolean;
    last_posting_seq: string;
  }>({
    name: "load-standings",
    text: "SELECT id, parent_id, frozen, last_posting_seq FROM account WHERE id = ANY($1::text[])",
    values: [textArray(ids)],
  });
  return new Map(
    rows.map((row) => [
      row.id,
      { parent: row.parent_id, frozen: row.frozen, postingSequence: fromBigint(row.last_posting_seq) },
    ]),
  );
}

function createAccounts(pool: Database["pool"], command: Command, accounts: readonly NewAccount[]) {
  return runOnce<{ readonly created: number }>(
    pool,
    command,
    (session) => lockCommand(session, command),
    async (session) => {
      const refused = await refusedCreation(session, accounts);
      if (refused !== null) return reject(refused);
      const { rows } = await session.query<{ id: AccountId }>(
        `INSERT INTO account (id, kind, parent_id, name, margin_mode, created_at)
         SELECT id, kind, parent, name, mode, $6::timestamptz
           FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
                WITH ORDINALITY AS made (id, kind, parent, name, mode, position)
          ORDER BY position
         ON CONFLICT (id) DO NOTHING RETURNING id`,
        [
          textArray(accounts.map((account) => account.id)),
          textArray(accounts.map((account) => account.kind)),
          textArray(accounts.map((account) => account.parent)),
          textArray(accounts.map((account) => account.name)),
          textArray(accounts.map((account) => account.marginMode ?? "STANDARD")),
          new Date(command.at).toISOString(),
        ],
      );
      // A parallel command may have created one of them since we looked.
      const made = new Set(rows.map((row) => row.id));
      const taken = accounts.find((account) => !made.has(account.id));
      if (taken !== undefined) return reject<Rejection>({ code: "ACCOUNT_EXISTS", account: taken.id });
      return ok({
        response: { created: accounts.length },
        changes: accounts.map(({ id, kind, parent, marginMode = "STANDARD" }) => ({
          topic: "account.created",
          account: id,
          facts: { kind, parent, marginMode },
        })),
      });
    },
  );
}

async function refusedCreation(session: Session, accounts: readonly NewAccount[]): Promise<Rejection | null> {
  const named = accounts.flatMap(({ id, parent }) => (parent === null ? [id] : [id, parent]));
  const { rows } = await session.query<{ id: AccountId }>("SELECT id FROM account WHERE id = ANY($1::text[])", [
    textArray(named),
  ]);
  const known = new Set(rows.map((row) => row.id));
  for (const { id, parent } of accounts) {
    if (known.has(id)) return { code: "ACCOUNT_EXISTS", account: id };
    if (parent !== null && !known.has(parent)) return { code: "ACCOUNT_UNKNOWN", account: parent };
    known.add(id);
  }
  const portfolio = accounts.find(({ marginMode }) => marginMode === "PORTFOLIO");
  if (portfolio === undefined || (await hasEstimates(session))) return null;
  return { code: "PORTFOLIO_MARGIN_UNAVAILABLE", account: portfolio.id };
}

/** Do the parameters in force have the estimates that portfolio accounts are margined by? */
async function hasEstimates(session: Session): Promise<boolean> {
  const { rows } = await session.query<{ estimated: boolean }>(
    "SELECT content ? 'portfolioMargin' AS estimated FROM risk_parameters ORDER BY version DESC LIMIT 1",
  );
  return rows[0]?.estimated === true;
}

function setFrozen(pool: Database["pool"], command: Command, id: AccountId, frozen: boolean) {
  return runOnce<null>(
    pool,
    command,
    async (session) => {
      const { rowCount } = await session.query("SELECT FROM account WHERE id = $1 FOR NO KEY UPDATE", [id]);
      return rowCount === 1 ? null : { code: "ACCOUNT_UNKNOWN", account: id };
    },
    async (session) => {
      await session.query("UPDATE account SET frozen = $2 WHERE id = $1", [id, frozen]);
      return ok({ response: null, changes: [{ topic: "account.frozen", account: id, facts: { frozen } }] });
    },
  );
}

interface ListingRow extends Partial<HealthRow> {
  readonly id: AccountId;
  readonly kind: AccountKind;
  readonly parent_id: AccountId | null;
  readonly name: string;
  readonly margin_mode: MarginMode;
  readonly created_at: UtcMillis;
  readonly frozen: boolean;
  readonly open_epoch: number | null;
}

const SELECT_LISTINGS = `
  SELECT account.id, account.kind, account.parent_id, account.name, account.margin_mode, account.created_at, account.frozen,
         breach.epoch AS open_epoch, ${HEALTH_COLUMNS}
    FROM account
    LEFT JOIN account_health AS health ON health.account_id = account.id
    LEFT JOIN liquidation_case AS breach ON breach.account_id = account.id AND breach.stage <> 'CLOSED'`;

async function listAccounts(session: Session, query: AccountQuery): Promise<Page<AccountListing>> {
  const values: unknown[] = [];
  const value = (given: unknown) => `$${values.push(given)}`;
  const conditions = ["true"];
  if (query.state !== undefined) conditions.push(`health.state = ${value(query.state)}`);
  if (query.kind !== undefined) conditions.push(`account.kind = ${value(query.kind)}`);
  const byUsage = query.sort === "usage";
  if (byUsage) conditions.push("health.margin_usage IS NOT NULL");
  if (query.cursor !== undefined) conditions.push(after(query.cursor, byUsage, value));
  const order = byUsage ? "health.margin_usage DESC, account.id" : "account.id";
  const { rows } = await session.query<ListingRow>(
    `${SELECT_LISTINGS} WHERE ${conditions.join(" AND ")} ORDER BY ${order} LIMIT ${value(query.limit + 1)}`,
    values,
  );
  const items = rows.slice(0, query.limit).map(listing);
  const last = items.at(-1);
  const more = rows.length > query.limit && last !== undefined;
  return { items, next: more ? cursorOf(last, byUsage) : null };
}

/** A cursor is the sort key of the last item: its id, or `<usage>~<id>`. */
function cursorOf(last: AccountListing, byUsage: boolean): string {
  return byUsage ? `${ratio(last.health?.marginUsage ?? "0").toFixed()}~${last.id}` : last.id;
}

function after(cursor: string, byUsage: boolean, value: (given: unknown) => string): string {
  if (!byUsage) return `account.id > ${value(cursor)}`;
  const split = cursor.indexOf("~");
  const usage = value(ratio(cursor.slice(0, Math.max(split, 0))).toFixed());
  const id = value(cursor.slice(split + 1));
  return `(health.margin_usage < ${usage}::numeric OR (health.margin_usage = ${usage}::numeric AND account.id > ${id}))`;
}

function listing(row: ListingRow): AccountListing {
  return {
    id: row.id,
    kind: row.kind,
    parent: row.parent_id,
    name: row.name,
    marginMode: row.margin_mode,
    createdAt: row.created_at,
    frozen: row.frozen,
    health: row.state === null || row.state === undefined ? null : healthRecord(row as HealthRow),
    openCase: row.open_epoch,
  };
}
