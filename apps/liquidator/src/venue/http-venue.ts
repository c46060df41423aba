import { ID_GRAMMAR, type AccountId, type MarketSnapshot, type OrderOutcome } from "@ballast/model";
import { assertInvariant } from "@ballast/model";
import { isDecimalString, magnitude, price, printDecimal, quantity, type Decimal } from "@ballast/money";
import type { VenueFill, VenueOrder } from "@ballast/store";
import { z } from "zod";
import type { HttpVenueConfig } from "../config.js";
import { probePromises } from "./probe-promises.js";
import { type OrderReport, UNKNOWN_ORDER, type Venue, VenueUnreachable } from "./venue.js";

/*
 * A real matching engine over HTTP. What it has to speak:
 *
 *   POST /orders       {clientOrderId, instrument, side, quantity, limitPrice, timeInForce: "IOC", deadline}
 *     201 report       accepted, with what has become of it so far
 *     409              {code: "DUPLICATE_CLIENT_ORDER_ID"}: the id was used; GET says what became of it
 *     422              {code: "DEADLINE_PASSED"}: it came too late, and never existed
 *     422              {code: "REJECTED", reason}: refused, and it never trades
 *   GET /orders/:id
 *     200 report       {clientOrderId, status: LIVE | ENDED | REJECTED, filled, fills: [{id, quantity, price, counterparty}]}
 *     404              {code: "ORDER_UNKNOWN"}
 *
 * Every other answer, and none, means that it is not known what happened. A bare 404 is among them: a proxy that has lost
 * its server answers so, and to believe it would be to forget an order that may have traded.
 */

const decimalText = z.string().refine(isDecimalString);
const reportBody = z.object({
  clientOrderId: z.string(),
  status: z.enum(["LIVE", "ENDED", "REJECTED"]),
  filled: decimalText,
  reason: z.string().max(500).optional(),
  fills: z
    .array(
      z.object({
        id: z.string().min(1).max(128),
        quantity: decimalText,
        price: decimalText,
        counterparty: z.string().regex(ID_GRAMMAR),
      }),
    )
    .max(10_000),
});
const refusalBody = z.object({ code: z.string(), reason: z.string().max(500).optional() });

type Report = z.infer<typeof reportBody>;

/** An order as the venue is sent it. `limitPrice` null: at whatever the book gives. */
export interface SentOrder {
  readonly clientOrderId: string;
  readonly instrument: string;
  readonly side: "BUY" | "SELL";
  readonly quantity: string;
  readonly limitPrice: string | null;
  readonly deadline: string;
}

/** How the venue answered a call, before anybody has concluded anything from it. */
export type VenueAnswer =
  | { readonly kind: "REPORT"; readonly report: Report }
  | { readonly kind: "DUPLICATE" | "TOO_LATE" | "UNKNOWN" }
  | { readonly kind: "REJECTED"; readonly reason: string | null };

/** The calls, one request each. @throws VenueUnreachable */
export interface VenueCalls {
  send(order: SentOrder): Promise<VenueAnswer>;
  ask(clientOrderId: string): Promise<VenueAnswer>;
}

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

function outcomeOf(order: VenueOrder, report: Report, booked: Decimal): OrderOutcome {
  if (report.status === "REJECTED" && booked.isZero()) return "REJECTED";
  if (booked.isZero()) return "UNFILLED";
  return booked.eq(magnitude(order.quantity)) ? "FILLED" : "PARTIAL";
}

function fillOf(order: VenueOrder, snapshot: MarketSnapshot, fill: Report["fills"][number]): VenueFill {
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

/** The calls over `fetch`, each with its own time limit. */
export function venueCalls({ url, token, timeoutMs }: HttpVenueConfig): VenueCalls {
  const call = async (path: string, init: RequestInit): Promise<VenueAnswer> => {
    try {
      const response = await fetch(new URL(path, url.endsWith("/") ? url : `${url}/`), {
        ...init,
        headers: {
          "content-type": "application/json",
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        },
        redirect: "error",
        signal: AbortSignal.timeout(timeoutMs),
      });
      return answerOf(response.status, await response.json());
    } catch (cause) {
      if (cause instanceof VenueUnreachable) throw cause;
      throw new VenueUnreachable(`${init.method} ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, {
        cause,
      });
    }
  };
  return {
    send: (order) => call("orders", { method: "POST", body: JSON.stringify({ ...order, timeInForce: "IOC" }) }),
    ask: (clientOrderId) => call(`orders/${encodeURIComponent(clientOrderId)}`, { method: "GET" }),
  };
}

const REFUSALS: Readonly<Record<string, VenueAnswer["kind"]>> = {
  "409 DUPLICATE_CLIENT_ORDER_ID": "DUPLICATE",
  "422 DEADLINE_PASSED": "TOO_LATE",
  "422 REJECTED": "REJECTED",
  "404 ORDER_UNKNOWN": "UNKNOWN",
};

function answerOf(status: number, body: unknown): VenueAnswer {
  if (status === 200 || status === 201) {
    const report = reportBody.safeParse(body);
    if (report.success) return { kind: "REPORT", report: report.data };
    throw new VenueUnreachable(`the venue answered ${status} with a body that is no order report`);
  }
  const refusal = refusalBody.safeParse(body);
  const kind = refusal.success ? REFUSALS[`${status} ${refusal.data.code}`] : undefined;
  if (kind === undefined)
    throw new VenueUnreachable(`the venue answered ${status}, which says nothing about the order`);
  if (kind === "REJECTED") return { kind, reason: refusal.data?.reason ?? null };
  return { kind } as VenueAnswer;
}
