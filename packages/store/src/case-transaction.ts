import { type AccountId, assertInvariant, type PausableStage, type UtcMillis } from "@ballast/model";
import type { CaseTransaction } from "./command.js";
import type { Json } from "./json.js";
import { DECISION_LOCK } from "./liquidation-control.js";
import type {
  CaseMove,
  CaseProgress,
  ClaimedStep,
  EndedOrder,
  LiquidationCase,
  LiquidationStep,
  NewStep,
  NewVenueOrder,
  Permission,
  StepBooking,
  StepCompletion,
  StepHold,
  StepId,
  VenueFill,
} from "./liquidation-records.js";
import type { AccountState } from "./rows/account-row.js";
import { jsonArray, plainArray, textArray } from "./rows/arrays.js";
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

  async bookedFills(steps: readonly StepId[]): Promise<ReadonlyMap<string, AccountId>> {
    const { rows } = await this.session.query<{ venue_fill_id: string; account_id: AccountId }>({
      name: "booked-fills",
      text: `SELECT venue_fill_id, account_id FROM venue_fill JOIN venue_order USING (client_order_id)
              WHERE (account_id, epoch, step_no) IN (SELECT * FROM unnest($1::text[], $2::int[], $3::int[]))`,
      values: stepColumns(steps),
    });
    return new Map(rows.map((row) => [row.venue_fill_id, row.account_id]));
  }

  async book(bookings: readonly StepBooking[]): Promise<void> {
    for (const { hold } of bookings) this.openEpoch(hold.account);
    await this.workUnderFence(bookings.map(({ hold }) => hold));
    await this.insertFills(bookings.flatMap(({ fills }) => fills));
    await this.endOrders(bookings.flatMap(({ ended }) => ended));
    for (const { hold } of bookings) this.touched.add(hold.account);
  }

  private async workUnderFence(holds: readonly StepHold[]): Promise<void> {
    const { rowCount } = await this.session.query({
      name: "work-under-fence",
      text: `UPDATE liquidation_step AS step SET worked_fence = hold.fence
               FROM unnest($1::text[], $2::int[], $3::int[], $4::int[]) AS hold (account, epoch, step, fence)
              WHERE step.account_id = hold.account AND step.epoch = hold.epoch AND step.step_no = hold.step`,
      values: [...stepColumns(holds), plainArray(holds.map(({ fence }) => fence))],
    });
    // Two holds of one step would be one row here, and one of the fences would not be compared.
    assertInvariant(rowCount === holds.length, "CASE-4 every writing names its fence", { holds: holds.length });
  }

  private async insertFills(fills: readonly VenueFill[]): Promise<void> {
    if (fills.length === 0) return;
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

  private async endOrders(ended: readonly EndedOrder[]): Promise<void> {
    if (ended.length === 0) return;
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

  complete(hold: StepHold, result: Json): Promise<void> {
    return this.completeAll([{ hold, result }]);
  }

  async completeAll(completions: readonly StepCompletion[]): Promise<void> {
    if (completions.length === 0) return;
    const holds = completions.map(({ hold }) => hold);
    for (const { account } of holds) this.openEpoch(account);
    const { rowCount } = await this.session.query({
      name: "complete-steps",
      text: `UPDATE liquidation_step AS step
                SET status = 'DONE', worked_fence = done.fence, held_since = NULL, result = done.result
               FROM unnest($1::text[], $2::int[], $3::int[], $4::int[], $5::jsonb[])
                    AS done (account, epoch, step, fence, result)
              WHERE step.account_id = done.account AND step.epoch = done.epoch AND step.step_no = done.step`,
      values: [
        ...stepColumns(holds),
        plainArray(holds.map(({ fence }) => fence)),
        jsonArray(completions.map(({ result }) => result)),
      ],
    });
    assertInvariant(rowCount === holds.length, "STORE-9 a step is intended before it is completed", {
      steps: holds.map(idOf),
    });
    for (const { account } of holds) this.touched.add(account);
  }

  advance(account: AccountId, epoch: number, to: CaseProgress): Promise<void> {
    return this.advanceAll([{ account, epoch, to }]);
  }

  async advanceAll(moves: readonly CaseMove[]): Promise<void> {
    if (moves.length === 0) return;
    for (const { account, epoch, to } of moves) {
      const isOpen = this.openEpoch(account) === epoch;
      assertInvariant(isOpen, "STORE-9 only the open case of an account moves on", { account, epoch });
      const closes = to.stage === "CLOSED";
      assertInvariant(closes === (to.outcome !== undefined), "STORE-9 a case has an outcome when it is closed", {
        account,
        epoch,
      });
    }
    await this.session.query({
      name: "advance-cases",
      text: `UPDATE liquidation_case AS breach
                SET stage = move.stage, outcome = move.outcome, worked_sequence = greatest(worked_sequence, move.worked),
                    closed_sequence = CASE WHEN move.stage = 'CLOSED' THEN move.worked END,
                    closed_at = CASE WHEN move.stage = 'CLOSED' THEN $6::timestamptz END
               FROM unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::bigint[])
                    AS move (account, epoch, stage, outcome, worked)
              WHERE breach.account_id = move.account AND breach.epoch = move.epoch`,
      values: [
        textArray(moves.map(({ account }) => account)),
        plainArray(moves.map(({ epoch }) => epoch)),
        textArray(moves.map(({ to }) => to.stage)),
        textArray(moves.map(({ to }) => to.outcome ?? null)),
        plainArray(moves.map(({ to }) => to.worked)),
        new Date(this.at).toISOString(),
      ],
    });
    for (const { account, to } of moves) {
      if (to.stage === "CLOSED") this.openEpochs.set(account, null);
      this.touched.add(account);
    }
  }
}

/** Steps as three columns: account, epoch, number. */
function stepColumns(steps: readonly StepId[]): [string, string, string] {
  return [
    textArray(steps.map(({ account }) => account)),
    plainArray(steps.map(({ epoch }) => epoch)),
    plainArray(steps.map(({ step }) => step)),
  ];
}

function idOf({ account, epoch, step }: StepId): StepId {
  return { account, epoch, step };
}
