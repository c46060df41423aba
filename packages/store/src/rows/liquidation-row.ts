import type {
  AccountId,
  CaseOutcome,
  CaseStage,
  InstrumentId,
  OrderOutcome,
  PausableStage,
  UtcMillis,
} from "@ballast/model";
import { price, quantity } from "@ballast/money";
import type { Json } from "../json.js";
import type {
  LiquidationCase,
  LiquidationStep,
  Pause,
  Signature,
  StepFault,
  StepGround,
  TroubledStep,
  VenueFill,
  VenueOrder,
} from "../liquidation-records.js";
import { fromBigint } from "./integers.js";

export const CASE_COLUMNS = `account_id, epoch, stage, outcome, opened_sequence, worked_sequence, closed_sequence,
  step_count, opened_at, closed_at`;

export interface CaseRow {
  readonly account_id: AccountId;
  readonly epoch: number;
  readonly stage: CaseStage;
  readonly outcome: CaseOutcome | null;
  readonly opened_sequence: string;
  readonly worked_sequence: string;
  readonly closed_sequence: string | null;
  readonly step_count: number;
  readonly opened_at: UtcMillis;
  readonly closed_at: UtcMillis | null;
}

export function liquidationCase(row: CaseRow): LiquidationCase {
  return {
    account: row.account_id,
    epoch: row.epoch,
    stage: row.stage,
    outcome: row.outcome,
    openedSequence: fromBigint(row.opened_sequence),
    workedSequence: fromBigint(row.worked_sequence),
    closedSequence: row.closed_sequence === null ? null : fromBigint(row.closed_sequence),
    stepCount: row.step_count,
    openedAt: row.opened_at,
    closedAt: row.closed_at,
  };
}

export const STEP_COLUMNS = "account_id, epoch, step_no, kind, status, sequence, plan, result";

export interface StepRow {
  readonly account_id: AccountId;
  readonly epoch: number;
  readonly step_no: number;
  readonly kind: LiquidationStep["kind"];
  readonly status: LiquidationStep["status"];
  readonly sequence: string;
  readonly plan: Json;
  readonly result: Json;
}

export function liquidationStep(row: StepRow): LiquidationStep {
  return {
    account: row.account_id,
    epoch: row.epoch,
    step: row.step_no,
    kind: row.kind,
    status: row.status,
    sequence: fromBigint(row.sequence),
    plan: row.plan,
    result: row.result,
  };
}

export interface GroundRow {
  readonly parameters_version: number;
  readonly engine_version: number;
  readonly decided_at: UtcMillis;
  readonly inputs: Json;
}

export function stepGround(row: GroundRow): StepGround {
  return {
    parametersVersion: row.parameters_version,
    engineVersion: row.engine_version,
    decidedAt: row.decided_at,
    inputs: row.inputs,
  };
}

export const ORDER_COLUMNS = `client_order_id, account_id, epoch, step_no, leg, instrument_id, quantity, deadline, outcome,
  reason`;

export interface OrderRow {
  readonly client_order_id: string;
  readonly account_id: AccountId;
  readonly epoch: number;
  readonly step_no: number;
  readonly leg: number;
  readonly instrument_id: InstrumentId;
  readonly quantity: string;
  readonly deadline: UtcMillis;
  readonly outcome: OrderOutcome | null;
  readonly reason: string | null;
}

export function venueOrder(row: OrderRow): VenueOrder {
  return {
    clientOrderId: row.client_order_id,
    account: row.account_id,
    epoch: row.epoch,
    step: row.step_no,
    leg: row.leg,
    instrument: row.instrument_id,
    quantity: quantity(row.quantity),
    deadline: row.deadline,
    outcome: row.outcome,
    reason: row.reason,
  };
}

export const FILL_COLUMNS =
  "fill.venue_fill_id, fill.client_order_id, fill.maker_account_id, fill.quantity, fill.price, fill.mark_price";

export interface FillRow {
  readonly venue_fill_id: string;
  readonly client_order_id: string;
  readonly maker_account_id: AccountId;
  readonly quantity: string;
  readonly price: string;
  readonly mark_price: string;
}

export function venueFill(row: FillRow): VenueFill {
  return {
    venueFillId: row.venue_fill_id,
    clientOrderId: row.client_order_id,
    maker: row.maker_account_id,
    quantity: quantity(row.quantity),
    price: price(row.price),
    markPrice: price(row.mark_price),
  };
}

export const PAUSE_COLUMNS = `id, stage, reason, paused_by, paused_at, first_resume_by, first_resume_at, second_resume_by,
  second_resume_at`;

export interface PauseRow {
  readonly id: string;
  readonly stage: PausableStage;
  readonly reason: string;
  readonly paused_by: string;
  readonly paused_at: UtcMillis;
  readonly first_resume_by: string | null;
  readonly first_resume_at: UtcMillis | null;
  readonly second_resume_by: string | null;
  readonly second_resume_at: UtcMillis | null;
}

export function pauseOf(row: PauseRow): Pause {
  return {
    id: row.id,
    stage: row.stage,
    reason: row.reason,
    pausedBy: row.paused_by,
    pausedAt: row.paused_at,
    firstResume: signature(row.first_resume_by, row.first_resume_at),
    secondResume: signature(row.second_resume_by, row.second_resume_at),
  };
}

export const TROUBLED_COLUMNS = `account_id, epoch, step_no, failures, fault, first_at, last_at, quarantined_at, released_by,
  released_at`;

export interface TroubledRow {
  readonly account_id: AccountId;
  readonly epoch: number;
  readonly step_no: number;
  readonly failures: number;
  readonly fault: StepFault;
  readonly first_at: UtcMillis;
  readonly last_at: UtcMillis;
  readonly quarantined_at: UtcMillis | null;
  readonly released_by: string | null;
  readonly released_at: UtcMillis | null;
}

export function troubledStep(row: TroubledRow): TroubledStep {
  return {
    account: row.account_id,
    epoch: row.epoch,
    step: row.step_no,
    failures: row.failures,
    fault: row.fault,
    firstAt: row.first_at,
    lastAt: row.last_at,
    quarantinedAt: row.quarantined_at,
    released: signature(row.released_by, row.released_at),
  };
}

function signature(by: string | null, at: UtcMillis | null): Signature | null {
  return by === null || at === null ? null : { by, at };
}
