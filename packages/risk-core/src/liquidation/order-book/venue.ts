import { compareIds, type InstrumentId } from "@ballast/model";
import { Decimal, type Price, type Quantity, type Usd } from "@ballast/money";
import { type Book, type BookFill, laterBook, sweep } from "./book.js";
import type { Luck } from "./luck.js";

/*
 * A venue as a liquidation meets it, with everything that may go wrong: orders take time to arrive, are refused, come after their
 * deadline, fill in part; answers get lost, and so do requests; some fills are reported late. All of it is decided by the
 * order's id and a seed, and the state is a value, so that a run can be played again, and played differently from any point.
 *
 * Two promises hold whatever happens, because exactly-once rests on them: a client order id is accepted once, and nothing
 * trades after its deadline.
 */

/** How often things go wrong, per million orders, and how long they take. */
export interface VenueConditions {
  readonly latencyMsMin: number;
  readonly latencyMsMax: number;
  readonly rejected: number;
  /** The request never arrives; nobody is told. */
  readonly requestLost: number;
  /** The order is placed, the answer never arrives. */
  readonly answerLost: number;
  /** A fill is reported only `lateMs` after it happened. */
  readonly reportedLate: number;
  readonly lateMs: number;
}

/** An order at the market, to be filled on arrival as far as its limit allows; the rest is cancelled. */
export interface PlacedOrder {
  readonly clientOrderId: string;
  readonly instrument: InstrumentId;
  /** Signed: negative sells. */
  readonly quantity: Quantity;
  readonly limitPrice: Price | null;
  readonly deadlineMs: number;
}

/** One fill, and from when on the venue tells of it. */
export interface ReportedFill extends BookFill {
  readonly id: string;
  readonly visibleFromMs: number;
}

/** What the venue knows of an order. */
interface KnownOrder {
  readonly order: PlacedOrder;
  readonly arrivesAtMs: number;
  readonly state: "TRAVELLING" | "DONE" | "EXPIRED" | "REJECTED";
  readonly fills: readonly ReportedFill[];
}

/** The venue: its books and every order it has ever seen. */
export interface VenueState {
  readonly books: ReadonlyMap<InstrumentId, Book>;
  readonly orders: ReadonlyMap<string, KnownOrder>;
}

/** What whoever places an order hears. */
export type PlacementAnswer =
  | { readonly kind: "ACCEPTED" }
  | { readonly kind: "REJECTED"; readonly because: "VENUE" | "UNKNOWN_INSTRUMENT" | "REPEATED_ID" }
  /** Nothing: the order may have been placed or not. */
  | { readonly kind: "NO_ANSWER" };

/** What whoever asks about an order hears. A step is final when it is terminal *and* the fills add up to `filled`. */
export type OrderReport =
  | { readonly kind: "UNKNOWN" }
  | { readonly kind: "LIVE" }
  | {
      readonly kind: "TERMINAL";
      readonly because: "FILLED" | "CANCELLED" | "EXPIRED" | "REJECTED";
      /** Unsigned. */
      readonly filled: Quantity;
      readonly fills: readonly ReportedFill[];
    };

/**
 * Places an order. A repeated client id is refused and trades nothing, whatever became of the first.
 *
 * @method LIQUIDATION-22
 */
export function placeOrder(
  state: VenueState,
  order: PlacedOrder,
  nowMs: number,
  conditions: VenueConditions,
  luck: Luck,
): { readonly state: VenueState; readonly answer: PlacementAnswer } {
  const { clientOrderId } = order;
  const isUnlucky = (what: string, perMillion: number) => luck(`${clientOrderId} ${what}`) < perMillion;
  if (isUnlucky("request lost", conditions.requestLost)) return { state, answer: { kind: "NO_ANSWER" } };
  if (state.orders.has(clientOrderId)) return { state, answer: { kind: "REJECTED", because: "REPEATED_ID" } };
  if (!state.books.has(order.instrument)) {
    return { state, answer: { kind: "REJECTED", because: "UNKNOWN_INSTRUMENT" } };
  }
  const isRejected = isUnlucky("rejected", conditions.rejected);
  const known: KnownOrder = {
    order,
    arrivesAtMs: nowMs + latencyOf(clientOrderId, conditions, luck),
    state: isRejected ? "REJECTED" : "TRAVELLING",
    fills: [],
  };
  const placed = { ...state, orders: new Map(state.orders).set(clientOrderId, known) };
  if (isUnlucky("answer lost", conditions.answerLost)) return { state: placed, answer: { kind: "NO_ANSWER" } };
  return { state: placed, answer: isRejected ? { kind: "REJECTED", because: "VENUE" } : { kind: "ACCEPTED" } };
}

function latencyOf(clientOrderId: string, { latencyMsMin, latencyMsMax }: VenueConditions, luck: Luck): number {
  return latencyMsMin + (luck(`${clientOrderId} latency`) % (latencyMsMax - latencyMsMin + 1));
}

/**
 * Lets time pass: orders arrive in the order of their times, ids deciding between equals, and trade against the book as the ones
 * before have left it. An order that arrives after its deadline trades nothing.
 *
 * @method LIQUIDATION-22
 */
export function letTimePass(state: VenueState, nowMs: number, conditions: VenueConditions, luck: Luck): VenueState {
  const due = [...state.orders.values()]
    .filter((known) => known.state === "TRAVELLING" && known.arrivesAtMs <= nowMs)
    .sort(
      (left, right) =>
        left.arrivesAtMs - right.arrivesAtMs || compareIds(left.order.clientOrderId, right.order.clientOrderId),
    );
  const books = new Map(state.books);
  const orders = new Map(state.orders);
  for (const known of due) {
    const { order, arrivesAtMs } = known;
    const book = books.get(order.instrument);
    if (book === undefined || arrivesAtMs > order.deadlineMs) {
      orders.set(order.clientOrderId, { ...known, state: "EXPIRED" });
      continue;
    }
    const swept = sweep(laterBook(book, arrivesAtMs), order.quantity, order.limitPrice);
    books.set(order.instrument, swept.book);
    const fills = swept.fills.map((fill, at) =>
      reported(order.clientOrderId, at + 1, fill, arrivesAtMs, conditions, luck),
    );
    orders.set(order.clientOrderId, { ...known, state: "DONE", fills });
  }
  return { books: new Map([...books].map(([id, book]) => [id, laterBook(book, nowMs)])), orders };
}

function reported(
  clientOrderId: string,
  number: number,
  fill: BookFill,
  atMs: number,
  { reportedLate, lateMs }: VenueConditions,
  luck: Luck,
): ReportedFill {
  const id = `${clientOrderId}.${number}`;
  return { ...fill, id, visibleFromMs: luck(`${id} late`) < reportedLate ? atMs + lateMs : atMs };
}

/**
 * What the venue says of an order at a moment. A fill that is reported late is counted in `filled` and not yet listed.
 *
 * @method LIQUIDATION-22
 */
export function queryOrder({ orders }: VenueState, clientOrderId: string, nowMs: number): OrderReport {
  const known = orders.get(clientOrderId);
  if (known === undefined) return { kind: "UNKNOWN" };
  if (known.state === "TRAVELLING") return { kind: "LIVE" };
  const filled = known.fills.reduce<Decimal>((sum, { quantity }) => sum.add(quantity), new Decimal(0)) as Quantity;
  return {
    kind: "TERMINAL",
    because: known.state === "DONE" ? (filled.eq(known.order.quantity.abs()) ? "FILLED" : "CANCELLED") : known.state,
    filled,
    fills: known.fills.filter(({ visibleFromMs }) => visibleFromMs <= nowMs),
  };
}

/** A new market: the mid and the depth of one instrument; what was taken stays taken. */
export function moveMarket(
  state: VenueState,
  instrument: InstrumentId,
  atMs: number,
  midPrice: Price,
  depth: Usd,
): VenueState {
  const book = state.books.get(instrument);
  if (book === undefined) return state;
  return { ...state, books: new Map(state.books).set(instrument, laterBook(book, atMs, midPrice, depth)) };
}
