import { type AccountId, assertInvariant, type MarketSnapshot, type OrderOutcome } from "@ballast/model";
import { type Decimal, magnitude, price, printDecimal, quantity } from "@ballast/money";
import type { VenueFill, VenueOrder } from "@ballast/store";
import type { HttpVenueConfig } from "../config.js";
import { probePromises } from "./probe-promises.js";
import { type OrderReport, UNKNOWN_ORDER, type Venue } from "./venue.js";
import { type SentOrder, type VenueAnswer, type VenueCalls, type VenueReport, venueCalls } from "./venue-calls.js";

/*
 * A real matching engine: what it has to speak stands in venue-calls.ts, what it has to promise in probe-promises.ts.
 */

/**
 * Opens the venue and finds out what it promises, by trying. @throws VenueUnfit when it accepts an id twice or an order
 * after its deadline; VenueUnreachable when it does not answer.
 *
 * @method CASE-6
 */
export async function openHttpVenue(config: HttpVenueConfig, now: () => number): Promise<Venue> {
  const calls = venueCalls(config);
  const promises = await probePromises(calls, config, now);
  return httpVenue(config.url, calls, promises);
}

function httpVenue(name: string, calls: VenueCalls, promises: Venue["promises"]): Venue {
  return {
    name,
    promises,
    async place(order, snapshot) {
      const answer = await calls.send(sentOrder(order));
      if (answer.kind === "DUPLICATE") return conclude(order, snapshot, await calls.ask(order.clientOrderId));
      return conclude(order, snapshot, answer);
    },
    async report(order, snapshot) {
      return conclude(order, snapshot, await calls.ask(order.clientOrderId));
    },
  };
}

function sentOrder(order: VenueOrder): SentOrder {
  return {
    clientOrderId: order.clientOrderId,
    instrument: order.instrument,
    side: order.quantity.isNegative() ? "SELL" : "BUY",
    quantity: printDecimal(magnitude(order.quantity)),
    limitPrice: null,
    deadline: new Date(order.deadline).toISOString(),
  };
}

/** An order is over only when the venue says so and its fills add up to what it says was filled. */
function conclude(order: VenueOrder, snapshot: MarketSnapshot, answer: VenueAnswer): OrderReport {
  if (answer.kind === "REJECTED") {
    return { knowledge: "ENDED", fills: [], outcome: "REJECTED", reason: answer.reason };
  }
  if (answer.kind !== "REPORT") return UNKNOWN_ORDER;
  const { report } = answer;
  const fills = report.fills.map((fill) => fillOf(order, snapshot, fill));
  const booked = fills.reduce<Decimal>((sum, fill) => sum.add(magnitude(fill.quantity)), quantity("0"));
  if (report.status === "LIVE") return { knowledge: "LIVE", fills, outcome: null, reason: null };
  if (!booked.eq(quantity(report.filled))) return { knowledge: "ENDING", fills, outcome: null, reason: null };
  return { knowledge: "ENDED", fills, outcome: outcomeOf(order, report, booked), reason: report.reason ?? null };
}

function outcomeOf(order: VenueOrder, report: VenueReport, booked: Decimal): OrderOutcome {
  if (report.status === "REJECTED" && booked.isZero()) return "REJECTED";
  if (booked.isZero()) return "UNFILLED";
  return booked.eq(magnitude(order.quantity)) ? "FILLED" : "PARTIAL";
}

function fillOf(order: VenueOrder, snapshot: MarketSnapshot, fill: VenueReport["fills"][number]): VenueFill {
  const markPrice = snapshot.markPrices.get(order.instrument);
  assertInvariant(markPrice !== undefined, "VENUE-1 orders are for listed, marked instruments", {
    order: order.clientOrderId,
  });
  const size = quantity(fill.quantity);
  return {
    // Ids of a venue are its own: the order's id in front keeps them apart from those of any other.
    venueFillId: `${order.clientOrderId}.${fill.id}`,
    clientOrderId: order.clientOrderId,
    maker: fill.counterparty as AccountId,
    quantity: order.quantity.isNegative() ? quantity(size.neg()) : size,
    price: price(fill.price),
    markPrice,
  };
}
