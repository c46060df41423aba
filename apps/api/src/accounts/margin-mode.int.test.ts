import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { accountId } from "@ballast/model";
import { price } from "@ballast/money";
import { EXCHANGE, freshKey, problemOf, startTestApi, type TestApi, verdict } from "../testing/test-api.js";
import { fill, open, publish } from "../testing/trading-day.js";

/*
 * Bitcoin stands at 8,000. A long of one bitcoin needs 160 dollars initially under the standard tiers and, with the estimates
 * that come with the house, some 1,246 as a portfolio; one that is hedged by the future needs some 90.
 */

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
  await open(api, ["maker"], "10000000");
  await publish(api, 1, "8000");
}, 60_000);

afterAll(async () => {
  await api.expectBooksToBalance();
  await api.close();
});

function post(target: string, body: object, key = freshKey()) {
  return api.askAs(EXCHANGE, {
    method: "POST",
    target,
    body: JSON.stringify(body),
    headers: { "idempotency-key": key },
  });
}

const change = (account: string, marginMode: string, key = freshKey()) =>
  post(`/v1/accounts/${account}/margin-mode`, { marginMode }, key);
const margin = (account: string) => api.client().margin(account);

/** Opens an account with dollars, and buys so many thousandths of a bitcoin. */
async function long(account: string, dollars: string, quantity: string): Promise<void> {
  await open(api, [account], dollars);
  await api.client().fills(freshKey("fills"), { fills: [fill(api, { buyer: account, seller: "maker", quantity })] });
}

describe("DECISION-9: the margin mode of an account", () => {
  test("is chosen when it is opened, and STANDARD unless said", async () => {
    await api.client().openAccounts(freshKey(), {
      accounts: [
        { id: "hedger", kind: "USER", name: "Hedger", parent: null, marginMode: "PORTFOLIO" },
        { id: "plain", kind: "USER", name: "Plain", parent: null },
      ],
    });
    const modes = await Promise.all(["hedger", "plain"].map((id) => api.client().account(id)));
    expect(modes.map(({ marginMode }) => marginMode)).toEqual(["PORTFOLIO", "STANDARD"]);
  });

  test("changes where initial margin is covered in the new one, once for each key, and is remembered in the audit", async () => {
    await long("rich", "1300", "1000");
    const key = freshKey();
    const first = await change("rich", "PORTFOLIO", key);
    expect(first.json).toMatchObject({ account: "rich", marginMode: "PORTFOLIO", equity: "1300" });
    expect((await change("rich", "PORTFOLIO", key)).headers["idempotency-replayed"]).toBe("true");
    const audit = await api.client().audit({ limit: 50 });
    expect(audit.data.filter(({ action, account }) => action === "margin-mode" && account === "rich")).toMatchObject([
      { account: "rich", facts: { marginMode: "PORTFOLIO", state: "HEALTHY" } },
    ]);
    const verdicts = await api.client().account("rich");
    expect(verdicts.health?.initialMargin).toBe((await margin("rich")).initialMargin);
  });

  test("stays where it is not, with the figures", async () => {
    await long("poor", "1200", "1000");
    const refused = await change("poor", "PORTFOLIO");
    expect(verdict(refused)).toBe("409 INITIAL_MARGIN_INSUFFICIENT");
    expect(problemOf(refused).facts).toMatchObject({ account: "poor", equity: "1200" });
    expect((await margin("poor")).marginMode).toBe("STANDARD");
  });

  test.each([
    ["nobody", "PORTFOLIO", "404 ACCOUNT_UNKNOWN"],
    ["plain", "ISOLATED", "422 REQUEST_INVALID"],
  ])("of %s to %s is refused: %s", async (account, mode, expected) => {
    expect(verdict(await change(account, mode))).toBe(expected);
  });
});

describe("MARGIN-9: the margin of a portfolio account says", () => {
  test("which model it is from, which view decides, and what is forgiven", async () => {
    await long("pair", "50000", "1000");
    await change("pair", "PORTFOLIO");
    const before = await margin("pair");
    const eth = { instrument: "ETH_USDC-PERPETUAL", quantity: "3000", price: "200" };
    await api.client().fills(freshKey(), { fills: [fill(api, { buyer: "maker", seller: "pair", ...eth })] });
    const after = await margin("pair");
    expect(before).toMatchObject({ marginMode: "PORTFOLIO", model: "ballast-hybrid" });
    expect(after.portfolio?.initial.bindingView).toBe("LARGEST_LEG");
    expect(price(after.portfolio?.initial.credit ?? "0").gt(1000)).toBe(true);
    expect(await margin("plain")).toMatchObject({ model: "ballast-standard", portfolio: null });
  });

  test("and a hedge frees what its position needed", async () => {
    await long("box", "50000", "1000");
    await change("box", "PORTFOLIO");
    const before = price((await margin("box")).initialMargin);
    const future = { instrument: "BTC_USDC-26JUN20", quantity: "1000", price: "8000" };
    await api.client().fills(freshKey(), { fills: [fill(api, { buyer: "maker", seller: "box", ...future })] });
    expect(price((await margin("box")).initialMargin).lt(before.mul("0.2"))).toBe(true);
  });
});

describe("a portfolio account's own actions", () => {
  test("DECISION-5: withdrawals at once leave initial margin covered, whichever comes first", async () => {
    await long("leaver", "1700", "1000");
    await change("leaver", "PORTFOLIO");
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => post("/v1/accounts/leaver/withdrawals", { asset: "USDC", amount: "150" })),
    );
    const paid = answers.filter(({ status }) => status === 201).length;
    const refused = answers.filter((answer) => verdict(answer) === "409 WITHDRAWAL_EXCEEDS_MARGIN").length;
    expect([paid, refused]).toEqual([3, 3]);
    const { equity, initialMargin } = await margin("leaver");
    expect(price(equity).gte(price(initialMargin))).toBe(true);
  });

  test("DECISION-3: more of the same is refused, a hedge is not", async () => {
    await long("full", "1300", "1000");
    await change("full", "PORTFOLIO");
    const sold = { instrument: "BTC_USDC-26JUN20", quantity: "1000", price: "8000" };
    const outcomes = await api.client().fills(freshKey(), {
      fills: [
        fill(api, { buyer: "full", seller: "maker", quantity: "100" }),
        fill(api, { buyer: "maker", seller: "full", ...sold }),
      ],
    });
    expect(outcomes.results.map((result) => result.rejection?.code ?? result.status)).toEqual([
      "INITIAL_MARGIN_INSUFFICIENT",
      "POSTED",
    ]);
  });

  test("nobody leaves a liquidation by changing the model", async () => {
    await long("late", "1300", "1000");
    await change("late", "PORTFOLIO");
    await publish(api, 2, "7400");
    expect(verdict(await change("late", "STANDARD"))).toBe("409 ACCOUNT_IN_LIQUIDATION");
    expect((await api.store.health(accountId("late")))?.sequence).toBe(1);
  });
});
