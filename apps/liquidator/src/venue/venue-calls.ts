import { ID_GRAMMAR } from "@ballast/model";
import { isDecimalString } from "@ballast/money";
import { z } from "zod";
import type { HttpVenueConfig } from "../config.js";
import { VenueUnreachable } from "./venue.js";

/*
 * What a matching engine has to speak over HTTP:
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

/** What the venue says of an order that it knows. */
export type VenueReport = z.infer<typeof reportBody>;

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
  | { readonly kind: "REPORT"; readonly report: VenueReport }
  | { readonly kind: "DUPLICATE" | "TOO_LATE" | "UNKNOWN" }
  | { readonly kind: "REJECTED"; readonly reason: string | null };

/** The calls, one request each. @throws VenueUnreachable */
export interface VenueCalls {
  send(order: SentOrder): Promise<VenueAnswer>;
  ask(clientOrderId: string): Promise<VenueAnswer>;
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
