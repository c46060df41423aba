import type { AccountId, EarlyStage, MarginSummary, UtcMillis } from "@ballast/model";
import { textArray } from "./rows/arrays.js";
import { fromBigint } from "./rows/integers.js";
import type { Session } from "./unit-of-work.js";
import type { Judged, Judgement } from "./write-health.js";

/** How near an account with these figures is to a liquidation, having been in `before`; the apps hand in the rule. */
export type StageOf = (summary: MarginSummary, before: EarlyStage | null) => EarlyStage | null;

/** An account in an early stage, and since which snapshot. */
export interface AccountStage {
  readonly account: AccountId;
  readonly stage: EarlyStage;
  readonly sinceSequence: number;
  readonly sinceAt: UtcMillis;
}

interface StageRow {
  readonly account_id: AccountId;
  readonly stage: EarlyStage;
  readonly since_sequence: string;
  readonly since_at: UtcMillis;
}

/** Accounts in an early stage, by id. */
export async function readStages(session: Session): Promise<readonly AccountStage[]> {
  const { rows } = await session.query<StageRow>(
    "SELECT account_id, stage, since_sequence, since_at FROM account_stage ORDER BY account_id",
  );
  return rows.map((row) => ({
    account: row.account_id,
    stage: row.stage,
    sinceSequence: fromBigint(row.since_sequence),
    sinceAt: row.since_at,
  }));
}

const MOVE_STAGES = `
  WITH moved AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS moved (account, before, after)
  ), left_behind AS (
    DELETE FROM account_stage USING moved WHERE account_id = moved.account AND moved.after IS NULL
  ), entered AS (
    INSERT INTO account_stage (account_id, stage, since_sequence, since_at)
    SELECT account, after, $4::bigint, $5::timestamptz FROM moved WHERE after IS NOT NULL
    ON CONFLICT (account_id) DO UPDATE
      SET stage = excluded.stage, since_sequence = excluded.since_sequence, since_at = excluded.since_at
  )
  INSERT INTO outbox (topic, payload, created_at)
  SELECT 'account.stage', jsonb_build_object('account', account, 'before', before, 'stage', after, 'sequence', $4::bigint),
         $5::timestamptz
    FROM moved ORDER BY account`;

/**
 * Moves accounts between the early stages, and tells whoever has moved through the outbox: a warning, a call for margin,
 * or the word to the exchange to cancel what raises risk. Writes nothing when nobody has moved.
 *
 * @method CASE-2
 */
export async function moveStages(
  session: Session,
  { sequence, at }: Judgement,
  judged: readonly Judged[],
  stageOf: StageOf,
): Promise<void> {
  const before = new Map((await readStages(session)).map(({ account, stage }) => [account, stage]));
  const moved = judged.flatMap(({ account, health }) => {
    const [from, to] = [before.get(account) ?? null, stageOf(health.summary, before.get(account) ?? null)];
    return from === to ? [] : [{ account, from, to }];
  });
  if (moved.length === 0) return;
  await session.query({
    name: "move-stages",
    text: MOVE_STAGES,
    values: [
      textArray(moved.map(({ account }) => account)),
      textArray(moved.map(({ from }) => from)),
      textArray(moved.map(({ to }) => to)),
      sequence,
      new Date(at).toISOString(),
    ],
  });
}
