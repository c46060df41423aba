import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/*
 * A small matching engine over HTTP, in this process. It keeps both promises unless it is told not to, and misbehaves on
 * request: answers are lost after the order was taken, requests before it, fills come late or not at all.
 */

/** What it does with the next order, or with the next question about one. */
export type Behaviour =
  | "FILL"
  | "HALF"
  | "NOTHING"
  | "REJECT"
  /** Rests first; every question fills a quarter more. */
  | "LATE"
  /** Says that it has ended, and shows its fills only when asked a second time. */
  | "FILLS_FOLLOW"
  | "LOSE_REQUEST"
  | "LOSE_ANSWER"
  | "FAIL"
  | "BARE_404";

interface Order {
  readonly clientOrderId: string;
  readonly quantity: number;
  status: "LIVE" | "ENDED" | "REJECTED";
  filled: number;
  shown: number;
  readonly fills: { id: string; quantity: string; price: string; counterparty: string }[];
}

export interface HttpEngine {
  readonly url: string;
  /** Orders and questions that have arrived, in order: `POST alice.1.1.1`. */
  readonly heard: string[];
  /** Contracts that have traded under an id. */
  traded(clientOrderId: string): number;
  /** Does these things with the next requests about orders that are no probes, then FILL again. */
  next(...behaviours: Behaviour[]): void;
  close(): Promise<void>;
}

export interface EnginePromises {
  readonly refusesRepeatedIds?: boolean;
  readonly honoursDeadlines?: boolean;
  readonly counterparty?: string;
}

export async function startHttpEngine(promises: EnginePromises = {}): Promise<HttpEngine> {
  const { refusesRepeatedIds = true, honoursDeadlines = true, counterparty = "maker-1" } = promises;
  const orders = new Map<string, Order>();
  const heard: string[] = [];
  let script: Behaviour[] = [];

  const fill = (order: Order, quantity: number): void => {
    if (quantity <= 0) return;
    const id = String(order.fills.length + 1);
    order.fills.push({ id, quantity: String(quantity), price: "7565", counterparty });
    order.filled += quantity;
  };

  const take = (order: Order, behaviour: Behaviour): void => {
    if (behaviour === "LATE") return;
    order.status = behaviour === "REJECT" ? "REJECTED" : "ENDED";
    const probe = order.clientOrderId.startsWith("probe.");
    if (probe || behaviour === "NOTHING" || behaviour === "REJECT") return;
    fill(order, behaviour === "HALF" ? Math.floor(order.quantity / 2) : order.quantity);
    if (behaviour !== "FILLS_FOLLOW") order.shown = order.fills.length;
  };

  const show = (response: ServerResponse, status: number, order: Order): void =>
    answer(response, status, {
      clientOrderId: order.clientOrderId,
      status: order.status,
      filled: String(order.filled),
      fills: order.fills.slice(0, order.shown),
    });

  const placed = (response: ServerResponse, body: Record<string, string>): void => {
    const id = body["clientOrderId"] ?? "";
    const behaviour = id.startsWith("probe.") ? "NOTHING" : (script.shift() ?? "FILL");
    heard.push(`POST ${id}`);
    if (behaviour === "LOSE_REQUEST") return void response.destroy();
    if (behaviour === "FAIL") return answer(response, 500, { code: "INTERNAL" });
    const known = orders.get(id);
    if (known !== undefined && refusesRepeatedIds) return answer(response, 409, { code: "DUPLICATE_CLIENT_ORDER_ID" });
    const late = honoursDeadlines && Date.parse(body["deadline"] ?? "") <= Date.now();
    if (late) return answer(response, 422, { code: "DEADLINE_PASSED" });
    const quantity = Number.parseInt(body["quantity"] ?? "0", 10);
    const order: Order = known ?? { clientOrderId: id, quantity, status: "LIVE", filled: 0, shown: 0, fills: [] };
    orders.set(id, order);
    take(order, behaviour);
    if (behaviour === "LOSE_ANSWER") return void response.destroy();
    if (behaviour === "REJECT") return answer(response, 422, { code: "REJECTED", reason: "the market is closed" });
    show(response, 201, order);
  };

  const asked = (response: ServerResponse, id: string): void => {
    heard.push(`GET ${id}`);
    const order = orders.get(id);
    const behaviour = script[0] === "BARE_404" || script[0] === "FAIL" ? script.shift() : undefined;
    if (behaviour === "BARE_404") return void response.writeHead(404).end("nothing here");
    if (behaviour === "FAIL") return answer(response, 500, { code: "INTERNAL" });
    if (order === undefined) return answer(response, 404, { code: "ORDER_UNKNOWN" });
    if (order.status === "LIVE") {
      fill(order, Math.min(Math.ceil(order.quantity / 4), order.quantity - order.filled));
      if (order.filled === order.quantity) order.status = "ENDED";
    }
    show(response, 200, order);
    order.shown = order.fills.length;
  };

  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      if (request.method === "POST") placed(response, body);
      else asked(response, decodeURIComponent((request.url ?? "").split("/").at(-1) ?? ""));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    traded: (id) => orders.get(id)?.filled ?? 0,
    next(...behaviours) {
      script = behaviours;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, string>> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk as string;
  return text === "" ? {} : (JSON.parse(text) as Record<string, string>);
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
