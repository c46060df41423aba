import { assertInvariant, type MarketSnapshot, type PausableStage, type UtcMillis } from "@ballast/model";
import { type Decimal, magnitude, ZERO_QUANTITY } from "@ballast/money";
import { deadlinePhase, type OrderKnowledge, nextMove, type StepMove } from "@ballast/risk-core";
import type { EndedOrder, LiquidationStep, VenueFill, VenueOrder } from "@ballast/store";
import { stopping } from "../not-now.js";
import type { Setting } from "../setting.js";
import { type OrderReport, UNKNOWN_ORDER, VenueUnreachable } from "../venue/venue.js";

/** What is known of an order after a visit to the venue. */
export interface OrderProgress {
  readonly fills: readonly VenueFill[];
  /** How it ended; null while it has not. */
  readonly ended: EndedOrder | null;
}

/** The venue knows nothing of an order that it may have traded, and does not promise that it has not. */
export class OutcomeUnknowable extends Error {
  override readonly name = "OutcomeUnknowable";
  readonly code = "OUTCOME_UNKNOWABLE";
}

/** What one visit may do: send, ask, and once more each when a sent order turns out to be known. */
const MOVES_MAX = 4;

/**
 * Visits the venue about one order: sends it if it was never sent or was lost in time, else asks what became of it.
 * `fresh` says that it was written down just now by whoever calls, so it cannot have been sent.
 *
 * @throws OutcomeUnknowable when only a person can find out.
 * @method CASE-5 CASE-6
 */
export async function progressOf(
  setting: Setting,
  order: VenueOrder,
  snapshot: MarketSnapshot,
  visit: { readonly fresh: boolean; readonly now: UtcMillis; readonly maySend: boolean },
): Promise<OrderProgress> {
  const { venue, rules, events } = setting;
  if (order.outcome !== null) return { fills: [], ended: null };
  const phase = deadlinePhase(visit.now, order.deadline, rules.clockSkewMs);
  let knowledge: OrderKnowledge | null = visit.fresh ? "NEW" : null;
  let report = UNKNOWN_ORDER;
  for (let moves = 0; moves < MOVES_MAX; moves += 1) {
    const move: StepMove = knowledge === null ? "QUERY" : nextMove(knowledge, phase, venue.promises, visit.maySend);
    if (move !== "SEND" && move !== "QUERY") return progress(order, report, move);
    try {
      report = move === "SEND" ? await venue.place(order, snapshot) : await venue.report(order, snapshot);
    } catch (cause) {
      if (!(cause instanceof VenueUnreachable)) throw cause;
      events.faulted(`venue ${venue.name}`, cause);
      return { fills: [], ended: null };
    }
    // What was refused as late is unknown to the venue; whether it is over is for the next visit's clock to say.
    if (move === "SEND" && report.knowledge === "UNKNOWN") return { fills: [], ended: null };
    knowledge = report.knowledge;
  }
  return progress(order, report, "WAIT");
}

function progress(order: VenueOrder, report: OrderReport, move: StepMove): OrderProgress {
  if (move === "ASK_A_PERSON") {
    throw new OutcomeUnknowable(
      `the venue does not know ${order.clientOrderId}, and takes orders after their deadline`,
    );
  }
  if (move === "WAIT") return { fills: [], ended: null };
  assertFillsAnswer(order, report.fills);
  if (move === "BOOK_SO_FAR") return { fills: report.fills, ended: null };
  const { clientOrderId } = order;
  if (move === "BOOK_NOTHING") return { fills: [], ended: { clientOrderId, outcome: "NEVER_ARRIVED", reason: null } };
  return {
    fills: report.fills,
    ended: { clientOrderId, outcome: report.outcome ?? "UNFILLED", reason: report.reason },
  };
}

/** A venue that sells more than was asked, or the other way, is not believed. */
function assertFillsAnswer(order: VenueOrder, fills: readonly VenueFill[]): void {
  let filled: Decimal = ZERO_QUANTITY;
  for (const fill of fills) {
    const sameWay = fill.quantity.isNegative() === order.quantity.isNegative() && !fill.quantity.isZero();
    const answers = fill.clientOrderId === order.clientOrderId && sameWay && fill.price.gt(0);
    assertInvariant(answers, "CASE-6 a fill answers its order", { order: order.clientOrderId, fill: fill.venueFillId });
    filled = filled.add(magnitude(fill.quantity));
  }
  assertInvariant(filled.lte(magnitude(order.quantity)), "CASE-6 a venue fills no more than was ordered", {
    order: order.clientOrderId,
    filled: filled.toFixed(),
  });
}

/** May orders of such a step be sent at the moment? What was sent before is asked for all the same. */
export async function maySend({ store }: Setting, kind: LiquidationStep["kind"]): Promise<boolean> {
  const paused = new Set((await store.pauses()).map(({ stage }) => stage));
  const stages: PausableStage[] = [kind === "DISPOSE" ? "DISPOSAL" : kind];
  return stopping(paused, stages) === null;
}
