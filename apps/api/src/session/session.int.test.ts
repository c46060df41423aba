import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { SESSION_AGE_MS_MAX, SESSION_IDLE_MS } from "../config.js";
import { ADMIN, startTestApi, type TestApi, verdict } from "../testing/test-api.js";

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
}, 60_000);

afterAll(async () => {
  await api.expectBooksToBalance();
  await api.close();
});

function signIn(credentials: object = ADMIN, headers: Record<string, string> = {}) {
  return api.ask({
    method: "POST",
    target: "/v1/admin/session",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(credentials),
  });
}

async function cookieOf(answered: Promise<{ headers: Readonly<Record<string, unknown>> }>): Promise<string> {
  return String((await answered).headers["set-cookie"]).split(";")[0] ?? "";
}

const look = (cookie: string, target = "/v1/admin/session") => api.ask({ method: "GET", target, headers: { cookie } });

describe("a console session", () => {
  test("begins with the right password, in a cookie that neither scripts nor other sites get", async () => {
    const answered = await signIn();
    expect(answered.json).toMatchObject({ name: "admin", role: "admin" });
    const cookie = String(answered.headers["set-cookie"]);
    expect(cookie).toMatch(/^ballast_session=[A-Za-z0-9_-]{43}; Path=\/; Expires=.*; HttpOnly; SameSite=Strict$/);
    expect(verdict(await look(cookie.split(";")[0] ?? ""))).toBe("200");
  });

  test("travels over TLS only when the house is behind TLS", async () => {
    const secure = await startTestApi({ BALLAST_COOKIE_SECURE: "true" });
    const answered = await secure.ask({
      method: "POST",
      target: "/v1/admin/session",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(ADMIN),
    });
    expect(String(answered.headers["set-cookie"])).toContain("; Secure");
    await secure.expectBooksToBalance();
    await secure.close();
  });

  test("reads the house and changes nothing", async () => {
    const cookie = await cookieOf(signIn());
    expect(verdict(await look(cookie, "/v1/accounts"))).toBe("200");
    const deposit = await api.ask({
      method: "POST",
      target: "/v1/accounts/house.treasury/deposits",
      headers: {
        cookie,
        origin: "http://console.test",
        "content-type": "application/json",
        "idempotency-key": "console-1",
      },
      body: '{"asset":"USDC","amount":"1"}',
    });
    expect(verdict(deposit)).toBe("403 SCOPE_INSUFFICIENT");
  });

  test("is nothing that can be guessed, and not stored as it was given", async () => {
    expect(verdict(await look(`ballast_session=${"A".repeat(43)}`))).toBe("401 SESSION_REQUIRED");
    expect(verdict(await look("ballast_session="))).toBe("401 SESSION_REQUIRED");
    const token = (await cookieOf(signIn())).split("=")[1] ?? "";
    expect(await api.store.session(token, api.now())).toBeNull();
  });

  test("ends half an hour after the last request, and no sooner", async () => {
    const cookie = await cookieOf(signIn());
    api.advance(SESSION_IDLE_MS - 1000);
    expect(verdict(await look(cookie))).toBe("200");
    api.advance(SESSION_IDLE_MS - 1000);
    expect(verdict(await look(cookie))).toBe("200");
    api.advance(SESSION_IDLE_MS + 1000);
    expect(verdict(await look(cookie))).toBe("401 SESSION_REQUIRED");
  });

  test("ends twelve hours after sign-in, however busy", async () => {
    const cookie = await cookieOf(signIn());
    const end = api.now() + SESSION_AGE_MS_MAX;
    while (api.now() + SESSION_IDLE_MS / 2 < end) {
      api.advance(SESSION_IDLE_MS / 2);
      expect([end - api.now(), verdict(await look(cookie))]).toEqual([end - api.now(), "200"]);
    }
    api.advance(SESSION_IDLE_MS / 2);
    expect(verdict(await look(cookie))).toBe("401 SESSION_REQUIRED");
  });

  test("ends when it is told to, from a page of ours", async () => {
    const cookie = await cookieOf(signIn());
    const signOut = (origin: Record<string, string>) =>
      api.ask({ method: "DELETE", target: "/v1/admin/session", headers: { cookie, ...origin } });
    expect(verdict(await signOut({}))).toBe("403 ORIGIN_FORBIDDEN");
    expect(verdict(await signOut({ origin: "http://evil.test" }))).toBe("403 ORIGIN_FORBIDDEN");
    expect(verdict(await signOut({ origin: "null" }))).toBe("403 ORIGIN_FORBIDDEN");
    expect(verdict(await look(cookie))).toBe("200");
    const ended = await signOut({ origin: "http://console.test" });
    expect(verdict(ended)).toBe("200");
    expect(String(ended.headers["set-cookie"])).toMatch(/^ballast_session=; .*Expires=Thu, 01 Jan 1970/);
    expect(verdict(await look(cookie))).toBe("401 SESSION_REQUIRED");
  });

  test("does not begin from another site's page", async () => {
    expect(verdict(await signIn(ADMIN, { origin: "http://evil.test" }))).toBe("403 ORIGIN_FORBIDDEN");
    expect(verdict(await signIn(ADMIN, { origin: "http://console.test" }))).toBe("201");
    expect(verdict(await signIn(ADMIN, { origin: "http://localhost", host: "localhost" }))).toBe("201");
  });
});

describe("guessing", () => {
  test("a wrong name and a wrong password get the same words", async () => {
    const words = async (credentials: object) => {
      const answered = await signIn(credentials);
      return { ...(answered.json as object), traceId: "" };
    };
    const name = await words({ name: "root", password: "wrong-wrong" });
    const password = await words({ name: "admin", password: "wrong-wrong" });
    expect(name).toMatchObject({ status: 401, code: "CREDENTIALS_INVALID" });
    expect(password).toEqual(name);
    await signIn();
  });

  test("the sixth attempt waits, even with the right password, and eight at once are not eight guesses", async () => {
    const guesses = await Promise.all(
      Array.from({ length: 8 }, (_, at) => signIn({ name: "admin", password: `guess-${at}-guess` })),
    );
    const verdicts = guesses.map(verdict);
    expect(verdicts.filter((one) => one === "401 CREDENTIALS_INVALID")).toHaveLength(5);
    const limited = await signIn();
    expect(verdict(limited)).toBe("429 SIGN_IN_LIMITED");
    expect(Number.parseInt(String(limited.headers["retry-after"]), 10)).toBeGreaterThan(0);
    api.advance(15 * 60_000);
    expect(verdict(await signIn())).toBe("201");
  });
});
