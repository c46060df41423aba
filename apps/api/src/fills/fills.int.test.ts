import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { printTime, type FillBody } from "@ballast/api-contract";
import { accountId, instrumentId } from "@ballast/model";
import { freshKey, startTestApi, type TestApi } from "../testing/test-api.js";
import { fill, open, publish } from "../testing/trading-day.js";

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
  await open(api, ["alice", "bob", "carol", "maker"], "1000");
}, 60_000);

afterAll(async () => {
  await api.expectBooksToBalance();
  await api.close();
});

async function clear(fills: readonly FillBody[], key = freshKey()): Promise<string[]> {
  const { results } = await api.client().fills(key, { fills: [...fills] });
  return results.map((result) => result.rejection?.code ?? result.status);
}

const contracts = async (account: string, instrument = "BTC_USDC-PERPETUAL") =>
  (await api.store.account(accountId(account)))?.positions.get(instrumentId(instrument))?.quantity.toFixed() ?? "0";

describe("clearing", () => {
  test("without marks nothing is cleared", async () => {
    expect(await clear([fill(api, { buyer: "alice", seller: "bob" })])).toEqual(["MARKET_UNKNOWN"]);
    await publish(api, 1, "8000");
  });

  test("a fill moves contracts from one to the other", async () => {
    expect(await clear([fill(api, { buyer: "alice", seller: "bob" })])).toEqual(["POSTED"]);
    expect([await contracts("alice"), await contracts("bob")]).toEqual(["100", "-100"]);
  });

  test("a batch: every reason is told of its own fill, and the good ones are posted", async () => {
    const ends = { buyer: "alice", seller: "bob" };
    const codes = await clear([
      fill(api, { buyer: "nobody", seller: "bob" }),
      fill(api, { ...ends, instrument: "DOGE-PERPETUAL" }),
      fill(api, { ...ends, instrument: "BTC_USDC-26JUN20", at: "2020-06-26T08:00:00Z" }),
      fill(api, { buyer: "alice", seller: "alice" }),
      fill(api, { ...ends, quantity: "-1" }),
      fill(api, { ...ends, quantity: "0" }),
      fill(api, { ...ends, quantity: "1.5" }),
      fill(api, { ...ends, price: "7000" }),
      fill(api, { ...ends, quantity: "999999999999999" }),
      fill(api, ends),
    ]);
    expect(codes).toEqual([
      "ACCOUNT_UNKNOWN",
      "INSTRUMENT_UNKNOWN",
      "INSTRUMENT_EXPIRED",
      "SAME_ACCOUNT",
      "AMOUNT_NOT_POSITIVE",
      "AMOUNT_NOT_POSITIVE",
      "QUANTITY_NOT_WHOLE_LOTS",
      "PRICE_OUT_OF_BAND",
      "INITIAL_MARGIN_INSUFFICIENT",
      "POSTED",
    ]);
    expect(await contracts("alice")).toBe("200");
  });

  test("a rejection names the account that cannot bear it, and by how much", async () => {
    const { results } = await api.client().fills(freshKey(), {
      fills: [fill(api, { buyer: "carol", seller: "maker", quantity: "100000" })],
    });
    expect(results[0]?.rejection).toMatchObject({
      code: "INITIAL_MARGIN_INSUFFICIENT",
      facts: { account: "carol", equity: "1000", initialMargin: "19000" },
    });
  });

  test("a market maker is margined like everybody", async () => {
    const accounts = [{ id: "mm", kind: "MARKET_MAKER" as const, name: "Maker", parent: null }];
    await api.client().openAccounts(freshKey(), { accounts });
    expect(await clear([fill(api, { buyer: "mm", seller: "carol", quantity: "1" })])).toEqual([
      "INITIAL_MARGIN_INSUFFICIENT",
    ]);
  });

  test("the state is carried through the batch: room for one is not room for two", async () => {
    await open(api, ["narrow"], "20");
    const ends = { buyer: "narrow", seller: "maker" };
    expect(await clear([fill(api, ends), fill(api, ends), fill(api, { ...ends, quantity: "25" })])).toEqual([
      "POSTED",
      "INITIAL_MARGIN_INSUFFICIENT",
      "POSTED",
    ]);
    expect(await contracts("narrow")).toBe("125");
  });

  test("fees are paid to the house in the settlement asset, a rebate by it", async () => {
    await open(api, ["taker", "giver"], "100");
    await clear([fill(api, { buyer: "taker", seller: "giver", buyerFeeRate: "0.0005", sellerFeeRate: "-0.0001" })]);
    const held = async (name: string) => (await api.client().account(name)).balances;
    expect(await held("taker")).toEqual([{ asset: "USDC", amount: "99.6" }]);
    expect(await held("giver")).toEqual([{ asset: "USDC", amount: "100.08" }]);
  });

  test("an inverse contract is margined in dollars and paid in coin", async () => {
    await open(api, ["coiner"], "0");
    await api.client().deposit(freshKey(), "coiner", { asset: "BTC", amount: "1" });
    const one = fill(api, { buyer: "coiner", seller: "maker", instrument: "BTC-PERPETUAL", quantity: "80" });
    expect(await clear([one])).toEqual(["POSTED"]);
    const margin = await api.client().margin("coiner");
    expect(margin).toMatchObject({ initialMargin: "16", maintenanceMargin: "8", state: "HEALTHY" });
    expect(margin.positions[0]).toMatchObject({ quantity: "80", entryCash: "0.1", notional: "800" });
  });
});

describe("once", () => {
  test("a fill id is posted once, in whatever batch it comes", async () => {
    const one = fill(api, { buyer: "alice", seller: "bob", quantity: "1" });
    expect(await clear([one, one])).toEqual(["POSTED", "REPLAYED"]);
    expect(await clear([one])).toEqual(["REPLAYED"]);
    const before = await contracts("alice");
    const key = freshKey();
    expect(await clear([one], key)).toEqual(["REPLAYED"]);
    expect(await clear([one], key)).toEqual(["REPLAYED"]);
    expect(await contracts("alice")).toBe(before);
  });

  test("a refused fill may come again and be admitted", async () => {
    await open(api, ["late"], "10");
    const one = fill(api, { buyer: "late", seller: "maker" });
    expect(await clear([one])).toEqual(["INITIAL_MARGIN_INSUFFICIENT"]);
    await api.client().deposit(freshKey(), "late", { asset: "USDC", amount: "6" });
    expect(await clear([one])).toEqual(["POSTED"]);
  });

  test("the same batch from many at once is one batch", async () => {
    await open(api, ["busy", "idle"], "1000");
    const fills = Array.from({ length: 20 }, () => fill(api, { buyer: "busy", seller: "idle", quantity: "3" }));
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => clear(fills)));
    expect(outcomes.flat().filter((outcome) => outcome === "POSTED")).toHaveLength(20);
    expect(outcomes.flat().filter((outcome) => outcome === "REPLAYED")).toHaveLength(180);
    expect(await contracts("busy")).toBe("60");
  }, 60_000);
});

describe("a thousand at a time", () => {
  test("are cleared in one request and one transaction", async () => {
    const names = Array.from({ length: 100 }, (_, at) => `trader-${at}`);
    await open(api, names, "10000");
    const before = await api.store.summary();
    const fills = Array.from({ length: 1000 }, (_, at) =>
      fill(api, {
        buyer: names[at % 100] as string,
        seller: names[(at * 7 + 1) % 100] as string,
        quantity: String(1 + (at % 9)),
        instrument: at % 2 === 0 ? "BTC_USDC-PERPETUAL" : "BTC-PERPETUAL",
        buyerFeeRate: "0.0005",
        sellerFeeRate: "0.0002",
      }),
    ).filter((one) => one.buyer !== one.seller);
    const outcomes = await clear(fills);
    expect(new Set(outcomes)).toEqual(new Set(["POSTED"]));
    const after = await api.store.summary();
    expect(after.journals - before.journals).toBe(fills.length);
    expect(after.accountsByState.HEALTHY).toBeGreaterThanOrEqual(100);
  }, 60_000);

  test("a thousand and one are too many", async () => {
    const fills = Array.from({ length: 1001 }, () => fill(api, { buyer: "alice", seller: "bob" }));
    await expect(api.client().fills(freshKey(), { fills })).rejects.toMatchObject({ code: "REQUEST_INVALID" });
  });
});

describe("what a fill leaves behind", () => {
  test("an account whose margin is gone by the next marks is judged when it next does something", async () => {
    await open(api, ["faller"], "17");
    await clear([fill(api, { buyer: "faller", seller: "maker" })]);
    api.advance(1000);
    await publish(api, 2, "7850");
    expect((await api.client().margin("faller")).state).toBe("LIQUIDATABLE");
    await api.client().deposit(freshKey(), "faller", { asset: "USDC", amount: "0.01" });
    const listed = await api.client().account("faller");
    expect(listed.health).toMatchObject({ state: "LIQUIDATABLE", marksSequence: 2 });
    expect(listed.openCase).toBe(1);
    const cases = await api.client().accountLiquidations("faller");
    expect(cases.data).toMatchObject([{ account: "faller", epoch: 1, stage: "REDUCE", openedSequence: 2 }]);
    expect((await api.client().liquidation("faller", 1)).stepList).toEqual([]);
  });

  test("a fill at an earlier time than the marks is booked at its own time", async () => {
    const at = "2020-03-12T11:59:59.123Z";
    await clear([fill(api, { buyer: "alice", seller: "bob", quantity: "1", price: "7850", at })]);
    const { data } = await api.client().ledger("alice", { limit: 1 });
    expect(data[0]?.at).toBe(at);
    expect(printTime(api.now())).not.toBe(at);
  });
});
