import type { AccountId, Rejection } from "@ballast/model";
import { ok } from "@ballast/model";
import type { AccountTransaction, Command, CommandAnswer, Json, Store } from "@ballast/store";
import { accept, Refusal } from "../http/refusal.js";

/** How often an account may vanish or freeze under a batch before we give up on it. */
const ATTEMPTS = 5;

/**
 * Runs one command for many items, in one transaction. An account that does not exist or is frozen does not refuse the
 * batch: `work` gets it with its rejection in `missing`, and answers the items that name it one by one.
 *
 * The accounts are looked up before they are locked; one that freezes in between makes the whole batch start over.
 */
export async function runBatch<Response extends Json>(
  store: Store,
  command: Command,
  accounts: readonly AccountId[],
  work: (transaction: AccountTransaction, missing: ReadonlyMap<AccountId, Rejection>) => Promise<Response>,
): Promise<CommandAnswer<Response>> {
  const named = [...new Set(accounts)];
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const missing = await missingOf(store, named);
    const present = named.filter((id) => !missing.has(id));
    const answer = await store.runCommand<Response>(command, present, async (transaction) =>
      ok(await work(transaction, missing)),
    );
    const lostMeanwhile =
      !answer.ok && (answer.rejection.code === "ACCOUNT_UNKNOWN" || answer.rejection.code === "ACCOUNT_FROZEN");
    if (!lostMeanwhile) return accept(answer);
  }
  throw new Refusal("DATABASE_UNAVAILABLE");
}

async function missingOf(store: Store, ids: readonly AccountId[]): Promise<ReadonlyMap<AccountId, Rejection>> {
  const standings = await store.standings(ids);
  const missing = new Map<AccountId, Rejection>();
  for (const account of ids) {
    const standing = standings.get(account);
    if (standing === undefined) missing.set(account, { code: "ACCOUNT_UNKNOWN", account });
    else if (standing.frozen) missing.set(account, { code: "ACCOUNT_FROZEN", account });
  }
  return missing;
}
