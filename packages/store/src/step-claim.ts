import type { AccountId, UtcMillis } from "@ballast/model";
import type { Pool } from "pg";
import type { AccountAtHand, ClaimedStep, StepHold, StepId } from "./liquidation-records.js";
import { fromBigint } from "./rows/integers.js";
import {
  CASE_COLUMNS,
  type CaseRow,
  liquidationCase,
  liquidationStep,
  ORDER_COLUMNS,
  type OrderRow,
  STEP_COLUMNS,
  type StepRow,
  venueOrder,
} from "./rows/liquidation-row.js";
import { inTransaction, keep, type Session } from "./unit-of-work.js";

/*
 * Taking over an unfinished step. Whoever takes it raises its fence, so that nothing the one before still writes is
 * accepted. For a while after it was taken nobody else takes it, so that two workers who are both alive do not fence each
 * other off for ever. That while is a courtesy: correctness is the fence's alone.
 */

/** Milliseconds that a step is left to whoever holds it. */
export const HOLD_MS = 2_000;

/** Is nobody at the step? For a WHERE clause over liquidation_step. */
export const IS_FREE = `(held_since IS NULL OR held_since < clock_timestamp() - ${HOLD_MS} * interval '1 millisecond')`;

/**
 * Takes over a step that is intended, not done, and not held by somebody who took it just now; null when there is none.
 *
 * @method CASE-4
 */
export function claimStep(pool: Pool, { account, epoch, step }: StepId): Promise<ClaimedStep | null> {
  return inTransaction<ClaimedStep | null>(pool, async (session) => {
    const claimed = await session.query<StepRow & { fence: number; now: UtcMillis }>({
      name: "claim-step",
      text: `UPDATE liquidation_step
                SET fence = fence + 1, worked_fence = fence + 1, held_since = clock_timestamp()
              WHERE account_id = $1 AND epoch = $2 AND step_no = $3 AND status = 'INTENT' AND ${IS_FREE}
              RETURNING ${STEP_COLUMNS}, fence, clock_timestamp() AS now`,
      values: [account, epoch, step],
    });
    const row = claimed.rows[0];
    if (row === undefined) return keep(null);
    const { rows } = await session.query<OrderRow>({
      name: "claimed-orders",
      text: `SELECT ${ORDER_COLUMNS} FROM venue_order WHERE account_id = $1 AND epoch = $2 AND step_no = $3 ORDER BY leg`,
      values: [account, epoch, step],
    });
    return keep({
      hold: { account, epoch, step, fence: row.fence },
      step: liquidationStep(row),
      orders: rows.map(venueOrder),
      now: row.now,
    });
  });
}

/** Lets others take the step at once; does nothing when somebody has taken it already. */
export async function letGo(sql: Session, { account, epoch, step, fence }: StepHold): Promise<void> {
  await sql.query({
    name: "let-go",
    text: `UPDATE liquidation_step SET held_since = NULL
            WHERE account_id = $1 AND epoch = $2 AND step_no = $3 AND status = 'INTENT' AND fence = $4`,
    values: [account, epoch, step, fence],
  });
}

/** Steps of an account that are intended, not done, and not held. */
export async function freeSteps(sql: Session, account: AccountId): Promise<readonly StepId[]> {
  const { rows } = await sql.query<Pick<StepRow, "account_id" | "epoch" | "step_no">>({
    name: "free-steps",
    text: `SELECT account_id, epoch, step_no FROM liquidation_step
            WHERE account_id = $1 AND status = 'INTENT' AND ${IS_FREE} ORDER BY epoch, step_no`,
    values: [account],
  });
  return rows.map((row) => ({ account: row.account_id, epoch: row.epoch, step: row.step_no }));
}

interface AtHandRow extends Omit<CaseRow, "epoch"> {
  readonly latest: string | null;
  readonly epoch: number | null;
  readonly free: readonly (readonly [epoch: number, step: number])[];
}

/** An account's newest case and free steps, and the newest sequence. Cost: one statement. */
export async function atHand(sql: Session, account: AccountId): Promise<AccountAtHand> {
  const { rows } = await sql.query<AtHandRow>({
    name: "at-hand",
    text: `SELECT (SELECT max(sequence) FROM market_snapshot) AS latest, newest.*,
                  coalesce((SELECT json_agg(json_build_array(epoch, step_no) ORDER BY epoch, step_no) FROM liquidation_step
                             WHERE account_id = $1 AND status = 'INTENT' AND ${IS_FREE}), '[]') AS free
             FROM (VALUES (1)) AS one
             LEFT JOIN (SELECT ${CASE_COLUMNS} FROM liquidation_case WHERE account_id = $1 ORDER BY epoch DESC LIMIT 1) AS newest
                    ON true`,
    values: [account],
  });
  const { latest, free, ...newest } = rows[0] as AtHandRow;
  return {
    latestSequence: latest === null ? null : fromBigint(latest),
    newestCase: newest.epoch === null ? null : liquidationCase({ ...newest, epoch: newest.epoch }),
    freeSteps: free.map(([epoch, step]) => ({ account, epoch, step })),
  };
}
