import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type NewApiKeyRequest, ROUTE_LIST, type Route } from "@ballast/api-contract";
import {
  ADMIN,
  type Answered,
  EXCHANGE,
  freshKey,
  problemOf,
  startTestApi,
  type TestApi,
  type TestKey,
  verdict,
} from "../testing/test-api.js";
import { DOCS_PATH } from "../http/server.js";
import { marks, open, publish } from "../testing/trading-day.js";

/*
 * API-3: somebody else's account. The matrix is made from the router itself: whatever the process answers at, every
 * kind of caller asks there, for its own account, its sub-account, somebody else's, and one that does not exist.
 */

let api: TestApi;
let cookie: string;
const keys = new Map<string, TestKey>();

const SCOPES: NewApiKeyRequest["scopes"] = ["account:read", "account:withdraw", "account:transfer", "auction:bid"];

beforeAll(async () => {
  api = await startTestApi();
  await open(api, ["alice", "alice/sub", "mallory", "mallory/sub"], "1000");
  await publish(api, 1, "8000");
  for (const account of ["alice", "alice.sub"]) {
    for (const scope of SCOPES) {
      const made = await api.client().newApiKey(freshKey(), account, { scopes: [scope] });
      keys.set(`${account} ${scope}`, { id: made.id, secret: made.secret ?? "" });
    }
  }
  const signedIn = await api.ask({
    method: "POST",
    target: "/v1/admin/session",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(ADMIN),
  });
  cookie = String(signedIn.headers["set-cookie"]).split(";")[0] ?? "";
}, 60_000);

afterAll(async () => {
  await api.expectBooksToBalance();
  await api.close();
});

/** Every method and address that the process answers at, as the router itself prints them. */
function routerTable(): string[] {
  const fastify = api.app.getHttpAdapter().getInstance() as unknown as { printRoutes(o: object): string };
  const table: string[] = [];
  const stack: string[] = [];
  for (const line of fastify.printRoutes({ commonPrefix: false }).split("\n")) {
    const branch = /^([│ ]*)(?:└── |├── )(.*?)(?: \(([A-Z, ]+)\))?$/u.exec(line);
    if (branch === null) continue;
    const depth = (branch[1] ?? "").length / 4;
    stack.length = depth;
    stack.push(branch[2] ?? "");
    for (const method of (branch[3] ?? "").split(", ").filter((name) => name !== "")) {
      table.push(`${method} ${stack.join("")}`);
    }
  }
  return table;
}

const BODIES: Readonly<Record<string, (account: string) => object>> = {
  openAccounts: () => ({ accounts: [{ id: freshKey("acct"), kind: "USER", name: "New", parent: null }] }),
  newApiKey: () => ({ scopes: ["account:read"] }),
  deposit: () => ({ asset: "USDC", amount: "1" }),
  deposits: (account) => ({ deposits: [{ account, asset: "USDC", amount: "1", key: freshKey() }] }),
  withdraw: () => ({ asset: "USDC", amount: "1" }),
  transfer: (account) => ({ from: account, to: `${account}.sub`, asset: "USDC", amount: "1" }),
  fills: () => ({ fills: [] }),
  publishMarks: () => marks(api, 1, "8000"),
};

function askRoute(route: Route & { name: string }, account: string, headers: Record<string, string>, key?: TestKey) {
  const target = route.path.replace(":account", account).replace(":sequence", "1").replace(":epoch", "1");
  const body = BODIES[route.name];
  const asked = { method: route.method, target, body: body === undefined ? undefined : JSON.stringify(body(account)) };
  if (key !== undefined) return api.askAs(key, { ...asked, headers });
  const json = body === undefined ? {} : { "content-type": "application/json", "idempotency-key": freshKey() };
  return api.ask({ ...asked, headers: { ...json, ...headers } });
}

/** Did the guard let it in? What the house then says to it is another matter. */
function wasLetIn(answered: Answered): boolean {
  if (answered.status < 400) return true;
  const { code } = problemOf(answered);
  return !["SIGNATURE_MISSING", "SESSION_REQUIRED", "SCOPE_INSUFFICIENT", "ACCOUNT_FORBIDDEN"].includes(code);
}

const guarded = ROUTE_LIST.filter((route) => !route.access.anyone);

describe("API-3: the router", () => {
  test("answers at the addresses of the contract, at those of its documentation, and nowhere else", () => {
    const documentation = (address: string) => address.split(" ")[1]?.startsWith(DOCS_PATH) === true;
    const answered = routerTable().filter((address) => !documentation(address));
    expect([...new Set(answered)].sort()).toEqual(ROUTE_LIST.map(({ method, path }) => `${method} ${path}`).sort());
  });

  test("reads nothing but GET where the documentation is", () => {
    const documentation = routerTable().filter((address) => address.includes(` ${DOCS_PATH}`));
    expect(documentation.length).toBeGreaterThan(2);
    expect(documentation.filter((address) => !/^(GET|HEAD) /.test(address))).toEqual([]);
  });
});

describe.each(guarded.map((route) => [`${route.method} ${route.path}`, route] as const))(
  "API-3: %s",
  (_name, route) => {
    const bound: readonly string[] = route.access.scopes.filter((scope) => scope !== "exchange");

    test("lets nobody in without a signature or a session", async () => {
      const answered = await askRoute(route, "alice", {});
      expect([401, wasLetIn(answered)]).toEqual([answered.status, false]);
    });

    test("lets the exchange in as the contract says", async () => {
      const answered = await askRoute(route, "alice", {}, EXCHANGE);
      expect(wasLetIn(answered)).toBe(route.access.scopes.includes("exchange"));
    });

    test("lets a console session in as the contract says", async () => {
      if (route.name === "signOut") return expect(route.access.session).toBe(true);
      const answered = await askRoute(route, "alice", { cookie, origin: "http://console.test" });
      expect([answered.status === 403, wasLetIn(answered)]).toEqual([!route.access.session, route.access.session]);
    });

    test("asks a session that would change something for a page of ours", async () => {
      if (route.method === "GET") return expect(route.idempotent).toBe(false);
      const answered = await askRoute(route, "alice", { cookie, origin: "http://evil.test" });
      expect(verdict(answered)).toBe("403 ORIGIN_FORBIDDEN");
    });

    test.each(SCOPES)("a key of alice with %s", async (scope) => {
      const key = keys.get(`alice ${scope}`);
      const scoped = bound.includes(scope);
      const named = route.access.subject !== "none";
      const expected = {
        own: scoped,
        sub: scoped && (!named || route.access.subject === "path"),
        other: scoped && !named,
        absent: scoped && !named,
      };
      const answers = {
        own: wasLetIn(await askRoute(route, "alice", {}, key)),
        // A transfer from the sub-account goes on to `alice.sub.sub`, which is not hers.
        sub: wasLetIn(await askRoute(route, "alice.sub", {}, key)),
        other: wasLetIn(await askRoute(route, "mallory", {}, key)),
        absent: wasLetIn(await askRoute(route, "nobody", {}, key)),
      };
      expect(answers).toEqual(expected);
    });

    test.each(SCOPES)("a key of alice's sub-account with %s does not reach up", async (scope) => {
      const key = keys.get(`alice.sub ${scope}`);
      const named = route.access.subject !== "none";
      const answered = await askRoute(route, "alice", {}, key);
      expect(wasLetIn(answered)).toBe(bound.includes(scope) && !named);
    });
  },
);

describe("API-3: what an answer gives away", () => {
  test("somebody else's account and one that does not exist are refused in the same words", async () => {
    const key = keys.get("alice account:read");
    for (const tail of ["", "/margin", "/positions", "/ledger", "/liquidations"]) {
      const words = async (account: string) => {
        const answered = await api.askAs(key as TestKey, { method: "GET", target: `/v1/accounts/${account}${tail}` });
        return { ...problemOf(answered), traceId: "", instance: "" };
      };
      expect([tail, await words("mallory")]).toEqual([tail, await words("nobody")]);
    }
  });

  test.each([
    ["from mallory to alice", { from: "mallory", to: "alice" }],
    ["from alice to mallory", { from: "alice", to: "mallory" }],
    ["from mallory's sub to alice's", { from: "mallory.sub", to: "alice.sub" }],
    ["from a list", { from: ["alice"], to: "alice.sub" }],
    ["from a path", { from: "../alice", to: "alice.sub" }],
    ["from nobody", { to: "alice.sub" }],
  ])("a transfer %s is not hers to ask for", async (_case, ends) => {
    const body = JSON.stringify({ ...ends, asset: "USDC", amount: "1" });
    const answered = await api.askAs(keys.get("alice account:transfer") as TestKey, {
      method: "POST",
      target: "/v1/transfers",
      body,
    });
    expect(verdict(answered)).toBe("403 ACCOUNT_FORBIDDEN");
  });

  test("a key's secret is shown once: a replay tells the id and no secret", async () => {
    const key = freshKey();
    const first = await api.client().newApiKey(key, "alice", { scopes: ["account:read"] });
    const again = await api.client().newApiKey(key, "alice", { scopes: ["account:read"] });
    expect(first.secret).toMatch(/^[0-9a-f]{64}$/);
    expect(again).toEqual({ ...first, secret: null });
  });

  test("no secret lies in the database as it was shown", async () => {
    const made = await api.client().newApiKey(freshKey(), "alice", { scopes: ["account:read"] });
    const stored = await api.store.apiKey(made.id);
    expect(stored?.secretEncrypted).toMatch(/^v1\./);
    expect(stored?.secretEncrypted).not.toContain(made.secret);
  });
});
