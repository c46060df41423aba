import { createServer } from "node:http";

/*
 * The matching engine of the crash matrix, in the parent, so that it outlives the workers: it takes an id once, refuses
 * what is late, fills everything at a price that depends on nothing but the order, and can lose answers.
 */

export async function startVenue() {
  const orders = new Map();
  let requests = 0;
  let lost = { from: 0, count: 0 };

  const respond = async (request, response) => {
    let text = "";
    for await (const chunk of request.setEncoding("utf8")) text += chunk;
    const answer = (status, body) => {
      // Probes are not counted: nobody's liquidation depends on them.
      const isProbe = text.includes("probe.");
      if (!isProbe) {
        requests += 1;
        const isLost = requests > lost.from && requests <= lost.from + lost.count;
        if (isLost) return void response.destroy();
      }
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    if (request.method === "GET") {
      const report = orders.get(decodeURIComponent(request.url.split("/").at(-1)));
      return report === undefined ? answer(404, { code: "ORDER_UNKNOWN" }) : answer(200, report);
    }
    const order = JSON.parse(text);
    if (orders.has(order.clientOrderId)) return answer(409, { code: "DUPLICATE_CLIENT_ORDER_ID" });
    if (Date.parse(order.deadline) <= Date.now()) return answer(422, { code: "DEADLINE_PASSED" });
    const report = reportOf(order);
    orders.set(order.clientOrderId, report);
    answer(201, report);
  };
  const server = createServer((request, response) => {
    // A caller that is killed while it speaks is part of the game; whoever it was asks again.
    respond(request, response).catch(() => response.destroy());
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** Loses so many answers after the first `from`, and counts anew; what was asked for has been done all the same. */
    lose(from, count) {
      requests = 0;
      lost = { from, count };
    },
    /** Has it lost what it was told to lose? */
    hasLost: () => lost.count > 0 && requests >= lost.from + lost.count,
    /** Contracts that have traded, by client order id. */
    traded: () =>
      [...orders.values()]
        .filter(({ clientOrderId }) => !clientOrderId.startsWith("probe."))
        .map(({ filled }) => filled),
    forget() {
      orders.clear();
      requests = 0;
      lost = { from: 0, count: 0 };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function reportOf({ clientOrderId, side, quantity }) {
  const isProbe = clientOrderId.startsWith("probe.");
  const price = side === "SELL" ? "7560" : "7575";
  return {
    clientOrderId,
    status: "ENDED",
    filled: isProbe ? "0" : quantity,
    fills: isProbe ? [] : [{ id: "1", quantity, price, counterparty: "maker-1" }],
  };
}
