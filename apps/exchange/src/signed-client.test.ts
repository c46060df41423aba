import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "@jest/globals";
import { canonicalRequest, type Client } from "@ballast/api-contract";
import { ApiAway, patiently, signedClient } from "./signed-client.js";

type Answer = (request: IncomingMessage, response: ServerResponse, attempt: number) => void;
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function houseThat(answers: Answer): Promise<Client> {
  let attempt = 0;
  const server = createServer((request, response) => answers(request, response, ++attempt));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return signedClient({ baseUrl, keyId: "exchange", secret: "top", patienceMs: 5_000 });
}

const problem = (status: number, code: string) =>
  JSON.stringify({ type: "about:blank", title: "t", status, detail: "d", instance: "/v1/marks/1", code, traceId: "t" });

test("every request carries a signature over its method, path, body, time and a nonce of its own", async () => {
  const seen: IncomingMessage["headers"][] = [];
  const client = await houseThat((request, response) => {
    seen.push(request.headers);
    response.end(JSON.stringify({ sequence: 1 }));
  });
  await client.marks(1);
  await client.marks(1);
  const [first, second] = seen as [IncomingMessage["headers"], IncomingMessage["headers"]];
  const text = canonicalRequest({
    timestamp: String(first["ballast-timestamp"]),
    nonce: String(first["ballast-nonce"]),
    method: "GET",
    target: "/v1/marks/1",
    bodySha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  });
  expect(first["ballast-key"]).toBe("exchange");
  expect(first["ballast-signature"]).toBe(`v1=${createHmac("sha256", "top").update(text).digest("hex")}`);
  expect(second["ballast-nonce"]).not.toBe(first["ballast-nonce"]);
});

//  what happens first            how
const troubles: readonly (readonly [string, Answer])[] = [
  ["the connection breaks", (request) => request.socket.destroy()],
  ["the house says not now", (_, response) => response.writeHead(503).end(problem(503, "NOT_READY"))],
  ["something else answers", (_, response) => response.writeHead(502).end("<html>bad gateway</html>")],
];
test.each(troubles)("when %s, the call is sent again", async (_, trouble) => {
  const nonces = new Set<unknown>();
  const client = await houseThat((request, response, attempt) => {
    nonces.add(request.headers["ballast-nonce"]);
    if (attempt <= 2) trouble(request, response, attempt);
    else response.end(JSON.stringify({ sequence: 9, status: "SETTLED" }));
  });
  expect((await client.marks(9)).status).toBe("SETTLED");
  expect(nonces.size).toBe(3);
});

test("a no with a reason is an answer and is not asked for again", async () => {
  let attempts = 0;
  const client = await houseThat((_, response, attempt) => {
    attempts = attempt;
    response.writeHead(404).end(problem(404, "SNAPSHOT_UNKNOWN"));
  });
  await expect(client.marks(9)).rejects.toThrow("SNAPSHOT_UNKNOWN (404)");
  expect(attempts).toBe(1);
});

test("patience ends", async () => {
  const away = () => Promise.reject(new ApiAway("http://127.0.0.1:1", undefined));
  await expect(patiently(away, 0)).rejects.toThrow("no whole answer from http://127.0.0.1:1");
});
