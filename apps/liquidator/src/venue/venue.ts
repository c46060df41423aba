import type { MarketSnapshot, OrderOutcome } from "@ballast/model";
import type { OrderKnowledge, VenuePromises } from "@ballast/risk-core";
import type { VenueFill, VenueOrder } from "@ballast/store";

/*
 * The execution port: where liquidation orders trade.
 *
 * An order is immediate or cancelled, and carries a client order id that is a function of (case, step, leg) and a
 * deadline after which the venue refuses it. Neither call is trusted to be answered: what a lost answer said is asked for
 * again under the same id.
 */

/** What the venue says of one order. */
export interface OrderReport {
  readonly knowledge: Exclude<OrderKnowledge, "NEW" | "UNREACHABLE">;
  /** All fills so far, each under an id of the venue that never changes. */
  readonly fills: readonly VenueFill[];
  /** How it ended; null unless `knowledge` is ENDED. */
  readonly outcome: OrderOutcome | null;
  /** The venue's words for a refusal. */
  readonly reason: string | null;
}

/** Where liquidation orders trade. */
export interface Venue {
  /** For messages and records. */
  readonly name: string;
  /** Found out before the first order. @throws VenueUnfit when orders cannot be sent there safely. */
  readonly promises: VenuePromises;
  /**
   * Sends an order under its id and deadline, at the market of the snapshot it was planned at. An id that is known already
   * is answered with what became of it. @throws VenueUnreachable when it is not known whether the order arrived.
   */
  place(order: VenueOrder, snapshot: MarketSnapshot): Promise<OrderReport>;
  /** What became of an order. @throws VenueUnreachable */
  report(order: VenueOrder, snapshot: MarketSnapshot): Promise<OrderReport>;
}

/** The venue, or the way to it, failed: what was under way may or may not have happened. */
export class VenueUnreachable extends Error {
  override readonly name = "VenueUnreachable";
  readonly code = "VENUE_UNREACHABLE";
}

/** The venue does not promise what exactly-once needs; the message says what is missing and what was tried. */
export class VenueUnfit extends Error {
  override readonly name = "VenueUnfit";
  readonly code = "VENUE_UNFIT";
}

/** The id is not known to the venue. */
export const UNKNOWN_ORDER: OrderReport = { knowledge: "UNKNOWN", fills: [], outcome: null, reason: null };
