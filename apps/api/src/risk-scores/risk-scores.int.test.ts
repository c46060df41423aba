import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { RiskScoreBody } from "@ballast/api-contract";
import { DEFAULT_ESTIMATES, score as chance, squareMatrix } from "@ballast/risk-core";
import { EXCHANGE, freshKey, startTestApi, type TestApi, verdict } from "../testing/test-api.js";
import { fill, open, publish } from "../testing/trading-day.js";

let api: TestApi;
const NAMES = ["alice", "bob", "carol", "dora"];

beforeAll(async () => {
  api = await startTestApi();
  await open(api, NAMES, "1000");
  await open(api, ["idle"], "0");
}, 60_000);

afterAll(async () => {
  await api.expectBooksToBalance();
  await api.close();
});

/** Scores are made at most once a second: a second has gone. */
async function scores(request: Parameters<ReturnType<TestApi["client"]>["riskScores"]>[0] = {}) {
  api.advance(1000);
  return api.client().riskScores(request);
}

test("before the first prices nothing can be scored", async () => {
  expect(verdict(await api.askAs(EXCHANGE, { method: "GET", target: "/v1/risk-scores" }))).toBe("409 MARKET_UNKNOWN");
  expect(verdict(await api.askAs(EXCHANGE, { method: "GET", target: "/v1/accounts/alice/risk-score" }))).toBe(
    "409 MARKET_UNKNOWN",
  );
});

describe("SCORE-10: after some trades", () => {
  beforeAll(async () => {
    await publish(api, 1, "8000");
    const trades = [
      fill(api, { buyer: "alice", seller: "bob", quantity: "2000" }),
      fill(api, { buyer: "carol", seller: "dora", quantity: "100" }),
    ];
    await api.client().fills(freshKey(), { fills: trades });
  });

  test("one account: the answer holds everything that the score is made of, and makes it again", async () => {
    const body = await api.client().riskScore("alice");
    expect(body).toMatchObject({ account: "alice", state: "HEALTHY", estimates: { day: DEFAULT_ESTIMATES.day } });
    expect(body.snapshot).toMatchObject({ marksSequence: 1, parametersVersion: 1 });
    expect(body.netValue).toBe("1000");
    expect(body.underlyings).toHaveLength(1);
    expect(body.underlyings[0]).toMatchObject({ underlying: "BTC", delta: "16000", riskShare: "1" });
    expect(body.largestContributor).toEqual({ underlying: "BTC", share: "1" });
    expect(body.drivers[0]).toMatch(/stressed standard deviations/);
    expect(scoreAgain(body)).toBeCloseTo(Number(body.score), 1);
  });

  test("the list: the riskiest first, each as it is alone; house accounts are not in it", async () => {
    const { data, distribution, marksSequence, withoutScore } = await scores();
    expect(marksSequence).toBe(1);
    expect(data.map(({ account }) => account)).toEqual(["alice", "bob", "carol", "dora", "idle"]);
    expect(distribution.reduce((sum, { accounts }) => sum + accounts, 0)).toBe(5);
    expect(withoutScore).toEqual([]);
    for (const row of data) {
      const { kind: _, ...figures } = row;
      expect(await api.client().riskScore(row.account)).toMatchObject(figures);
    }
    expect(data.at(-1)).toMatchObject({ account: "idle", score: "0", distanceToDepletion: { calm: null } });
  });

  test("pages, kinds and orders", async () => {
    const first = await scores({ sort: "open-interest", limit: 2 });
    expect(first.data.map(({ account }) => account)).toEqual(["alice", "bob"]);
    expect(first.data[0]?.openInterestShare).toBe("0.952381");
    const second = await api
      .client()
      .riskScores({ sort: "open-interest", limit: 2, cursor: first.page.nextCursor ?? undefined });
    expect(second.data.map(({ account }) => account)).toEqual(["carol", "dora"]);
    expect((await scores({ kind: "MARKET_MAKER" })).data).toEqual([]);
    const cursor = first.page.nextCursor ?? "";
    const strange = await api.askAs(EXCHANGE, { method: "GET", target: `/v1/risk-scores?sort=score&cursor=${cursor}` });
    expect(verdict(strange)).toBe("422 CURSOR_INVALID");
    const unknown = await api.askAs(EXCHANGE, { method: "GET", target: "/v1/risk-scores?sort=luck" });
    expect(verdict(unknown)).toBe("422 REQUEST_INVALID");
  });

  test("a deposit lowers it, a fall raises it, and neither it nor asking for it changes anything", async () => {
    const before = await api.client().riskScore("alice");
    await api.client().deposit(freshKey(), "carol", { asset: "USDC", amount: "500" });
    const richer = await api.client().riskScore("carol");
    expect(Number(richer.score)).toBeLessThanOrEqual(Number((await scores()).data[2]?.score));
    api.advance(1000);
    await publish(api, 2, "7600");
    const after = await api.client().riskScore("alice");
    expect(after.snapshot.marksSequence).toBe(2);
    expect(Number(after.score)).toBeGreaterThan(Number(before.score));
    const audit = await api.client().audit({ limit: 100 });
    expect(audit.data.some(({ action }) => action.includes("score"))).toBe(false);
    expect((await api.store.dueWork()).lookAgain).toEqual([]);
  });

  test("its own account's key may ask, nobody else's, and not for the list", async () => {
    const key = await api.client().newApiKey(freshKey(), "alice", { scopes: ["account:read"] });
    const own = { id: key.id, secret: key.secret ?? "" };
    const ask = async (target: string) => verdict(await api.askAs(own, { method: "GET", target }));
    expect(await ask("/v1/accounts/alice/risk-score")).toBe("200");
    expect(await ask("/v1/accounts/bob/risk-score")).toBe("403 ACCOUNT_FORBIDDEN");
    expect(await ask("/v1/accounts/nobody/risk-score")).toBe("403 ACCOUNT_FORBIDDEN");
    expect(await ask("/v1/risk-scores")).toBe("403 SCOPE_INSUFFICIENT");
  });
});

/** The score from the answer alone. */
function scoreAgain(body: RiskScoreBody): number {
  const numbers = (of: (row: RiskScoreBody["underlyings"][number]) => string) =>
    body.underlyings.map((row) => Number(of(row)));
  const names = body.underlyings.map(({ underlying }) => underlying);
  const matrix = (of: (row: RiskScoreBody["correlations"][number]) => string) =>
    squareMatrix(
      names.map((row) =>
        names.map((column) => {
          const pair = body.correlations.find(
            ({ left, right }) => (left === row && right === column) || (left === column && right === row),
          );
          return pair === undefined ? 1 : Number(of(pair));
        }),
      ),
    );
  const { score } = chance.riskScore(
    {
      underlyings: names,
      deltas: numbers(({ delta }) => delta),
      slack: Number(body.slack),
      netValue: Number(body.netValue),
      dailyLiquidity: numbers(({ dailyLiquidity }) => dailyLiquidity),
      openInterestShare: numbers(({ openInterestShare }) => openInterestShare),
    },
    {
      volatilities: numbers(({ volatility }) => volatility),
      stressedVolatilities: numbers(({ stressedVolatility }) => stressedVolatility),
      correlation: matrix(({ calm }) => calm),
      stressedCorrelation: { low: matrix(({ low }) => low), high: matrix(({ high }) => high) },
    },
    body.rule.horizonDays,
  );
  return score;
}
