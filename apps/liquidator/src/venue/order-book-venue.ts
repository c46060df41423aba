import { assertInvariant, compareIds, type Instrument, type MarketSnapshot, type OrderOutcome } from "@ballast/model";
import { Decimal, negate, type Ratio, ratio } from "@ballast/money";
import { orderBook } from "@ballast/risk-core";
import type { VenueFill, VenueOrder } from "@ballast/store";
import { makerOf, type Roster } from "./simulated-venue.js";
import { type OrderReport, UNKNOWN_ORDER, type Venue, VenueUnreachable } from "./venue.js";

/*
 * The order book of risk-core behind the execution port: for rehearsals. An order takes time, trades where the orders before
 * it have left the price, fills in part, is refused, or is reported late; answers and whole requests get lost. Which of it
 * happens to an order is decided by its id and the seed; how deep the book is by the snapshot's depth and by what was taken and
 * has come back since, by the clock that is handed in.
 *
 * Its memory is this process's. What was sent to a venue that has died is unknown to its successor, which takes no order that
 * was written down before it opened: so what the first had filled and somebody has booked is not filled a second time. For the
 * same reason it is a venue for one worker process, not for several.
 */

/** How books look and what goes wrong. */
export interface BookVenueRules {
  readonly stepShare: Ratio;
  readonly levels: number;
  readonly refillPerMs: Ratio;
  readonly conditions: orderBook.VenueConditions;
}

/** Books of ten per cent to each side that are full again after a hundred seconds; one order in a hundred has some trouble. */
export const REHEARSAL: BookVenueRules = {
  stepShare: ratio("0.0005"),
  levels: 200,
  refillPerMs: ratio("0.00001"),
  conditions: {
    latencyMsMin: 5,
    latencyMsMax: 50,
    rejected: 1_000,
    requestLost: 1_000,
    answerLost: 3_000,
    reportedLate: 5_000,
    lateMs: 400,
  },
};

/** Chance and time of such a venue. */
export interface BookVenueSetting {
  readonly seed: string;
  /** Milliseconds that an order may be accepted for: from it follows when an order was written down. */
  readonly orderLifetimeMs: number;
  readonly rules?: BookVenueRules;
}

/**
 * Returns a venue with an order book for each instrument, in which market makers of the roster are the other side.
 *
 * @method LIQUIDATION-22 VENUE-3
 */
export function orderBookVenue(
  roster: Roster,
  now: () => number,
  { seed, orderLifetimeMs, rules = REHEARSAL }: BookVenueSetting,
): Venue {
  const luck = orderBook.seededLuck(seed);
  const openedAt = now();
  let state: orderBook.VenueState = { books: new Map(), orders: new Map() };
  let newest = -1;

  /** The venue at this moment: orders that have arrived have traded; a newer snapshot has moved the books. */
  const atNow = async (snapshot: MarketSnapshot): Promise<number> => {
    const parameters = await roster.parameters();
    const nowMs = now();
    state = orderBook.letTimePass(state, nowMs, rules.conditions, luck);
    if (parameters !== null && snapshot.sequence > newest) {
      newest = snapshot.sequence;
      const books = new Map(state.books);
      for (const instrument of parameters.instruments.values()) {
        const book = bookAt(
          instrument,
          books.get(instrument.id),
          snapshot,
          parameters.liquidation.halfSpread,
          rules,
          nowMs,
        );
        if (book !== null) books.set(instrument.id, book);
      }
      state = { ...state, books };
    }
    return nowMs;
  };

  const report = async (order: VenueOrder, snapshot: MarketSnapshot): Promise<OrderReport> => {
    const nowMs = await atNow(snapshot);
    const found = orderBook.queryOrder(state, order.clientOrderId, nowMs);
    if (found.kind === "UNKNOWN") return UNKNOWN_ORDER;
    if (found.kind === "LIVE") return { knowledge: "LIVE", fills: [], outcome: null, reason: null };
    const fills = await fillsOf(order, snapshot, found.fills);
    const told = found.fills.reduce((sum, { quantity }) => sum.add(quantity), new Decimal(0));
    if (!told.eq(found.filled)) return { knowledge: "ENDING", fills, outcome: null, reason: null };
    const outcome = outcomeOf(found.because, found.filled.isZero());
    return { knowledge: "ENDED", fills, outcome, reason: outcome === "REJECTED" ? "refused by the venue" : null };
  };

  const fillsOf = async (
    order: VenueOrder,
    snapshot: MarketSnapshot,
    fills: readonly orderBook.ReportedFill[],
  ): Promise<VenueFill[]> => {
    if (fills.length === 0) return [];
    const markPrice = snapshot.markPrices.get(order.instrument);
    assertInvariant(markPrice !== undefined, "VENUE-1 orders are for listed, marked instruments", {
      order: order.clientOrderId,
    });
    const maker = makerOf(order, [...(await roster.makers())].sort(compareIds));
    return fills.map(({ id, price, quantity }) => ({
      venueFillId: id,
      clientOrderId: order.clientOrderId,
      maker,
      quantity: order.quantity.isNegative() ? negate(quantity) : quantity,
      price,
      markPrice,
    }));
  };

  return {
    name: "order-book",
    promises: { refusesRepeatedIds: true, honoursDeadlines: true },
    async place(order, snapshot) {
      const nowMs = await atNow(snapshot);
      const isFromBefore = order.deadline - orderLifetimeMs < openedAt;
      if (isFromBefore || nowMs > order.deadline) return UNKNOWN_ORDER;
      const { clientOrderId, instrument, quantity, deadline: deadlineMs } = order;
      assertInvariant(state.books.has(instrument), "VENUE-1 orders are for listed, marked instruments", {
        order: clientOrderId,
        instrument,
      });
      const sent = { clientOrderId, instrument, quantity, limitPrice: null, deadlineMs };
      const placed = orderBook.placeOrder(state, sent, nowMs, rules.conditions, luck);
      state = placed.state;
      if (placed.answer.kind === "NO_ANSWER") throw new VenueUnreachable(`nobody answered about ${clientOrderId}`);
      return report(order, snapshot);
    },
    report,
  };
}

/** The book of an instrument at a snapshot: what was taken stays taken, and comes back; null where there is no price. */
function bookAt(
  instrument: Instrument,
  before: orderBook.Book | undefined,
  snapshot: MarketSnapshot,
  halfSpread: Ratio,
  { stepShare, levels, refillPerMs }: BookVenueRules,
  nowMs: number,
): orderBook.Book | null {
  const [mid, depth] = [snapshot.markPrices.get(instrument.id), snapshot.depths.get(instrument.id)];
  if (mid === undefined || depth === undefined) return null;
  const { tickSize, lotSize, contractSize, payoff } = instrument;
  // The book counts units of the underlying; an inverse contract is so many dollars' worth of it.
  const units = payoff === "inverse" ? contractSize.div(mid) : new Decimal(contractSize);
  const rules = { tickSize, lotSize, contractSize: units, halfSpread, stepShare, levels, refillPerMs };
  if (before === undefined) return orderBook.freshBook(rules, mid, depth, nowMs);
  return { ...orderBook.laterBook(before, nowMs, mid, depth), rules };
}

function outcomeOf(because: "FILLED" | "CANCELLED" | "EXPIRED" | "REJECTED", isUnfilled: boolean): OrderOutcome {
  if (because === "REJECTED" || because === "FILLED") return because;
  return isUnfilled ? "UNFILLED" : "PARTIAL";
}
