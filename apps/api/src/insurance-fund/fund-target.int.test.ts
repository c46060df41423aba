import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { freshKey, startTestApi, type TestApi } from "../testing/test-api.js";
import { fill, open, publish } from "../testing/trading-day.js";

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
}, 60_000);

afterAll(async () => {
  await api.expectBooksToBalance();
  await api.close();
});

describe("LIQUIDATION-25: what the fund should hold", () => {
  test("nothing is told before there are prices", async () => {
    await api.client().deposit(freshKey(), "house.insurance-fund", { asset: "USDC", amount: "1000" });
    expect((await api.client().insuranceFund()).target).toBeNull();
    await expect(api.client().fundTarget()).rejects.toMatchObject({ problem: { code: "MARKET_UNKNOWN" } });
  });

  test("is what the two owners that lose most leave unpaid after the worst jump, and the answer says which", async () => {
    await publish(api, 1, "8000");
    await open(api, ["main", "main/sub", "other", "small"], "1000");
    await open(api, ["stress-maker"], "10000000");
    const long = (buyer: string, quantity: string) => fill(api, { buyer, seller: "stress-maker", quantity });
    const fills = [long("main", "500"), long("main.sub", "700"), long("other", "600"), long("small", "400")];
    await api.client().fills(freshKey(), { fills });
    // A target is at most ten seconds old.
    api.advance(10_000);

    const told = await api.client().fundTarget();
    // After a fall by two fifths 500, 700, 600 and 400 thousandths of a bitcoin at 8,000 lose 1,600, 2,240, 1,920 and 1,280.
    expect(told).toMatchObject({
      marksSequence: 1,
      scenario: { scenario: "ALL -0.4", of: null, move: "-0.4" },
      losses: [
        { owner: "main", deficit: "1840" },
        { owner: "other", deficit: "920" },
      ],
      target: "2760",
      held: "1000",
      gap: "1760",
      accountsWithoutPrice: 0,
    });
    expect(told.scenarios.map(({ scenario, target }) => [scenario, target])).toEqual([
      ["ALL -0.4", "2760"],
      ["ALL -0.2", "120"],
      ["ALL -0.1", "0"],
      ["ALL 0.1", "0"],
      ["ALL 0.2", "0"],
      ["ALL 0.4", "0"],
      ["BTC -0.4", "2760"],
      ["BTC 0.4", "0"],
      ["ETH -0.4", "0"],
      ["ETH 0.4", "0"],
    ]);
  });

  test("everybody sees the figures, and nobody's name", async () => {
    const { target } = await api.client().insuranceFund();
    expect(target).toMatchObject({ target: "2760", held: "1000", gap: "1760", losses: ["1840", "920"] });
    expect(JSON.stringify(target)).not.toContain("main");
  });

  test("no gap once the fund holds enough, and none is told as less than nothing", async () => {
    await api.client().deposit(freshKey(), "house.insurance-fund", { asset: "USDC", amount: "5000" });
    expect((await api.client().fundTarget()).held).toBe("1000");
    api.advance(10_000);
    expect(await api.client().fundTarget()).toMatchObject({ held: "6000", gap: "0" });
  });
});
