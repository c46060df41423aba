import { type AccountId, compareIds, ok, type Rejection, type Result } from "@ballast/model";
import type { Pool } from "pg";
import type { AccountTransaction, Command, CommandAnswer } from "./command.js";
import type { Json } from "./json.js";
import type { MarketMemory } from "./market-memory.js";
import { OpenTransaction } from "./open-transaction.js";
import { type AccountRow, type AccountState, accountState, selectAccounts } from "./rows/account-row.js";
import { textArray } from "./rows/arrays.js";
import { runOnce } from "./run-once.js";
import type { StageOf } from "./account-stages.js";
import type { Assess } from "./assess.js";
import type { Session } from "./unit-of-work.js";

/** What a command needs besides the database. */
export interface CommandSetting {
  readonly pool: Pool;
  readonly memory: MarketMemory;
  readonly assess: Assess;
  readonly stageOf: StageOf | undefined;
}

/**
 * One transaction under row locks: see `Store.runCommand`.
 *
 * Cost: seven statements besides BEGIN and COMMIT when something is posted, whatever the number of journals.
 *
 * @method STORE-4 STORE-5
 */
export function runCommand<Response extends Json>(
  { pool, memory, assess }: CommandSetting,
  command: Command,
  accounts: readonly AccountId[],
  work: (transaction: AccountTransaction) => Promise<Result<Response, Rejection>>,
): Promise<Result<CommandAnswer<Response>, Rejection>> {
  const ids = [...new Set(accounts)].sort(compareIds);
  return runOnce<Response>(
    pool,
    command,
    (session) => lockAccounts(session, ids),
    async (session, world) => {
      const states = await loadAccounts(session, ids);
      const market = world.latestSequence === null ? null : await memory.snapshot(session, world.latestSequence);
      const parameters = await memory.parameters(session, world.latestParameters);
      const transaction = new OpenTransaction(session, command, states, market, parameters, assess);
      const answer = await work(transaction);
      if (!answer.ok) return answer;
      return ok({ response: answer.value, changes: await transaction.finish() });
    },
  );
}

/*
 * NO KEY UPDATE is the lock that excludes every other command, and still lets others insert rows that refer to the
 * account (an API key, a case): those only ask that its id stays, and it does.
 */
const LOCK_ACCOUNTS = "SELECT id, frozen FROM account WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE";

/** Locks in ascending id order, so that two commands never wait for each other; null, or why not. */
async function lockAccounts(session: Session, ids: readonly AccountId[]): Promise<Rejection | null> {
  const { rows } = await session.query<{ id: AccountId; frozen: boolean }>({
    name: "lock-accounts",
    text: LOCK_ACCOUNTS,
    values: [textArray(ids)],
  });
  const found = new Map(rows.map((row) => [row.id, row]));
  const unknown = ids.find((id) => !found.has(id));
  if (unknown !== undefined) return { code: "ACCOUNT_UNKNOWN", account: unknown };
  const frozen = rows.find((row) => row.frozen);
  return frozen === undefined ? null : { code: "ACCOUNT_FROZEN", account: frozen.id };
}

/** Reads locked accounts in a statement of its own: its snapshot is taken after the locks, so nothing newer exists. */
async function loadAccounts(
  session: Session,
  ids: readonly AccountId[],
): Promise<ReadonlyMap<AccountId, AccountState>> {
  const { rows } = await session.query<AccountRow>({
    name: "load-accounts",
    text: selectAccounts("NAMED"),
    values: [textArray(ids)],
  });
  return new Map(rows.map((row) => [row.id as AccountId, accountState(row)]));
}
