import type { AccountId, CaseStage } from "@ballast/model";
import type { Page } from "./accounts.repository.js";
import type { Database } from "./client.js";
import type { LiquidationCase, LiquidationStep, StepId, VenueFill, VenueOrder } from "./liquidation-records.js";
import {
  CASE_COLUMNS,
  type CaseRow,
  FILL_COLUMNS,
  type FillRow,
  liquidationCase,
  liquidationStep,
  ORDER_COLUMNS,
  type OrderRow,
  STEP_COLUMNS,
  type StepRow,
  venueFill,
  venueOrder,
} from "./rows/liquidation-row.js";
import type { Session } from "./unit-of-work.js";
import { RESTING_AFTER_FAILURE, WAITING_FOR_A_PERSON } from "./waiting-for-a-person.js";

export interface CaseQuery {
  readonly stage?: CaseStage;
  readonly account?: AccountId;
  readonly limit: number;
  /** `next` of the page before. */
  readonly cursor?: string;
}

/** Liquidation cases, their steps, orders and fills. */
export interface Liquidations {
  /** Open cases by account id; of one stage when said. */
  openCases(stage?: "REDUCE" | "TAKEOVER"): Promise<readonly LiquidationCase[]>;
  /** Open cases that wait for the waterfall, by account id; without those that wait for a person or rest after a failure. */
  takeoversDue(): Promise<readonly LiquidationCase[]>;
  /** Cases, the last opened first. */
  cases(query: CaseQuery): Promise<Page<LiquidationCase>>;
  case(account: AccountId, epoch: number): Promise<LiquidationCase | null>;
  /** Steps of a case in their order; epoch 0 are the fund's disposals. */
  steps(account: AccountId, epoch: number): Promise<readonly LiquidationStep[]>;
  /** Every step that was intended and not completed, by account, epoch, step. */
  unfinishedSteps(): Promise<readonly LiquidationStep[]>;
  /** Orders of a step, by leg. */
  ordersOf(step: StepId): Promise<readonly VenueOrder[]>;
  /** Fills of a step, by leg and id. */
  fillsOf(step: StepId): Promise<readonly VenueFill[]>;
}

export function liquidationsRepository({ sql }: Database): Liquidations {
  return {
    async openCases(stage) {
      const { rows } = await sql.query<CaseRow>(
        `SELECT ${CASE_COLUMNS} FROM liquidation_case
          WHERE stage <> 'CLOSED' AND ($1::text IS NULL OR stage = $1) ORDER BY account_id`,
        [stage ?? null],
      );
      return rows.map(liquidationCase);
    },
    async takeoversDue() {
      const { rows } = await sql.query<CaseRow>(
        `SELECT ${CASE_COLUMNS} FROM liquidation_case
          WHERE stage = 'TAKEOVER' AND account_id NOT IN (${WAITING_FOR_A_PERSON} UNION ALL ${RESTING_AFTER_FAILURE})
          ORDER BY account_id`,
      );
      return rows.map(liquidationCase);
    },
    cases: (query) => pageOfCases(sql, query),
    async case(account, epoch) {
      const { rows } = await sql.query<CaseRow>(
        `SELECT ${CASE_COLUMNS} FROM liquidation_case WHERE account_id = $1 AND epoch = $2`,
        [account, epoch],
      );
      return rows[0] === undefined ? null : liquidationCase(rows[0]);
    },
    async steps(account, epoch) {
      const { rows } = await sql.query<StepRow>(
        `SELECT ${STEP_COLUMNS} FROM liquidation_step WHERE account_id = $1 AND epoch = $2 ORDER BY step_no`,
        [account, epoch],
      );
      return rows.map(liquidationStep);
    },
    async unfinishedSteps() {
      const { rows } = await sql.query<StepRow>(
        `SELECT ${STEP_COLUMNS} FROM liquidation_step WHERE status = 'INTENT' ORDER BY account_id, epoch, step_no`,
      );
      return rows.map(liquidationStep);
    },
    async ordersOf({ account, epoch, step }) {
      const { rows } = await sql.query<OrderRow>(
        `SELECT ${ORDER_COLUMNS} FROM venue_order WHERE account_id = $1 AND epoch = $2 AND step_no = $3 ORDER BY leg`,
        [account, epoch, step],
      );
      return rows.map(venueOrder);
    },
    async fillsOf({ account, epoch, step }) {
      const { rows } = await sql.query<FillRow>(
        `SELECT ${FILL_COLUMNS} FROM venue_fill AS fill JOIN venue_order AS placed USING (client_order_id)
          WHERE placed.account_id = $1 AND placed.epoch = $2 AND placed.step_no = $3
          ORDER BY placed.leg, fill.venue_fill_id`,
        [account, epoch, step],
      );
      return rows.map(venueFill);
    },
  };
}

/** Ordered by the snapshot they were opened at, newest first, then by account; the cursor is that key of the last item. */
async function pageOfCases(session: Session, query: CaseQuery): Promise<Page<LiquidationCase>> {
  const [sequence, epoch, account] = (query.cursor ?? "").split("~");
  const { rows } = await session.query<CaseRow>(
    `SELECT ${CASE_COLUMNS} FROM liquidation_case
      WHERE ($1::text IS NULL OR stage = $1) AND ($2::text IS NULL OR account_id = $2)
        AND ($3::bigint IS NULL OR (opened_sequence, epoch) < ($3, $4::int)
             OR ((opened_sequence, epoch) = ($3, $4::int) AND account_id > $5))
      ORDER BY opened_sequence DESC, epoch DESC, account_id LIMIT $6`,
    [
      query.stage ?? null,
      query.account ?? null,
      query.cursor === undefined ? null : sequence,
      epoch ?? null,
      account ?? null,
      query.limit + 1,
    ],
  );
  const items = rows.slice(0, query.limit).map(liquidationCase);
  const last = items.at(-1);
  const more = rows.length > query.limit && last !== undefined;
  return { items, next: more ? `${last.openedSequence}~${last.epoch}~${last.account}` : null };
}
