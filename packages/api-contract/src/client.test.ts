import { describe, expect, test } from "@jest/globals";
import { createClient, type OutgoingRequest, ProblemAnswer, UnreadableAnswer } from "./client.js";

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly credentials?: string;
}

function talkingTo(status: number, text: string, signed = true) {
  const sent: Sent[] = [];
  const signings: OutgoingRequest[] = [];
  const client = createClient({
    baseUrl: "http://api.test",
    fetch: (url, init) => {
      sent.push({ url, ...init });
      return Promise.resolve({ status, headers: { get: () => null }, text: () => Promise.resolve(text) });
    },
    ...(signed
      ? {
          sign: (request: OutgoingRequest) => {
            signings.push(request);
            return { "ballast-key": "k1" };
          },
        }
      : {}),
  });
  return { client, sent, signings };
}

const PROBLEM = {
  type: "/problems/BALANCE_INSUFFICIENT",
  title: "balance insufficient",
  status: 409,
  detail: "The balance of this asset is too small.",
  instance: "/v1/accounts/alice/withdrawals",
  code: "BALANCE_INSUFFICIENT",
  traceId: "t-1",
  facts: { asset: "BTC", balance: "1", required: "2" },
};

describe("client", () => {
  test("what is signed is what is sent: method, target with query, body", async () => {
    const { client, sent, signings } = talkingTo(200, '{"data":[],"page":{"nextCursor":null,"hasMore":false}}');
    await client.accounts({ state: "LIQUIDATABLE", sort: "usage", limit: 50, cursor: undefined });
    expect(sent[0]?.url).toBe("http://api.test/v1/accounts?state=LIQUIDATABLE&sort=usage&limit=50");
    expect(signings).toEqual([
      { method: "GET", target: "/v1/accounts?state=LIQUIDATABLE&sort=usage&limit=50", body: "" },
    ]);
    expect(sent[0]?.headers["ballast-key"]).toBe("k1");
    expect(sent[0]?.body).toBeUndefined();
  });

  test("a command carries its idempotency key and JSON", async () => {
    const { client, sent } = talkingTo(201, "{}");
    await client.withdraw("w-1", "alice", { asset: "BTC", amount: "0.5" });
    expect(sent[0]).toMatchObject({
      url: "http://api.test/v1/accounts/alice/withdrawals",
      method: "POST",
      body: '{"asset":"BTC","amount":"0.5"}',
      headers: { "idempotency-key": "w-1", "content-type": "application/json" },
    });
  });

  test("without a signature the page's cookie speaks", async () => {
    const { client, sent } = talkingTo(200, "{}", false);
    await client.session();
    expect(sent[0]?.credentials).toBe("same-origin");
  });

  test("a no is thrown with its code and facts", async () => {
    const { client } = talkingTo(409, JSON.stringify(PROBLEM));
    const refused = client.withdraw("w-1", "alice", { asset: "BTC", amount: "2" });
    await expect(refused).rejects.toBeInstanceOf(ProblemAnswer);
    await expect(refused).rejects.toMatchObject({ status: 409, code: "BALANCE_INSUFFICIENT", problem: PROBLEM });
  });

  test.each([
    ["a proxy's page", 502, "<html>Bad gateway</html>"],
    ["JSON that is no problem document", 500, '{"message":"oops"}'],
    ["nothing at all", 200, ""],
  ])("%s is unreadable, not an answer", async (_case, status, text) => {
    const { client } = talkingTo(status, text);
    await expect(client.summary()).rejects.toBeInstanceOf(UnreadableAnswer);
  });

  test("not ready is an answer", async () => {
    const { client } = talkingTo(503, '{"status":"not-ready","checks":[]}');
    await expect(client.ready()).resolves.toEqual({ status: "not-ready", checks: [] });
  });
});
