import type { JournalKind } from "@ballast/ledger";
import type { AccountId, CaseStage, UtcMillis } from "@ballast/model";
import type { Decimal } from "@ballast/money";
import type { Page } from "./accounts.repository.js";
import type { Database } from "./client.js";
import { type Debt, readDebts } from "./debts.js";
import { TAKEOVERS } from "./due-work.js";
import type {
  LiquidationCase,
  LiquidationStep,
  StepGround,
  StepId,
  VenueFill,
  VenueOrder,
} from "./liquidation-records.js";
import {
  CASE_COLUMNS,
  type CaseRow,
  FILL_COLUMNS,
  type FillRow,
  type GroundRow,
  liquidationCase,
  liquidationStep,
  ORDER_COLUMNS,
  type OrderRow,
  STEP_COLUMNS,
  stepGround,
  type StepRow,
  venueFill,
  venueOrder,
} from "./rows/liquidation-row.js";
import type { Session } from "./unit-of-work.js";
import { fromNumeric } from "./rows/numeric.js";
import { WAITING_FOR_A_PERSON } from "./waiting-for-a-person.js";

export interface CaseQuery {
  readonly stage?: CaseStage;
  readonly account?: AccountId;
  readonly limit: number;
  /** `next` of the page before. */
  readonly cursor?: string;
}

/** A journal of a case as its account sees it: the legs that touched its books. */
export interface CaseJournal {
  readonly key: string;
  readonly kind: JournalKind;
  readonly at: UtcMillis;
  readonly legs: readonly { readonly book: string; readonly asset: string; readonly amount: Decimal }[];
}

/** Liquidation cases, their steps, orders and fills. */
export interface Liquidations {
  /** Open cases by account id; of one stage when said. */
  openCases(stage?: "REDUCE" | "TAKEOVER"): Promise<readonly LiquidationCase[]>;
  /**
   * Open cases that the waterfall of a snapshot has to look at, by account id; without those that wait for a person, and those
   * whose auction has been looked at and goes on.
   */
  takeoversDue(sequence: number): Promise<readonly LiquidationCase[]>;
  /** Cases, the last opened first. */
  cases(query: CaseQuery): Promise<Page<LiquidationCase>>;
  case(account: AccountId, epoch: number): Promise<LiquidationCase | null>;
  /** Steps of a case in their order; epoch 0 are the fund's disposals. */
  steps(account: AccountId, epoch: number): Promise<readonly LiquidationStep[]>;
  /** What a step was decided on; null when it was intended by a version that did not keep it. */
  groundOf(step: StepId): Promise<StepGround | null>;
  /** Keys of the journals that a case has posted to its account: fills, fees, takeover, in the order of the ledger. */
  journalsOfCase(account: AccountId, epoch: number): Promise<readonly CaseJournal[]>;
  /** What accounts owe to those who paid for them, by debtor, creditor and asset; of one account when said. */
  debts(debtor?: AccountId): Promise<readonly Debt[]>;
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
    async takeoversDue(sequence) {
      const { rows } = await sql.query<CaseRow>(
        `SELECT ${CASE_COLUMNS} FROM liquidation_case
          WHERE stage = 'TAKEOVER' AND account_id IN (${TAKEOVERS}) AND account_id NOT IN (${WAITING_FOR_A_PERSON})
          ORDER BY account_id`,
        [sequence],
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
    async groundOf({ account, epoch, step }) {
      const { rows } = await sql.query<GroundRow>(
        `SELECT parameters_version, engine_version, decided_at, inputs FROM liquidation_step
          WHERE account_id = $1 AND epoch = $2 AND step_no = $3 AND decided_at IS NOT NULL`,
        [account, epoch, step],
      );
      return rows[0] === undefined ? null : stepGround(rows[0]);
    },
    journalsOfCase: (account, epoch) => journalsOfCase(sql, account, epoch),
    debts: (debtor) => readDebts(sql, debtor ?? null),
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

interface CaseJournalRow {
  readonly key: string;
  readonly kind: JournalKind;
  readonly at: UtcMillis;
  readonly book: string;
  readonly asset: string;
  readonly amount: string;
}

/**
 * Fills are found by their ids, the rest by the case's name in the key: `takeover.<account>.<epoch>.<what>.<number>`,
 * which no other account's key can be, because what follows the epoch is a word.
 */
async function journalsOfCase(session: Session, account: AccountId, epoch: number): Promise<readonly CaseJournal[]> {
  const { rows } = await session.query<CaseJournalRow>(
    `SELECT journal.key, journal.kind, journal.at, posting.book, posting.asset, posting.amount
       FROM posting JOIN journal ON journal.id = posting.journal_id
      WHERE posting.account_id = $1 AND (
            journal.key IN (SELECT unnest(ARRAY['venue.' || venue_fill_id, 'venue.' || venue_fill_id || '.fee'])
                              FROM venue_fill JOIN venue_order USING (client_order_id)
                             WHERE venue_order.account_id = $1 AND epoch = $2)
         OR (starts_with(journal.key, $3) AND substr(journal.key, length($3) + 1) ~ '^[a-z]+\\.[0-9]+$')
         OR (starts_with(journal.key, $4) AND substr(journal.key, length($4) + 1) ~ '^[0-9]+\\.[a-z]+\\.[0-9]+$'))
      ORDER BY journal.id, posting.leg`,
    [account, epoch, `takeover.${account}.${epoch}.`, `auction.${account}.${epoch}.`],
  );
  const journals = new Map<string, CaseJournal & { readonly legs: CaseJournal["legs"][number][] }>();
  for (const { key, kind, at, book, asset, amount } of rows) {
    const known = journals.get(key) ?? { key, kind, at, legs: [] };
    known.legs.push({ book, asset, amount: fromNumeric(amount) });
    journals.set(key, known);
  }
  return [...journals.values()];
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
