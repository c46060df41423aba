import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { EXCHANGE, freshKey, problemOf, startTestApi, type TestApi, verdict } from "../testing/test-api.js";
import { fill, open, publish } from "../testing/trading-day.js";

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
  await publish(api, 1, "8000");
  // Shorts at 8,000 against one maker, all of a tenth of a bitcoin but the careful one's, with more or less money behind them.
  await open(api, ["bold"], "100");
  await open(api, ["careful", "hedged", "idle"], "1000");
  await open(api, ["line-maker"], "1000000");
  const short = (seller: string, quantity: string, instrument = "BTC_USDC-PERPETUAL") =>
    fill(api, { buyer: "line-maker", seller, quantity, instrument });
  const long = fill(api, { buyer: "hedged", seller: "line-maker", quantity: "75", instrument: "BTC_USDC-26JUN20" });
  const fills = [short("bold", "100"), short("careful", "300"), short("hedged", "100"), long];
  await api.client().fills(freshKey(), { fills });
  await publish(api, 2, "7000");
}, 60_000);

afterAll(async () => {
  await api.expectBooksToBalance();
  await api.close();
});

describe("LIQUIDATION-26: the line that everybody can see", () => {
  test("says where a position stands, with five lights for the first and the figures that put it there", async () => {
    const { marksSequence, positions } = await api.client().deleveraging("bold");
    expect(marksSequence).toBe(2);
    // A profit of 100 on 700; 700 over an equity of 200.
    expect(positions).toEqual([
      {
        instrument: "BTC_USDC-PERPETUAL",
        side: "SHORT",
        lineLength: 3,
        place: {
          rank: 1,
          lights: 5,
          score: "0.5",
          profitShare: "0.142857142857142857",
          leverage: "3.5",
          unhedged: "100",
        },
        notInLine: null,
      },
    ]);
  });

  test("shows how much of a position hedges something, and why a position stands in no line", async () => {
    const { positions } = await api.client().deleveraging("hedged");
    expect(positions.map(({ instrument, place, notInLine }) => [instrument, place?.unhedged ?? notInLine])).toEqual([
      ["BTC_USDC-26JUN20", "NO_PROFIT"],
      ["BTC_USDC-PERPETUAL", "25"],
    ]);
    expect((await api.client().deleveraging("idle")).positions).toEqual([]);
    await expect(api.client().deleveraging("nobody")).rejects.toMatchObject({ problem: { code: "ACCOUNT_UNKNOWN" } });
  });
});

describe("LIQUIDATION-27: deleveraging on paper", () => {
  const trial = (contracts: string) =>
    api.client().deleveragingTrial("BTC_USDC-PERPETUAL", { side: "SHORT", contracts, price: "7100" });

  test("tells who would give what, hedges last, and changes nothing", async () => {
    const before = await api.client().margin("bold");
    const { shares, unmet } = await trial("430");
    expect(unmet).toBe("0");
    expect(shares.map(({ account, contracts, ofThemHedging }) => [account, contracts, ofThemHedging])).toEqual([
      ["bold", "100", "0"],
      ["careful", "300", "0"],
      ["hedged", "30", "5"],
    ]);
    expect(await api.client().margin("bold")).toEqual(before);
  });

  test.each([
    ["nothing", "0", "422 AMOUNT_NOT_POSITIVE"],
    ["less than nothing", "-1", "422 AMOUNT_NOT_POSITIVE"],
    ["half a lot", "0.5", "422 QUANTITY_NOT_WHOLE_LOTS"],
    ["no number", "many", "422 REQUEST_INVALID"],
  ])("of %s is refused", async (_, contracts, expected) => {
    const target = `/v1/deleveraging/BTC_USDC-PERPETUAL?side=SHORT&contracts=${contracts}&price=7100`;
    expect(verdict(await api.askAs(EXCHANGE, { method: "GET", target }))).toBe(expected);
  });

  test("of an instrument that is not listed is refused", async () => {
    const target = "/v1/deleveraging/DOGE-PERPETUAL?side=SHORT&contracts=1&price=7100";
    expect(problemOf(await api.askAs(EXCHANGE, { method: "GET", target })).code).toBe("INSTRUMENT_UNKNOWN");
  });
});
