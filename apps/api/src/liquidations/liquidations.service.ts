import { type LiquidationBody, type LiquidationRow, type PageBody, printTime } from "@ballast/api-contract";
import type { AccountId, CaseStage } from "@ballast/model";
import { printDecimal } from "@ballast/money";
import type { LiquidationCase, LiquidationStep, Store, VenueFill, VenueOrder } from "@ballast/store";
import { Inject, Injectable } from "@nestjs/common";
import { CursorSeal } from "../http/cursor.js";
import { Refusal } from "../http/refusal.js";
import { STORE } from "../house/tokens.js";

export interface LiquidationsFilter {
  readonly account: AccountId | undefined;
  readonly stage: CaseStage | undefined;
  readonly limit: number;
  readonly cursor: string | undefined;
}

@Injectable()
export class LiquidationsService {
  constructor(
    @Inject(STORE) private readonly store: Store,
    @Inject(CursorSeal) private readonly cursors: CursorSeal,
  ) {}

  /** Cases, the last opened first. Codes: ACCOUNT_UNKNOWN, CURSOR_INVALID. */
  async list({ account, stage, limit, cursor: sealed }: LiquidationsFilter): Promise<PageBody<LiquidationRow>> {
    const list = `liquidations ${account ?? ""} ${stage ?? ""}`;
    const cursor = sealed === undefined ? undefined : this.cursors.open(list, sealed);
    if (account !== undefined && !(await this.store.standings([account])).has(account)) {
      throw new Refusal("ACCOUNT_UNKNOWN", { account });
    }
    const page = await this.store.cases({
      limit,
      ...(account === undefined ? {} : { account }),
      ...(stage === undefined ? {} : { stage }),
      ...(cursor === undefined ? {} : { cursor }),
    });
    return this.cursors.page(list, page, liquidationRow);
  }

  /** One case with everything that was done in it. Codes: CASE_UNKNOWN. */
  async one(account: AccountId, epoch: number): Promise<LiquidationBody> {
    const found = await this.store.case(account, epoch);
    if (found === null) throw new Refusal("CASE_UNKNOWN", { account, epoch });
    const stepList: LiquidationBody["stepList"] = [];
    for (const step of await this.store.steps(account, epoch)) {
      stepList.push(stepRow(step, await this.store.ordersOf(step), await this.store.fillsOf(step)));
    }
    return { ...liquidationRow(found), stepList };
  }
}

/** A case as it stands on the wire. */
export function liquidationRow(found: LiquidationCase): LiquidationRow {
  return {
    account: found.account,
    epoch: found.epoch,
    stage: found.stage,
    outcome: found.outcome,
    openedSequence: found.openedSequence,
    workedSequence: found.workedSequence,
    closedSequence: found.closedSequence,
    steps: found.stepCount,
    openedAt: printTime(found.openedAt),
    closedAt: found.closedAt === null ? null : printTime(found.closedAt),
  };
}

/** A step with its orders and fills as it stands on the wire. */
export function stepRow(
  step: LiquidationStep,
  orders: readonly VenueOrder[],
  fills: readonly VenueFill[],
): LiquidationBody["stepList"][number] {
  return {
    step: step.step,
    kind: step.kind,
    status: step.status,
    sequence: step.sequence,
    plan: step.plan,
    result: step.result,
    orders: orders.map((order) => ({
      clientOrderId: order.clientOrderId,
      leg: order.leg,
      instrument: order.instrument,
      quantity: printDecimal(order.quantity),
      deadline: printTime(order.deadline),
      outcome: order.outcome,
      reason: order.reason,
      fills: fills
        .filter((fill) => fill.clientOrderId === order.clientOrderId)
        .map((fill) => ({
          id: fill.venueFillId,
          maker: fill.maker,
          quantity: printDecimal(fill.quantity),
          price: printDecimal(fill.price),
          markPrice: printDecimal(fill.markPrice),
        })),
    })),
  };
}
