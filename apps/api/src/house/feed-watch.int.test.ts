import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { EXCHANGE, freshKey, startTestApi, type TestApi, verdict } from "../testing/test-api.js";
import { fill, open, publish } from "../testing/trading-day.js";

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi({ BALLAST_FEED_SILENCE_MS: "60000" });
  await open(api, ["alice", "bob"], "1000");
  await publish(api, 1, "8000");
}, 60_000);

afterAll(async () => {
  await api.expectBooksToBalance();
  await api.close();
});

const clear = async (buyer: string, seller: string, quantity: string) => {
  const { results } = await api.client().fills(freshKey(), { fills: [fill(api, { buyer, seller, quantity })] });
  return results[0]?.rejection?.code ?? results[0]?.status;
};
const withdraw = async () =>
  verdict(
    await api.askAs(EXCHANGE, {
      method: "POST",
      target: "/v1/accounts/alice/withdrawals",
      body: JSON.stringify({ asset: "USDC", amount: "1" }),
    }),
  );

describe("DECISION-8: while nobody tells prices", () => {
  test("decisions go on for as long as silence is allowed", async () => {
    expect(await clear("alice", "bob", "10")).toBe("POSTED");
    api.advance(60_000);
    expect([await clear("alice", "bob", "10"), await withdraw()]).toEqual(["POSTED", "201"]);
  });

  test("then only reductions do", async () => {
    api.advance(1);
    expect([await clear("alice", "bob", "10"), await withdraw()]).toEqual(["PRICE_FROZEN", "409 PRICE_FROZEN"]);
    expect(await clear("bob", "alice", "5")).toBe("POSTED");
  });

  test("a new snapshot ends it", async () => {
    await publish(api, 2, "8000");
    expect([await clear("alice", "bob", "10"), await withdraw()]).toEqual(["POSTED", "201"]);
  });
});
