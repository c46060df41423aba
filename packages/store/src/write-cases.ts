import {
  type Account,
  type AccountHealth,
  type AccountId,
  type AccountKind,
  assertInvariant,
  frozenPriceOf,
  type MarketSnapshot,
  type RiskParameters,
  type UtcMillis,
} from "@ballast/model";
import { textArray } from "./rows/arrays.js";
import type { Session } from "./unit-of-work.js";

/**
 * Is this verdict a breach that a case must follow? House accounts are never liquidated, and nobody is at a frozen price:
 * the first snapshot in which it is good again finds the breach.
 *
 * @method STORE-8 DECISION-6
 */
export function isBreach(
  account: Account,
  health: AccountHealth,
  market: MarketSnapshot,
  { instruments }: RiskParameters,
): boolean {
  if (isOfTheHouse(account.kind)) return false;
  if (health.state !== "LIQUIDATABLE" && health.state !== "BANKRUPT") return false;
  return frozenPriceOf(account, market, instruments) === null;
}

/** Accounts of the house are not margined, so they are in no stage and never in breach. */
export function isOfTheHouse(kind: AccountKind): boolean {
  return kind === "INSURANCE_FUND" || kind === "HOUSE";
}

const OPEN_CASES = `
  WITH breached AS (
    UPDATE account SET case_epoch = case_epoch + 1 WHERE id = ANY($1::text[]) RETURNING id, case_epoch
  )
  INSERT INTO liquidation_case (account_id, epoch, stage, opened_sequence, worked_sequence, opened_at)
  SELECT id, case_epoch, 'REDUCE', $2::bigint, $2::bigint - 1, $3::timestamptz FROM breached
  RETURNING account_id, epoch`;

/**
 * Opens a case for each of these accounts, whose rows are locked and which have none open, and answers their epochs.
 * A new case is due at once: it counts as worked up to the snapshot before.
 *
 * @throws DatabaseFault `ConstraintRefused` (`liquidation_case_one_open`) when an account has an open case.
 * @method STORE-8
 */
export async function openCases(
  session: Session,
  accounts: readonly AccountId[],
  sequence: number,
  at: UtcMillis,
): Promise<ReadonlyMap<AccountId, number>> {
  if (accounts.length === 0) return new Map();
  const { rows } = await session.query<{ account_id: AccountId; epoch: number }>({
    name: "open-cases",
    text: OPEN_CASES,
    values: [textArray(accounts), sequence, new Date(at).toISOString()],
  });
  assertInvariant(rows.length === accounts.length, "STORE-8 every breach gets its case", { accounts });
  return new Map(rows.map((row) => [row.account_id, row.epoch]));
}
