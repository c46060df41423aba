import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ROUTE_LIST } from "@ballast/api-contract";
import { Validator } from "@seriousme/openapi-schema-validator";
import { EXCHANGE, freshKey, problemOf, startTestApi, type TestApi, verdict } from "./testing/test-api.js";
import { fill, marks, open, publish } from "./testing/trading-day.js";

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
}, 60_000);

afterAll(async () => {
  await api.expectBooksToBalance();
  await api.close();
});

const get = (target: string, headers: Record<string, string> = {}) =>
  api.askAs(EXCHANGE, { method: "GET", target, headers });

describe("health", () => {
  test("alive at once; ready when the database answers, marks are known and the books were seen to balance", async () => {
    await expect(api.client().live()).resolves.toEqual({ status: "live" });
    await api.client().ledgerCheck();
    const before = await api.client().ready();
    expect(before.status).toBe("not-ready");
    expect(before.checks.filter((check) => !check.ok).map((check) => check.name)).toEqual(["marks"]);
    await publish(api, 1, "8000");
    expect((await api.client().ready()).status).toBe("ready");
  });

  test("not ready once the last look at the books is too old", async () => {
    api.advance(3 * api.config.ledgerCheckMs + 1000);
    const late = await api.client().ready();
    expect(late.checks.filter((check) => !check.ok).map((check) => check.name)).toEqual(["ledger"]);
    await api.client().ledgerCheck();
    expect((await api.client().ready()).status).toBe("ready");
  });
});

describe("a day at the exchange", () => {
  test("from an empty house to a margin answer that names its snapshot", async () => {
    const exchange = api.client();
    await open(api, ["alice", "bob", "alice/hedge"], "1000");
    await exchange.fills(freshKey(), { fills: [fill(api, { buyer: "alice", seller: "bob" })] });
    const margin = await exchange.margin("alice");
    expect(margin.snapshot).toEqual({
      marksSequence: 1,
      parametersVersion: 1,
      ledgerSequence: 4,
      engineVersion: "standard-cross-1",
    });
    expect(margin).toMatchObject({
      state: "HEALTHY",
      equity: "1000",
      netValue: "1000",
      initialMargin: "16",
      maintenanceMargin: "8",
      availableMargin: "984",
      marginUsage: "0.008",
      collateral: [{ asset: "USDC", balance: "1000", haircutValue: "1000", value: "1000" }],
      positions: [{ instrument: "BTC_USDC-PERPETUAL", quantity: "100", entryCash: "-800", notional: "800" }],
    });
    const { positions, snapshot } = await exchange.positions("alice");
    expect([positions, snapshot]).toEqual([margin.positions, margin.snapshot]);
  });

  test("one account: what it holds and whose it is", async () => {
    await expect(api.client().account("alice.hedge")).resolves.toMatchObject({
      id: "alice.hedge",
      parent: "alice",
      relatives: ["alice", "alice.hedge"],
      balances: [{ asset: "USDC", amount: "1000" }],
      positions: [],
      frozen: false,
      openCase: null,
    });
  });

  test("accounts are opened all or none", async () => {
    const named = (id: string, parent: string | null = null) => ({ id, kind: "USER" as const, name: id, parent });
    const opening = (...accounts: ReturnType<typeof named>[]) => api.client().openAccounts(freshKey(), { accounts });
    await expect(opening(named("carol"), named("alice"))).rejects.toMatchObject({ code: "ACCOUNT_EXISTS" });
    await expect(opening(named("carol"), named("carol.a", "dave"))).rejects.toMatchObject({ code: "ACCOUNT_UNKNOWN" });
    await expect(api.client().account("carol")).rejects.toMatchObject({ code: "ACCOUNT_UNKNOWN", status: 404 });
    await expect(opening(named("carol"), named("carol.a", "carol"))).resolves.toEqual({ opened: 2 });
  });

  test("nobody opens an account of the house", async () => {
    const accounts = [{ id: "fund-2", kind: "INSURANCE_FUND", name: "Mine", parent: null }];
    const answered = await api.askAs(EXCHANGE, {
      method: "POST",
      target: "/v1/accounts",
      body: JSON.stringify({ accounts }),
    });
    expect(verdict(answered)).toBe("422 REQUEST_INVALID");
  });

  test("marks: the newest counts, an older one is refused, each can be read again with its status", async () => {
    const at = marks(api, 5, "8100");
    await expect(api.client().publishMarks(freshKey(), at)).resolves.toEqual({ sequence: 5, status: "NEW" });
    const older = api.client().publishMarks(freshKey(), marks(api, 4, "8000"));
    await expect(older).rejects.toMatchObject({
      code: "MARKS_OUT_OF_ORDER",
      problem: { facts: { received: 4, latest: 5 } },
    });
    await expect(api.client().latestMarks()).resolves.toEqual({ ...at, status: "NEW", frozen: [] });
    await expect(api.client().marks(1)).resolves.toMatchObject({
      sequence: 1,
      markPrices: { "BTC-PERPETUAL": "8000" },
    });
    await expect(api.client().marks(2)).rejects.toMatchObject({ code: "SNAPSHOT_UNKNOWN", status: 404 });
  });

  //  what the snapshot leaves out
  test.each([
    ["indexPrices", "BTC"],
    ["markPrices", "ETH-PERPETUAL"],
    ["depths", "BTC_USDC-26JUN20"],
  ] as const)("marks that lack a price are refused, and what lacks it is named: %s of %s", async (prices, of) => {
    const whole = marks(api, 6, "8000");
    const { [of]: _left, ...rest } = whole[prices];
    const published = api.client().publishMarks(freshKey(), { ...whole, [prices]: rest });
    await expect(published).rejects.toMatchObject({ code: "PRICE_MISSING", status: 409, problem: { facts: { of } } });
    await expect(api.client().latestMarks()).resolves.toMatchObject({ sequence: 5 });
  });

  test("the house shows its parameters, instruments, fund and figures", async () => {
    const exchange = api.client();
    expect((await exchange.instruments()).data.map((instrument) => instrument.id)).toEqual([
      "BTC-PERPETUAL",
      "BTC_USDC-26JUN20",
      "BTC_USDC-PERPETUAL",
      "ETH-PERPETUAL",
      "ETH_USDC-PERPETUAL",
    ]);
    expect((await exchange.riskParameters()).version).toBe(1);
    await exchange.deposit(freshKey(), "house.insurance-fund", { asset: "USDC", amount: "1000000" });
    await expect(exchange.insuranceFund()).resolves.toMatchObject({
      account: "house.insurance-fund",
      balances: [{ asset: "USDC", amount: "1000000" }],
      firstBalances: [{ asset: "USDC", amount: "0" }],
    });
    await expect(exchange.summary()).resolves.toMatchObject({
      marks: { latest: 5, settled: null },
      cases: { open: 0 },
    });
    const check = await exchange.ledgerCheck();
    expect(check).toMatchObject({ balanced: true, brokenChains: [], projectionDifferences: [] });
    expect(check.openInterest).toEqual([{ instrument: "BTC_USDC-PERPETUAL", contracts: "100", net: "0" }]);
  });

  test("who did what is told with actor, action and account", async () => {
    await api.client().deposit(freshKey("told"), "bob", { asset: "USDC", amount: "1" });
    const { data } = await api.client().audit({ limit: 1 });
    expect(data).toMatchObject([{ actor: "key:exchange", action: "deposit", account: "bob" }]);
  });
});

describe("lists", () => {
  test("pages join to the whole list, in order, without gaps or doubles", async () => {
    const names = Array.from({ length: 23 }, (_, at) => `page-${String(at).padStart(2, "0")}`);
    await open(api, names, "1");
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await api.client().accounts({ limit: 7, cursor });
      seen.push(...page.data.map((account) => account.id));
      expect(page.page.hasMore).toBe(page.page.nextCursor !== null);
      cursor = page.page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual([...seen].sort());
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(names));
  });

  test("by usage, the account nearest to liquidation comes first", async () => {
    await publish(api, 6, "7900");
    await api.store.scanSnapshot(6);
    const { data } = await api.client().accounts({ sort: "usage", limit: 3 });
    expect(data[0]?.id).toBe("alice");
    expect((await api.client().accounts({ state: "HEALTHY", kind: "USER", limit: 1 })).data).toHaveLength(1);
    expect((await api.client().accounts({ state: "BANKRUPT" })).data).toEqual([]);
  });

  test("a statement pages back to the first posting", async () => {
    const first = await api.client().ledger("alice", { limit: 3 });
    const rest = await api.client().ledger("alice", { limit: 100, cursor: first.page.nextCursor ?? "" });
    const rows = [...first.data, ...rest.data];
    expect(rows.map((row) => row.sequence)).toEqual(Array.from({ length: rows.length }, (_, at) => rows.length - at));
    expect(rows.at(-1)).toMatchObject({ sequence: 1, amount: "1000", book: "collateral", balanceAfter: "1000" });
  });

  test.each([
    ["made up", (cursor: string) => `/v1/accounts?limit=2&cursor=${cursor.slice(0, -2)}AA`],
    ["of another filter", (cursor: string) => `/v1/accounts?limit=2&kind=USER&cursor=${cursor}`],
    ["of another order", (cursor: string) => `/v1/accounts?limit=2&sort=usage&cursor=${cursor}`],
    ["of another list", (cursor: string) => `/v1/audit?cursor=${cursor}`],
    ["of somebody's statement", (cursor: string) => `/v1/accounts/alice/ledger?cursor=${cursor}`],
  ])("a cursor %s is refused", async (_case, target) => {
    const { page } = await api.client().accounts({ limit: 2 });
    expect(verdict(await get(target(page.nextCursor ?? "")))).toBe("422 CURSOR_INVALID");
  });

  test.each(["0", "501", "-1", "1e2", "0x10", "5.0", "", "٣"])("a limit of %j is refused", async (limit) => {
    expect(verdict(await get(`/v1/accounts?limit=${encodeURIComponent(limit)}`))).toBe("422 REQUEST_INVALID");
  });

  test.each([
    ["a parameter twice", "/v1/accounts?limit=1&limit=2"],
    ["a parameter nobody knows", "/v1/accounts?limits=1"],
    ["a state nobody is in", "/v1/accounts?state=HAPPY"],
  ])("%s is refused", async (_case, target) => {
    expect(verdict(await get(target))).toBe("422 REQUEST_INVALID");
  });
});

describe("reads carry the digest of what they say", () => {
  test("who has it already gets 304 and nothing else; who has another gets it anew", async () => {
    const first = await get("/v1/accounts/alice/margin");
    const tag = String(first.headers["etag"]);
    const again = await get("/v1/accounts/alice/margin", { "if-none-match": tag });
    expect([again.status, again.text, again.headers["etag"]]).toEqual([304, "", tag]);
    await api.client().deposit(freshKey(), "alice", { asset: "USDC", amount: "1" });
    const changed = await get("/v1/accounts/alice/margin", { "if-none-match": tag });
    expect(changed.status).toBe(200);
    expect(changed.headers["etag"]).not.toBe(tag);
    expect(changed.headers["cache-control"]).toBe("private, no-cache");
  });
});

describe("every no is a problem document", () => {
  test.each([
    ["an address that is not there", "GET", "/v1/nothing", "404 ROUTE_UNKNOWN"],
    ["the root", "GET", "/", "404 ROUTE_UNKNOWN"],
    ["a file outside", "GET", "/docs/../../etc/passwd", "404 ROUTE_UNKNOWN"],
    ["a file outside, encoded", "GET", "/docs/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "404 ROUTE_UNKNOWN"],
    ["another method", "PUT", "/v1/accounts", "405 METHOD_NOT_ALLOWED"],
    ["a HEAD", "HEAD", "/v1/accounts", "405 METHOD_NOT_ALLOWED"],
    ["an escape that is none", "GET", "/v1/%zz", "400 REQUEST_MALFORMED"],
    ["an id of 200 characters", "GET", `/v1/accounts/${"a".repeat(200)}`, "400 REQUEST_MALFORMED"],
    ["an id that is none", "GET", "/v1/accounts/a%20b", "422 REQUEST_INVALID"],
    ["an id that climbs", "GET", "/v1/accounts/..%2fbob", "422 REQUEST_INVALID"],
    ["an epoch that is none", "GET", "/v1/liquidations/alice/1e3", "422 REQUEST_INVALID"],
    ["a liquidation that is not", "GET", "/v1/liquidations/alice/9", "404 CASE_UNKNOWN"],
    ["a statement of nobody", "GET", "/v1/accounts/nobody/ledger", "404 ACCOUNT_UNKNOWN"],
  ])("%s", async (_case, method, target, expected) => {
    const answered = await api.askAs(EXCHANGE, { method, target });
    if (method === "HEAD") expect(answered.status).toBe(405);
    else expect(verdict(answered)).toBe(expected);
  });

  test.each([
    ["text", "text/plain"],
    ["a form", "application/x-www-form-urlencoded"],
    ["XML", "application/xml"],
    ["parts", "multipart/form-data; boundary=x"],
    ["nothing", ""],
  ])("a body of %s", async (_case, type) => {
    const body = '{"asset":"USDC","amount":"1"}';
    const target = "/v1/accounts/alice/deposits";
    const headers = { "content-type": type };
    expect(verdict(await api.askAs(EXCHANGE, { method: "POST", target, body, headers }))).toBe(
      "415 CONTENT_TYPE_UNSUPPORTED",
    );
  });

  test("an address that answers other methods says which", async () => {
    const answered = await api.ask({ method: "DELETE", target: "/v1/accounts" });
    expect(answered.headers["allow"]).toBe("POST, GET");
  });

  test("it carries the caller's trace id when that is one", async () => {
    const own = await api.ask({ method: "GET", target: "/v1/nothing", headers: { "x-request-id": "trace-me-0001" } });
    expect([problemOf(own).traceId, own.headers["x-request-id"]]).toEqual(["trace-me-0001", "trace-me-0001"]);
    const forged = await api.ask({ method: "GET", target: "/v1/nothing", headers: { "x-request-id": "a\u00e9 <b>" } });
    expect(problemOf(forged).traceId).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe("the document", () => {
  test("is valid OpenAPI 3.1", async () => {
    const document = JSON.parse((await api.ask({ method: "GET", target: "/openapi.json" })).text) as Record<
      string,
      unknown
    >;
    const result = await new Validator().validate(document);
    expect(result).toMatchObject({ valid: true });
    expect(document).toMatchObject({ openapi: "3.1.0" });
  });

  test("has every address that the router answers at", async () => {
    const { paths } = JSON.parse((await api.ask({ method: "GET", target: "/openapi.json" })).text) as {
      paths: Record<string, Record<string, unknown>>;
    };
    const documented = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const contract = ROUTE_LIST.map(({ method, path }) => `${method} ${path.replaceAll(/:([a-z]+)/g, "{$1}")}`);
    expect(documented.sort()).toEqual(contract.sort());
  });

  test("is shown by pages that load nothing from elsewhere", async () => {
    const page = await api.ask({ method: "GET", target: "/docs" });
    expect([page.status, page.headers["content-type"]]).toEqual([200, "text/html"]);
    expect(page.text).not.toMatch(/(src|href)="(https?:)?\/\//);
    for (const [, file] of page.text.matchAll(/(?:src|href)="\.\/(docs\/[^"]+)"/g)) {
      expect([file, (await api.ask({ method: "GET", target: `/${file}` })).status]).toEqual([file, 200]);
    }
  });
});
