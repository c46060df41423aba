import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { DatabaseUnavailable, LockTimedOut } from "@ballast/store";
import { Events } from "../events.js";
import { EXCHANGE, problemOf, startTestApi, type TestApi, verdict } from "../testing/test-api.js";

/*
 * Our own faults, planted at the store's door: what the client gets, and what the log gets.
 */

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
}, 60_000);

afterEach(() => {
  jest.restoreAllMocks();
});

afterAll(async () => {
  await api.expectBooksToBalance();
  await api.close();
});

const ask = () => api.askAs(EXCHANGE, { method: "GET", target: "/v1/summary" });

describe("a fault of ours", () => {
  test("leaves with its id and nothing else, and is logged once under that id", async () => {
    const logged = jest.spyOn(api.app.get(Events), "requestFailed");
    const fault = new Error("password=hunter2 at /srv/secret.ts:1:1");
    jest.spyOn(api.store, "summary").mockRejectedValueOnce(fault);
    const answered = await ask();
    expect(verdict(answered)).toBe("500 INTERNAL");
    expect(answered.text).not.toMatch(/hunter2|secret|Error/);
    expect(logged.mock.calls).toEqual([[problemOf(answered).traceId, "GET", "/v1/summary", fault]]);
  });

  test.each([
    ["undefined", undefined],
    ["null", null],
    ["text", "boom"],
    ["an object that claims a status", { statusCode: 200 }],
  ])("that is %s is a fault all the same", async (_case, thrown) => {
    jest.spyOn(api.store, "summary").mockRejectedValueOnce(thrown);
    expect(verdict(await ask())).toBe("500 INTERNAL");
  });

  test.each([
    ["the database is away", new DatabaseUnavailable(null, new Error("ECONNREFUSED"))],
    ["somebody holds a lock", new LockTimedOut("55P03", new Error("lock"))],
  ])("that passes is told as one: %s", async (_case, fault) => {
    jest.spyOn(api.store, "summary").mockRejectedValueOnce(fault);
    const answered = await ask();
    expect(verdict(answered)).toBe("503 DATABASE_UNAVAILABLE");
    expect(answered.headers["retry-after"]).toBe("1");
  });

  test("without its database the house is alive and not ready", async () => {
    const away = new DatabaseUnavailable(null, new Error("ECONNREFUSED"));
    jest.spyOn(api.store, "ping").mockRejectedValueOnce(away);
    jest.spyOn(api.store, "latestSnapshot").mockRejectedValueOnce(away);
    const ready = await api.ask({ method: "GET", target: "/health/ready" });
    expect([ready.status, ready.json]).toEqual([503, expect.objectContaining({ status: "not-ready" })]);
    expect((await api.ask({ method: "GET", target: "/health/live" })).status).toBe(200);
  });

  test("a key whose secret was written by another vault is our fault, not the caller's", async () => {
    await api.store.ensureApiKey(
      { id: "moved", account: null, scopes: ["exchange"], secretEncrypted: "v1.AAAA" },
      api.now(),
    );
    const answered = await api.askAs({ id: "moved", secret: "x" }, { method: "GET", target: "/v1/summary" });
    expect(verdict(answered)).toBe("500 INTERNAL");
  });
});
