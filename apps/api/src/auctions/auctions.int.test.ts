import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { BidBody, BidRequest } from "@ballast/api-contract";
import { accountId, ok } from "@ballast/model";
import { parseDecimal } from "@ballast/money";
import { STANDARD_AUCTION } from "@ballast/risk-core";
import type { Command } from "@ballast/store";
import { hashPassword } from "../auth/password.js";
import { ADMIN, EXCHANGE, freshKey, startTestApi, type TestApi, type TestKey, verdict } from "../testing/test-api.js";
import { fill, open, publish } from "../testing/trading-day.js";

/*
 * Failing accounts f1, f2 … are each long a bitcoin at 8,000 with 500 dollars; at 7,505 five dollars are left of each. Each is in
 * its takeover stage with an open auction, as the worker leaves it. Two providers have money and keys of their own.
 */

const SECOND = { name: "second", password: "another horse battery" };
const FAILING = ["f1", "f2", "f3", "f4", "f5", "f6", "f7"];
const AT_START = 2;

let api: TestApi;
let ann: string;
const keys = new Map<string, TestKey>();

beforeAll(async () => {
  api = await startTestApi();
  const passwordHash = await hashPassword(SECOND.password);
  await api.store.ensureAdminUser({ id: "admin.second", name: SECOND.name, passwordHash, role: "admin" }, api.now());
  ann = await signIn(ADMIN);
  await publish(api, 1, "8000");
  await open(api, FAILING, "500");
  await open(api, ["maker", "provider-1", "provider-2"], "1000000");
  await open(api, ["poor"], "10");
  await api.client().fills(freshKey("fills"), {
    fills: FAILING.map((buyer) => fill(api, { buyer, seller: "maker", quantity: "1000" })),
  });
  for (const account of ["provider-1", "provider-2", "poor"]) {
    const { id, secret } = await api.client().newApiKey(freshKey("key"), account, { scopes: ["auction:bid"] });
    keys.set(account, { id, secret: secret ?? "" });
    await say(ann, "/v1/backstop-providers", { account });
  }
  api.advance(60_000);
  await publish(api, AT_START, "7505");
  await api.store.scanSnapshot(AT_START);
  for (const account of FAILING) await putUp(account);
}, 60_000);

afterAll(async () => {
  await api.expectBooksToBalance();
  await api.close();
});

async function signIn(credentials: object): Promise<string> {
  const answered = await api.ask({
    method: "POST",
    target: "/v1/admin/session",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(credentials),
  });
  return String(answered.headers["set-cookie"]).split(";")[0] ?? "";
}

const say = (cookie: string, target: string, body: object = {}) =>
  api.ask({
    method: "POST",
    target,
    headers: {
      cookie,
      origin: "http://console.test",
      "content-type": "application/json",
      "idempotency-key": freshKey("say"),
    },
    body: JSON.stringify(body),
  });

const command = (action: string): Command => ({
  scope: "test",
  key: freshKey(action),
  fingerprint: "0",
  actor: "liquidator",
  action,
  at: api.now(),
});

/** What the worker does with an account that cannot be reduced. */
async function putUp(name: string): Promise<void> {
  const account = accountId(name);
  await api.store.runCommand(command("put-up"), [account], async ({ auctions, cases, market }) => {
    if (market === null) throw new Error("there are marks");
    await cases.advance(account, 1, { stage: "TAKEOVER", worked: market.sequence });
    await auctions.open({
      ...STANDARD_AUCTION,
      account,
      epoch: 1,
      startedSequence: market.sequence,
      startedAt: market.at,
    });
    return ok(null);
  });
}

const wish = (account: string, change: Partial<BidRequest> = {}): BidRequest => ({
  auction: { account, epoch: 1 },
  share: "1",
  priceFactorMax: "1",
  ...change,
});

const bid = (provider: string, body: BidRequest, headers: Record<string, string> = {}) =>
  api.askAs(keys.get(provider) ?? EXCHANGE, {
    method: "POST",
    target: `/v1/accounts/${provider}/auction-bids`,
    body: JSON.stringify(body),
    headers,
  });

const contracts = async (account: string) =>
  (await api.client().account(account)).positions.find(({ instrument }) => instrument === "BTC_USDC-PERPETUAL")
    ?.quantity ?? "0";

describe("LIQUIDATION-24: caps of a provider", () => {
  const cap = (contractsMax: string, instrument = "BTC_USDC-PERPETUAL") => ({ instrument, contractsMax });
  const register = (caps: readonly object[] | null) =>
    say(ann, "/v1/backstop-providers", { account: "provider-3", caps });

  test("are said when it is registered, of markets that there are", async () => {
    await open(api, ["provider-3"], "1000000");
    const { id, secret } = await api.client().newApiKey(freshKey("key"), "provider-3", { scopes: ["auction:bid"] });
    keys.set("provider-3", { id, secret: secret ?? "" });
    expect(verdict(await register([cap("1", "NOTHING-PERPETUAL")]))).toBe("422 INSTRUMENT_UNKNOWN");
    expect(verdict(await register([cap("0")]))).toBe("422 AMOUNT_NOT_POSITIVE");
    expect(verdict(await register([]))).toBe("422 REQUEST_INVALID");
    expect(verdict(await register([cap("100")]))).toBe("201");
    const listed = (await api.client().backstopProviders()).data;
    expect(listed.find(({ account }) => account === "provider-3")?.caps).toEqual([cap("100")]);
    expect(listed.find(({ account }) => account === "provider-1")?.caps).toBeNull();
  });

  test("refuse a bid that would exceed one, with the market and both figures, and take one that does not", async () => {
    const refused = await bid("provider-3", wish("f7", { share: "0.2" }));
    expect(verdict(refused)).toBe("409 PROVIDER_CAP_EXCEEDED");
    expect(refused.json).toMatchObject({
      facts: { account: "provider-3", instrument: "BTC_USDC-PERPETUAL", contracts: "200", contractsMax: "100" },
    });
    expect(await contracts("provider-3")).toBe("0");
    expect((await bid("provider-3", wish("f7", { share: "0.06" }))).status).toBe(201);
  });

  test("hold under bids at once: of two that fit each alone, and not together, one is taken", async () => {
    // Sixty are held; of what is left of f7 a share of three hundredths is some 28 contracts.
    const answers = await Promise.all([
      bid("provider-3", wish("f7", { share: "0.03" })),
      bid("provider-3", wish("f7", { share: "0.03" })),
    ]);
    expect(answers.map(verdict).sort()).toEqual(["201", "409 PROVIDER_CAP_EXCEEDED"]);
    expect(Number(await contracts("provider-3"))).toBeLessThanOrEqual(100);
  });

  test("are said anew by registering it again, and it may hold what it holds", async () => {
    expect(verdict(await say(ann, "/v1/backstop-providers/provider-3/retire"))).toBe("201");
    expect(verdict(await register([cap("10")]))).toBe("201");
    expect(verdict(await bid("provider-3", wish("f7", { share: "0.01" })))).toBe("409 PROVIDER_CAP_EXCEEDED");
    expect(verdict(await say(ann, "/v1/backstop-providers/provider-3/retire"))).toBe("201");
    expect(verdict(await register(null))).toBe("201");
    expect((await bid("provider-3", wish("f7", { share: "0.01" }))).status).toBe(201);
  });
});

describe("LIQUIDATION-29: a bid", () => {
  test("takes a share, pays for it, restores the account, and is a step of the case", async () => {
    const [row] = (await api.client(keys.get("provider-1")).offeredAuctions("provider-1")).data;
    expect(row).toMatchObject({ account: "f1", state: "OPEN", priceFactor: "0.98", value: "5", bids: 0 });
    const answered = await bid("provider-1", wish("f1"));
    expect(answered.status).toBe(201);
    const taken = answered.json as BidBody;
    expect(taken).toMatchObject({
      account: "f1",
      step: 1,
      provider: "provider-1",
      priceFactor: "0.98",
      restored: true,
    });
    expect(parseDecimal(taken.share).lte(parseDecimal(row?.largestShare ?? "0"))).toBe(true);
    const [left, right] = [parseDecimal(await contracts("f1")), parseDecimal(await contracts("provider-1"))];
    expect([left.add(right).toFixed(), left.lt(200)]).toEqual(["1000", true]);
    const found = await api.client().liquidationReport("f1", 1);
    expect(found).toMatchObject({ stage: "CLOSED", outcome: "AUCTIONED" });
    expect(found.stepList).toMatchObject([{ kind: "AUCTION", status: "DONE", result: { restored: true } }]);
    expect(found.journals.map(({ kind }) => kind)).toEqual(["AUCTION_FILL", "AUCTION_PAYMENT", "AUCTION_PAYMENT"]);
    expect((await api.client().account("f1")).health?.state).not.toBe("LIQUIDATABLE");
  });

  test("that is asked for again under its key moves nothing, and answers the same", async () => {
    const headers = { "idempotency-key": freshKey("again") };
    const first = await bid("provider-1", wish("f2", { share: "0.1" }), headers);
    const before = await contracts("f2");
    const again = await bid("provider-1", wish("f2", { share: "0.1" }), headers);
    expect([again.json, again.headers["idempotency-replayed"]]).toEqual([first.json, "true"]);
    expect(await contracts("f2")).toBe(before);
    expect(verdict(await bid("provider-1", wish("f2", { share: "0.2" }), headers))).toBe("422 IDEMPOTENCY_KEY_REUSED");
  });

  test("races with another: no more than the largest share is sold, whoever comes first", async () => {
    const answers = await Promise.all([
      bid("provider-1", wish("f3", { share: "0.9" })),
      bid("provider-2", wish("f3", { share: "0.9" })),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    const shares = answers.map(({ json }) => json as BidBody);
    expect(new Set(shares.map(({ step }) => step))).toEqual(new Set([1, 2]));
    // Nine tenths, and of the rest what is missing then: together what one bid for everything takes, to the lot.
    const sold = 1000 - Number(await contracts("f3"));
    const alone = 1000 - Number(await contracts("f1"));
    expect(Math.abs(sold - alone)).toBeLessThanOrEqual(2);
    expect(shares.filter(({ restored }) => restored)).toHaveLength(1);
    const { journals } = await api.client().liquidationReport("f3", 1);
    expect(journals.filter(({ kind }) => kind === "AUCTION_FILL")).toHaveLength(2);
  });

  test("ten at once, each for everything: one is taken, and the others find the auction closed", async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) => bid(at % 2 === 0 ? "provider-1" : "provider-2", wish("f4"))),
    );
    expect(answers.map(verdict).sort()).toEqual(["201", ...Array.from({ length: 9 }, () => "409 AUCTION_CLOSED")]);
  });

  //  what is tried                          by            body                                            answer
  test.each([
    ["in an auction that is over", "provider-1", wish("f1"), "409 AUCTION_CLOSED"],
    ["in one that never was", "provider-1", wish("maker"), "404 AUCTION_UNKNOWN"],
    ["on an account that is not there", "provider-1", wish("nobody"), "404 ACCOUNT_UNKNOWN"],
    ["by somebody who is not registered", "maker", wish("f5"), "409 PROVIDER_NOT_REGISTERED"],
    ["below the price", "provider-1", wish("f5", { priceFactorMax: "0.9" }), "409 AUCTION_PRICE_ABOVE_LIMIT"],
    ["for less than a lot", "provider-1", wish("f5", { share: "0.0001" }), "409 AUCTION_SHARE_TOO_SMALL"],
    ["without the margin for it", "poor", wish("f5"), "409 INITIAL_MARGIN_INSUFFICIENT"],
    ["for nothing", "provider-1", wish("f5", { share: "0" }), "422 REQUEST_INVALID"],
    ["for more than everything", "provider-1", wish("f5", { share: "1.1" }), "422 REQUEST_INVALID"],
  ])("%s is refused, and moves nothing", async (_, provider, body, answer) => {
    const before = [await contracts("f1"), await contracts("f5")];
    expect(verdict(await bid(provider, body))).toBe(answer);
    expect([await contracts("f1"), await contracts("f5")]).toEqual(before);
  });

  test("with somebody else's key is not hers to make", async () => {
    const key = keys.get("provider-2");
    if (key === undefined) throw new Error("provider-2 has a key");
    const body = JSON.stringify(wish("f5"));
    const answered = await api.askAs(key, { method: "POST", target: "/v1/accounts/provider-1/auction-bids", body });
    expect(verdict(answered)).toBe("403 ACCOUNT_FORBIDDEN");
  });

  test("CASE-7: waits while auctions are paused", async () => {
    await say(ann, "/v1/liquidation-pauses", { stage: "AUCTION", reason: "a provider complains" });
    expect(verdict(await bid("provider-1", wish("f5")))).toBe("409 STAGE_PAUSED");
    await say(ann, "/v1/liquidation-pauses/AUCTION/resume");
    await say(await signIn(SECOND), "/v1/liquidation-pauses/AUCTION/resume");
    expect((await bid("provider-1", wish("f5"))).status).toBe(201);
  });

  test("is cheaper later, by the market's time, and refused after the last second", async () => {
    api.advance(60_000);
    await publish(api, 3, "7505");
    expect((await api.client().auctions()).data.find(({ account }) => account === "f6")?.priceFactor).toBe("0.8");
    expect((await bid("provider-1", wish("f6", { share: "0.05", priceFactorMax: "0.8" }))).status).toBe(201);
    api.advance(240_000);
    await publish(api, 4, "7505");
    expect(verdict(await bid("provider-1", wish("f6")))).toBe("409 AUCTION_CLOSED");
  });
});

describe("backstop providers", () => {
  test("are registered and retired by a person, and each word is in the audit trail", async () => {
    expect(verdict(await say(ann, "/v1/backstop-providers", { account: "maker" }))).toBe("201");
    expect(verdict(await say(ann, "/v1/backstop-providers", { account: "maker" }))).toBe(
      "409 PROVIDER_ALREADY_REGISTERED",
    );
    expect(verdict(await say(ann, "/v1/backstop-providers", { account: "nobody" }))).toBe("404 ACCOUNT_UNKNOWN");
    expect(verdict(await say(ann, "/v1/backstop-providers/maker/retire"))).toBe("201");
    expect(verdict(await say(ann, "/v1/backstop-providers/maker/retire"))).toBe("409 PROVIDER_NOT_REGISTERED");
    const listed = (await api.client().backstopProviders()).data.find(({ account }) => account === "maker");
    expect(listed).toMatchObject({ registered: { by: "admin:admin" }, retired: { by: "admin:admin" } });
    const audit = (await api.client().audit({ limit: 10 })).data.map(({ action, account }) => `${action} ${account}`);
    expect(audit).toContain("register backstop provider maker");
    expect(audit).toContain("retire backstop provider maker");
  });

  test("are not registered with a key, not even the exchange's", async () => {
    const body = JSON.stringify({ account: "maker" });
    const answered = await api.askAs(EXCHANGE, { method: "POST", target: "/v1/backstop-providers", body });
    expect(verdict(answered)).toBe("403 SCOPE_INSUFFICIENT");
  });
});
