import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { OutgoingRequest } from "@ballast/api-contract";
import { EXCHANGE, freshKey, startTestApi, type TestApi, type TestKey, verdict } from "../testing/test-api.js";
import { open } from "../testing/trading-day.js";

/*
 * API-2: replay, tamper, clock. A signature is good for one request, once, within a minute of the server's clock.
 */

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
  await open(api, ["alice", "bob"], "100");
}, 60_000);

afterAll(async () => {
  await api.expectBooksToBalance();
  await api.close();
});

const deposit: OutgoingRequest = {
  method: "POST",
  target: "/v1/accounts/alice/deposits",
  body: '{"asset":"USDC","amount":"1"}',
};

/** Sends `request` with the signature of what was signed. */
function send(signed: Record<string, string>, request: OutgoingRequest = deposit) {
  return api.ask({
    method: request.method,
    target: request.target,
    body: request.body,
    headers: { ...signed, "content-type": "application/json", "idempotency-key": freshKey() },
  });
}

describe("API-2: a signature", () => {
  test("is good once: the same bytes a second time are refused", async () => {
    const signed = api.sign(EXCHANGE, deposit);
    expect(verdict(await send(signed))).toBe("201");
    expect(verdict(await send(signed))).toBe("401 NONCE_REUSED");
  });

  test("a nonce is used up even when the house then says no", async () => {
    const refused = { ...deposit, body: '{"asset":"DOGE","amount":"1"}' };
    const signed = api.sign(EXCHANGE, refused);
    expect(verdict(await send(signed, refused))).toBe("422 ASSET_UNKNOWN");
    expect(verdict(await send(signed, refused))).toBe("401 NONCE_REUSED");
  });

  test("a nonce is not used up by somebody who cannot sign", async () => {
    const nonce = "nonce-of-the-owner-1";
    const stranger: TestKey = { ...EXCHANGE, secret: "x".repeat(32) };
    expect(verdict(await send(api.sign(stranger, deposit, { nonce })))).toBe("401 SIGNATURE_INVALID");
    expect(verdict(await send(api.sign(EXCHANGE, deposit, { nonce })))).toBe("201");
  });

  test("twenty copies at once are one request", async () => {
    const signed = api.sign(EXCHANGE, deposit);
    const verdicts = (await Promise.all(Array.from({ length: 20 }, () => send(signed)))).map(verdict);
    expect(verdicts.filter((one) => one === "201")).toHaveLength(1);
    expect(verdicts.filter((one) => one === "401 NONCE_REUSED")).toHaveLength(19);
  });

  test.each([
    ["the body", { ...deposit, body: '{"asset":"USDC","amount":"9"}' }],
    ["a space in the body", { ...deposit, body: '{"asset":"USDC", "amount":"1"}' }],
    ["the account in the path", { ...deposit, target: "/v1/accounts/bob/deposits" }],
    ["the route", { ...deposit, target: "/v1/accounts/alice/withdrawals" }],
    ["an added query", { ...deposit, target: "/v1/accounts/alice/deposits?x=1" }],
  ])("does not cover another request: %s was changed", async (_case, sent) => {
    expect(verdict(await send(api.sign(EXCHANGE, deposit), sent))).toBe("401 SIGNATURE_INVALID");
  });

  test("covers the order of the query", async () => {
    const signed = api.sign(EXCHANGE, { method: "GET", target: "/v1/accounts?limit=5&sort=id", body: "" });
    const swapped = await api.ask({ method: "GET", target: "/v1/accounts?sort=id&limit=5", headers: signed });
    expect(verdict(swapped)).toBe("401 SIGNATURE_INVALID");
  });

  test.each([
    ["a minute old", -60_000, "201"],
    ["a minute ahead", 60_000, "201"],
    ["a millisecond older", -60_001, "401 TIMESTAMP_OUTSIDE_WINDOW"],
    ["a millisecond further ahead", 60_001, "401 TIMESTAMP_OUTSIDE_WINDOW"],
  ])("that is %s", async (_case, offset, expected) => {
    expect(verdict(await send(api.sign(EXCHANGE, deposit, { timestamp: String(api.now() + offset) })))).toBe(expected);
  });

  test("cannot be used again after its window either", async () => {
    const signed = api.sign(EXCHANGE, deposit);
    expect(verdict(await send(signed))).toBe("201");
    api.advance(60_001);
    expect(verdict(await send(signed))).toBe("401 TIMESTAMP_OUTSIDE_WINDOW");
  });

  test.each([
    ["no key", "ballast-key", undefined, "401 SIGNATURE_MISSING"],
    ["no timestamp", "ballast-timestamp", undefined, "401 SIGNATURE_MISSING"],
    ["no nonce", "ballast-nonce", undefined, "401 SIGNATURE_MISSING"],
    ["no signature", "ballast-signature", undefined, "401 SIGNATURE_MISSING"],
    ["a key nobody has", "ballast-key", "nobody", "401 SIGNATURE_INVALID"],
    ["an unsigned version", "ballast-signature", "none", "401 SIGNATURE_INVALID"],
    ["an empty signature", "ballast-signature", "v1=", "401 SIGNATURE_INVALID"],
    ["zeros", "ballast-signature", `v1=${"0".repeat(64)}`, "401 SIGNATURE_INVALID"],
  ])("with %s", async (_case, header, value, expected) => {
    const { [header]: _taken, ...others } = api.sign(EXCHANGE, deposit);
    expect(verdict(await send(value === undefined ? others : { ...others, [header]: value }))).toBe(expected);
  });

  test("of a disabled key is worth nothing", async () => {
    const made = await api.client().newApiKey(freshKey(), "alice", { scopes: ["account:read"] });
    const key: TestKey = { id: made.id, secret: made.secret ?? "" };
    const read = { method: "GET", target: "/v1/accounts/alice" };
    expect(verdict(await api.askAs(key, read))).toBe("200");
    await api.store.disableApiKey(key.id);
    expect(verdict(await api.askAs(key, read))).toBe("401 SIGNATURE_INVALID");
  });

  test("is refused for an unknown key and a wrong secret in the same words", async () => {
    const wrong = await send(api.sign({ ...EXCHANGE, secret: "x".repeat(32) }, deposit));
    const unknown = await send(api.sign({ id: "nobody", secret: "x".repeat(32) }, deposit));
    const words = (text: string) => ({ ...JSON.parse(text), traceId: "" });
    expect(words(wrong.text)).toEqual(words(unknown.text));
  });
});
