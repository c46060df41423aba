import { type AccountId, assertInvariant, type PausableStage, type UtcMillis } from "@ballast/model";
import type { CaseTransaction } from "./command.js";
import type { Json } from "./json.js";
import { DECISION_LOCK } from "./liquidation-control.js";
import type {
  CaseProgress,
  ClaimedStep,
  EndedOrder,
  LiquidationCase,
  LiquidationStep,
  NewStep,
  NewVenueOrder,
  Permission,
  StepHold,
  StepId,
  VenueFill,
} from "./liquidation-records.js";
import type { AccountState } from "./rows/account-row.js";
import { plainArray, textArray } from "./rows/arrays.js";
import {
  CASE_COLUMNS,
  type CaseRow,
  liquidationCase,
  liquidationStep,
  STEP_COLUMNS,
  type StepRow,
} from "./rows/liquidation-row.js";
import { toNumeric } from "./rows/numeric.js";
import type { Session } from "./unit-of-work.js";

/** The liquidation records of the accounts that one command has locked. */
export class CasesOfTransaction implements CaseTransaction {
  /** Accounts whose case or step this command has changed. */
  readonly touched = new Set<AccountId>();
  private readonly openEpochs: Map<AccountId, number | null>;

  constructor(
    private readonly session: Session,
    states: ReadonlyMap<AccountId, AccountState>,
    private readonly at: UtcMillis,
    private readonly parametersVersion: number,
  ) {
    this.openEpochs = new Map([...states].map(([id, state]) => [id, state.openEpoch]));
  }

  /** Epoch of the account's open case at this point of the command, or null. */
  openEpoch(account: AccountId): number | null {
    const epoch = this.openEpochs.get(account);
    assertInvariant(epoch !== undefined, "STORE-4 only locked accounts are read and changed", { account });
    return epoch;
  }

  async permission(): Promise<Permission> {
    // Two statements: what the second one sees is from after the lock, so a pause that was waited for is seen.
    await this.session.query({
      name: "decision-lock",
      text: "SELECT pg_advisory_xact_lock_shared($1)",
      values: [DECISION_LOCK],
    });
    const { rows } = await this.session.query<{ paused: readonly PausableStage[]; newest_engine: number | null }>({
      name: "permission",
      text: `SELECT ARRAY(SELECT stage FROM liquidation_pause WHERE second_resume_by IS NULL) AS paused,
                    (SELECT max(version) FROM liquidation_engine) AS newest_engine`,
    });
    return { paused: new Set(rows[0]?.paused), newestEngine: rows[0]?.newest_engine ?? null };
  }

  async openCase(account: AccountId): Promise<LiquidationCase | null> {
    const epoch = this.openEpoch(account);
    if (epoch === null) return null;
    const { rows } = await this.session.query<CaseRow>({
      name: "open-case",
      text: `SELECT ${CASE_COLUMNS} FROM liquidation_case WHERE account_id = $1 AND epoch = $2`,
      values: [account, epoch],
    });
    return rows[0] === undefined ? null : liquidationCase(rows[0]);
  }

  async step(account: AccountId, epoch: number, step: number): Promise<LiquidationStep | null> {
    const { rows } = await this.session.query<StepRow>({
      name: "step",
      text: `SELECT ${STEP_COLUMNS} FROM liquidation_step WHERE account_id = $1 AND epoch = $2 AND step_no = $3`,
      values: [account, epoch, step],
    });
    return rows[0] === undefined ? null : liquidationStep(rows[0]);
  }

  async intend(step: NewStep, orders: readonly NewVenueOrder[], orderLifetimeMs: number): Promise<ClaimedStep> {
    const ownCase = step.epoch === 0 || this.openEpoch(step.account) === step.epoch;
    assertInvariant(ownCase, "STORE-9 a step belongs to the open case of its account", { ...idOf(step) });
    assertInvariant(step.status === "INTENT", "STORE-9 a step begins as an intent", { ...idOf(step) });
    const { rowCount } = await this.session.query({
      name: "intend",
      text: `INSERT INTO liquidation_step (account_id, epoch, step_no, kind, status, sequence, plan, result, held_since,
               decided_at, parameters_version, engine_version, inputs)
             VALUES ($1, $2, $3, $4, 'INTENT', $5, $6, $7, clock_timestamp(), clock_timestamp(), $8, $9, $10)
             ON CONFLICT DO NOTHING`,
      values: [
        step.account,
        step.epoch,
        step.step,
        step.kind,
        step.sequence,
        JSON.stringify(step.plan),
        JSON.stringify(step.result),
        this.parametersVersion,
        step.engineVersion,
        JSON.stringify(step.inputs),
      ],
    });
    assertInvariant(rowCount === 1, "STORE-9 a step is intended once", { ...idOf(step) });
    if (step.epoch > 0) {
      await this.session.query({
        name: "count-step",
        text: "UPDATE liquidation_case SET step_count = step_count + 1 WHERE account_id = $1 AND epoch = $2",
        values: [step.account, step.epoch],
      });
    }
    const placed = await this.insertOrders(step, orders, orderLifetimeMs);
    this.touched.add(step.account);
    const { engineVersion: _engine, inputs: _inputs, ...intended } = step;
    return { hold: { ...idOf(step), fence: 1 }, step: intended, ...placed };
  }

  private async insertOrders(
    step: StepId,
    orders: readonly NewVenueOrder[],
    lifetimeMs: number,
  ): Promise<Pick<ClaimedStep, "orders" | "now">> {
    for (const order of orders) {
      const same = order.account === step.account && order.epoch === step.epoch && order.step === step.step;
      assertInvariant(same, "STORE-9 an order belongs to its step", { order: order.clientOrderId });
    }
    const { rows } = await this.session.query<{ now: UtcMillis; deadline: UtcMillis }>({
      name: "insert-orders",
      text: `WITH moment AS (SELECT clock_timestamp() AS now, clock_timestamp() + $8::int * interval '1 millisecond' AS deadline),
             placed AS (
               INSERT INTO venue_order (client_order_id, account_id, epoch, step_no, leg, instrument_id, quantity, deadline)
               SELECT id, $1, $2, $3, leg, instrument, quantity, moment.deadline
                 FROM moment, unnest($4::text[], $5::int[], $6::text[], $7::numeric[]) AS placed (id, leg, instrument, quantity)
             )
             SELECT now, date_trunc('milliseconds', deadline) AS deadline FROM moment`,
      values: [
        step.account,
        step.epoch,
        step.step,
        textArray(orders.map((order) => order.clientOrderId)),
        plainArray(orders.map((order) => order.leg)),
        textArray(orders.map((order) => order.instrument)),
        plainArray(orders.map((order) => toNumeric(order.quantity))),
        lifetimeMs,
      ],
    });
    const { now, deadline } = rows[0] as { now: UtcMillis; deadline: UtcMillis };
    return { now, orders: orders.map((order) => ({ ...order, deadline, outcome: null, reason: null })) };
  }

  async bookedFills({ account, epoch, step }: StepId): Promise<ReadonlySet<string>> {
    const { rows } = await this.session.query<{ venue_fill_id: string }>({
      name: "booked-fills",
      text: `SELECT venue_fill_id FROM venue_fill JOIN venue_order USING (client_order_id)
              WHERE account_id = $1 AND epoch = $2 AND step_no = $3`,
      values: [account, epoch, step],
    });
    return new Set(rows.map((row) => row.venue_fill_id));
  }

  async book(hold: StepHold, fills: readonly VenueFill[], ended: readonly EndedOrder[]): Promise<void> {
    this.openEpoch(hold.account);
    await this.session.query({
      name: "work-under-fence",
      text: `UPDATE liquidation_step SET worked_fence = $4 WHERE account_id = $1 AND epoch = $2 AND step_no = $3`,
      values: [hold.account, hold.epoch, hold.step, hold.fence],
    });
    if (fills.length > 0) {
      await this.session.query({
        name: "insert-fills",
        text: `INSERT INTO venue_fill (venue_fill_id, client_order_id, maker_account_id, quantity, price, mark_price)
               SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::numeric[], $5::numeric[], $6::numeric[])`,
        values: [
          textArray(fills.map((fill) => fill.venueFillId)),
          textArray(fills.map((fill) => fill.clientOrderId)),
          textArray(fills.map((fill) => fill.maker)),
          plainArray(fills.map((fill) => toNumeric(fill.quantity))),
          plainArray(fills.map((fill) => toNumeric(fill.price))),
          plainArray(fills.map((fill) => toNumeric(fill.markPrice))),
        ],
      });
    }
    if (ended.length > 0) {
      await this.session.query({
        name: "end-orders",
        text: `UPDATE venue_order SET outcome = ended.outcome, reason = ended.reason
                 FROM unnest($1::text[], $2::text[], $3::text[]) AS ended (id, outcome, reason)
                WHERE client_order_id = ended.id AND venue_order.outcome IS NULL`,
        values: [
          textArray(ended.map((order) => order.clientOrderId)),
          textArray(ended.map((order) => order.outcome)),
          textArray(ended.map((order) => order.reason)),
        ],
      });
    }
    this.touched.add(hold.account);
  }

  async complete(hold: StepHold, result: Json): Promise<void> {
    const { account, epoch, step, fence } = hold;
    this.openEpoch(account);
    const { rowCount } = await this.session.query({
      name: "complete-step",
      text: `UPDATE liquidation_step SET status = 'DONE', worked_fence = $5, held_since = NULL, result = $4
              WHERE account_id = $1 AND epoch = $2 AND step_no = $3`,
      values: [account, epoch, step, JSON.stringify(result), fence],
    });
    assertInvariant(rowCount === 1, "STORE-9 a step is intended before it is completed", { account, epoch, step });
    this.touched.add(account);
  }

  async advance(account: AccountId, epoch: number, to: CaseProgress): Promise<void> {
    const isOpen = this.openEpoch(account) === epoch;
    assertInvariant(isOpen, "STORE-9 only the open case of an account moves on", { account, epoch });
    const closes = to.stage === "CLOSED";
    assertInvariant(closes === (to.outcome !== undefined), "STORE-9 a case has an outcome when it is closed", {
      account,
      epoch,
    });
    await this.session.query({
      name: "advance-case",
      text: `UPDATE liquidation_case
                SET stage = $3, outcome = $4, worked_sequence = greatest(worked_sequence, $5),
                    closed_sequence = CASE WHEN $6 THEN $5::bigint END, closed_at = CASE WHEN $6 THEN $7::timestamptz END
              WHERE account_id = $1 AND epoch = $2`,
      values: [account, epoch, to.stage, to.outcome ?? null, to.worked, closes, new Date(this.at).toISOString()],
    });
    if (closes) this.openEpochs.set(account, null);
    this.touched.add(account);
  }
}

function idOf({ account, epoch, step }: StepId): StepId {
  return { account, epoch, step };
}
