import type { AccountId } from "@ballast/model";
import type { Command } from "./command.js";
import type { Json } from "./json.js";
import { jsonArray, textArray } from "./rows/arrays.js";
import { StartOver, type Session } from "./unit-of-work.js";

/** One thing a command changed: told to others through the outbox, and remembered in the audit trail. */
export interface Change {
  readonly topic: string;
  /** The account it happened to; null for the market and other things of the house. */
  readonly account: AccountId | null;
  readonly facts: { readonly [name: string]: Json };
}

/** How a command is named in journals and in the audit trail. */
export const commandName = (command: Command): string => `${command.scope}/${command.key}`;

const WRITE_RECORDS = `
  WITH told AS (
    INSERT INTO outbox (topic, payload, created_at)
    SELECT topic, jsonb_build_object('account', account, 'command', $4::text) || facts, $5::timestamptz
      FROM unnest($1::text[], $2::text[], $3::jsonb[]) AS change (topic, account, facts)
  ), audited AS (
    INSERT INTO audit_record (at, actor, action, account_id, command_key, facts)
    SELECT $5::timestamptz, $6, $7, account, $4, facts FROM unnest($2::text[], $3::jsonb[]) AS change (account, facts)
  ), once AS (
    INSERT INTO idempotency_key (scope, key, fingerprint, response, at)
    VALUES ($8, $9, $10, $11::json, $5::timestamptz)
    ON CONFLICT (scope, key) DO NOTHING RETURNING key
  )
  SELECT count(*)::int AS first FROM once`;

/**
 * Writes, beside the effect and in its transaction: one outbox row and one audit row a change, and the key of the
 * command with its answer. When a parallel command has used the key first, everything starts over and finds its answer.
 *
 * @method STORE-4 STORE-5
 */
export async function writeRecords(
  session: Session,
  command: Command,
  changes: readonly Change[],
  response: Json,
): Promise<void> {
  const { rows } = await session.query<{ first: number }>({
    name: "write-records",
    text: WRITE_RECORDS,
    values: [
      textArray(changes.map((change) => change.topic)),
      textArray(changes.map((change) => change.account)),
      jsonArray(changes.map((change) => change.facts)),
      commandName(command),
      new Date(command.at).toISOString(),
      command.actor,
      command.action,
      command.scope,
      command.key,
      command.fingerprint,
      JSON.stringify(response),
    ],
  });
  if (rows[0]?.first !== 1) throw new StartOver("another transaction used the same idempotency key first");
}
