import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type FillBody, printTime, type QuoteRound, type QuotesAccepted } from "@ballast/api-contract";
import { STANDARD_SOURCES } from "@ballast/risk-core";
import { type Say, twoPeople } from "../testing/people.js";
import { freshKey, startTestApi, type TestApi, verdict, EXCHANGE } from "../testing/test-api.js";
import { fill, marks, open } from "../testing/trading-day.js";

let api: TestApi;
let elapsedMs = 0;
let sequence = 0;
let clock = "feed-1";
let ann: string;
let ben: string;
let say: Say;

beforeAll(async () => {
  api = await startTestApi({ BALLAST_MARKET_RULES: "standard" });
  await open(api, ["alice", "bob", "carol"], "1000");
}, 60_000);

afterAll(async () => {
  await api.expectBooksToBalance();
  await api.close();
});

const INSTRUMENTS: Readonly<Record<string, string>> = {
  "BTC_USDC-PERPETUAL": "BTC",
  "BTC-PERPETUAL": "BTC",
  "BTC_USDC-26JUN20": "BTC",
  "ETH_USDC-PERPETUAL": "ETH",
  "ETH-PERPETUAL": "ETH",
};
const PRICES = { USDC: "1", BTC: "8000", ETH: "200" };

/** What all venues say of these assets, and the own books at the same level. */
function everything(prices: Readonly<Record<string, string>> = {}): Pick<QuoteRound, "ticks" | "books"> {
  const levels: Readonly<Record<string, string>> = { ...PRICES, ...prices };
  return {
    ticks: Object.entries(levels).flatMap(([asset, price]) =>
      STANDARD_SOURCES.map((source) => ({ asset, source, sequence: ++sequence, price, ageMs: 0 })),
    ),
    books: Object.entries(INSTRUMENTS).map(([instrument, asset]) => {
      const level = levels[asset] ?? "1";
      return { instrument, sequence: ++sequence, bid: level, ask: level, last: level, depth: "5000000" };
    }),
  };
}

/** Pushes after so many milliseconds; what is left out of `body` is nothing. */
function push(body: Partial<QuoteRound>, waitedMs = 1_000, key = freshKey("quotes")): Promise<QuotesAccepted> {
  elapsedMs += waitedMs;
  api.advance(waitedMs);
  return api.client().publishQuotes(key, {
    clock,
    rounds: [{ elapsedMs, at: printTime(api.now()), ticks: [], books: [], ...body }],
  });
}

/** One push of so many moments, a second apart, at all of which the same is said. */
function last(seconds: number, prices: Readonly<Record<string, string>>): Promise<QuotesAccepted> {
  const rounds = Array.from({ length: seconds }, () => {
    elapsedMs += 1_000;
    api.advance(1_000);
    return { elapsedMs, at: printTime(api.now()), ...everything(prices) };
  });
  return api.client().publishQuotes(freshKey("quotes"), { clock, rounds });
}

async function clear(change: Partial<FillBody> & Pick<FillBody, "buyer" | "seller">): Promise<string> {
  const { results } = await api.client().fills(freshKey(), { fills: [fill(api, change)] });
  return results[0]?.rejection?.code ?? results[0]?.status ?? "nothing";
}

const withdraw = async (account: string) =>
  verdict(
    await api.askAs(EXCHANGE, {
      method: "POST",
      target: `/v1/accounts/${account}/withdrawals`,
      body: JSON.stringify({ asset: "USDC", amount: "1" }),
    }),
  );

describe("MARKET-11 MARKET-12: the house makes its own prices", () => {
  test("nothing is published before everything has a price", async () => {
    const { ticks } = everything();
    expect(await push({ ticks })).toEqual({ status: "INCOMPLETE", sequence: null, frozen: [], needsPerson: [] });
    await expect(api.client().latestMarks()).rejects.toMatchObject({ code: "SNAPSHOT_UNKNOWN" });
    expect(await push({ books: everything().books })).toEqual({
      status: "PUBLISHED",
      sequence: 1,
      frozen: [],
      needsPerson: [],
    });
  });

  test("a snapshot is what decisions use, and keeps what every index said", async () => {
    const marks = await api.client().latestMarks();
    expect(marks).toMatchObject({ sequence: 1, indexPrices: PRICES, frozen: [], status: "NEW" });
    expect(marks.markPrices["BTC_USDC-PERPETUAL"]).toBe("8000");
    expect(await clear({ buyer: "alice", seller: "bob" })).toBe("POSTED");
    const said = await api.store.indicesAt(1);
    expect(said.map(({ asset, condition, excluded }) => [asset, condition, excluded])).toEqual([
      ["BTC", "LIVE", []],
      ["ETH", "LIVE", []],
      ["USDC", "LIVE", []],
    ]);
  });

  test("the same push twice is one push", async () => {
    const body = everything();
    const key = freshKey("twice");
    const first = await push(body, 1_000, key);
    elapsedMs -= 1_000;
    api.advance(-1_000);
    expect(await push(body, 1_000, key)).toEqual(first);
  });

  test("one venue a thousand times too high changes nothing, and is named", async () => {
    const body = everything();
    const wrong = body.ticks.map((tick) =>
      tick.asset === "BTC" && tick.source === "venue-c" ? { ...tick, price: "8000000" } : tick,
    );
    const { sequence: published } = await push({ ...body, ticks: wrong });
    expect((await api.client().latestMarks()).indexPrices["BTC"]).toBe("8000");
    const [bitcoin] = await api.store.indicesAt(published ?? 0);
    expect(bitcoin).toMatchObject({ condition: "DEGRADED", excluded: [{ source: "venue-c", reason: "DEVIATES" }] });
    const { indices } = await api.client().market();
    const health = indices.find(({ asset }) => asset === "BTC")?.sources.find(({ source }) => source === "venue-c");
    expect(health).toMatchObject({ price: "8000000", ageMs: 0, excluded: "DEVIATES", ignored: 0 });
  });

  test("a push tells many moments and leaves one snapshot: a crash that lasted within it is in force", async () => {
    const before = (await push(everything())).sequence ?? 0;
    expect(await last(20, { BTC: "6500" })).toEqual({
      status: "PUBLISHED",
      sequence: before + 1,
      frozen: [],
      needsPerson: [],
    });
    expect((await api.client().latestMarks()).indexPrices["BTC"]).toBe("6500");
    expect((await last(20, {})).frozen).toEqual([]);
    expect((await api.client().latestMarks()).indexPrices["BTC"]).toBe("8000");
  });

  test("finished marks are refused: they would go around all of this", async () => {
    await expect(api.client().publishMarks(freshKey(), marks(api, 1_000, "8000"))).rejects.toMatchObject({
      code: "MARKS_NOT_TAKEN",
    });
  });

  test("a source or an asset that the rules do not know refuses the push, and nothing has happened", async () => {
    const tick = { asset: "BTC", source: "venue-a", sequence: ++sequence, price: "1", ageMs: 0 };
    const before = await api.client().market();
    await expect(push({ ticks: [{ ...tick, source: "nobody" }] })).rejects.toMatchObject({ code: "SOURCE_UNKNOWN" });
    await expect(push({ ticks: [tick, { ...tick, asset: "DOGE" }] })).rejects.toMatchObject({ code: "ASSET_UNKNOWN" });
    const book = { instrument: "DOGE-PERPETUAL", sequence: 1, bid: null, ask: null, last: null, depth: "1" };
    await expect(push({ books: [book] })).rejects.toMatchObject({ code: "INSTRUMENT_UNKNOWN" });
    expect(await api.client().market()).toEqual(before);
  });
});

describe("DECISION-6: while a price is frozen", () => {
  test("new risk is refused, reductions are not, and nothing is paid out of a margin account", async () => {
    await push(everything());
    const usdc = everything({}).ticks.filter(({ asset }) => asset !== "BTC");
    const { status, frozen } = await push({ ticks: usdc, books: everything().books }, 11_000);
    expect([status, frozen]).toEqual(["PUBLISHED", ["BTC"]]);
    expect((await api.client().latestMarks()).frozen).toEqual(["BTC"]);
    expect(await clear({ buyer: "alice", seller: "carol", quantity: "1" })).toBe("PRICE_FROZEN");
    // Alice is long, Bob short: this makes both smaller.
    expect(await clear({ buyer: "bob", seller: "alice", quantity: "40" })).toBe("POSTED");
    expect(await clear({ buyer: "bob", seller: "alice", quantity: "61" })).toBe("PRICE_FROZEN");
    expect(await clear({ buyer: "alice", seller: "carol", instrument: "ETH_USDC-PERPETUAL", price: "200" })).toBe(
      "PRICE_FROZEN",
    );
    expect([await withdraw("alice"), await withdraw("carol")]).toEqual(["409 PRICE_FROZEN", "201"]);
  });

  test("it ends with the first push in which most venues agree again", async () => {
    expect((await push(everything({ BTC: "8100" }))).frozen).toEqual([]);
    expect(await clear({ buyer: "alice", seller: "carol", quantity: "1", price: "8100" })).toBe("POSTED");
    expect(await withdraw("alice")).toBe("201");
  });

  test("a crash on all venues is in force once it has lasted", async () => {
    const crash = () => everything({ BTC: "6000" });
    expect((await push(crash())).frozen).toEqual(["BTC"]);
    expect((await api.client().latestMarks()).indexPrices["BTC"]).toBe("8100");
    for (let second = 0; second < 11; second += 1) await push(crash());
    expect((await push(crash())).frozen).toEqual([]);
    expect((await api.client().latestMarks()).indexPrices["BTC"]).toBe("6000");
  });

  test("after a quarter of an hour only two people bring it back, and the sources go on from what they say", async () => {
    const withoutEther = () => everything({ BTC: "6000" }).ticks.filter(({ asset }) => asset !== "ETH");
    expect((await push({ ticks: withoutEther() }, 11_000)).frozen).toEqual(["ETH"]);
    expect((await push({ ticks: withoutEther() }, 900_000)).needsPerson).toEqual(["ETH"]);
    const back = { BTC: "6000", ETH: "150" };
    expect((await push(everything(back))).needsPerson).toEqual(["ETH"]);
    ({ ann, ben, say } = await twoPeople(api));
    const propose = (cookie: string, asset = "ETH") =>
      say(cookie, `/v1/market/${asset}/price`, { price: "148", reason: "all venues are back, and their pages say so" });
    const confirm = (cookie: string, price = "148") => say(cookie, "/v1/market/ETH/price/confirm", { price });
    expect(verdict(await confirm(ann))).toBe("409 PERSON_PRICE_UNKNOWN");
    expect([verdict(await propose(ann, "BTC")), verdict(await propose(ann, "DOGE"))]).toEqual([
      "409 INDEX_NOT_FROZEN",
      "422 ASSET_UNKNOWN",
    ]);
    expect((await propose(ann)).json).toEqual({ asset: "ETH", price: "148", state: "PROPOSED" });
    const waiting = (await api.client().market()).indices.find(({ asset }) => asset === "ETH");
    expect([waiting?.condition, waiting?.proposal]).toMatchObject([
      "NEEDS_PERSON",
      { price: "148", proposedBy: "admin:admin" },
    ]);
    expect(verdict(await confirm(ann))).toBe("409 SECOND_PERSON_NEEDED");
    expect(verdict(await confirm(ben, "149"))).toBe("409 PERSON_PRICE_DIFFERS");
    const { at } = await api.client().latestMarks();
    expect((await confirm(ben)).json).toMatchObject({ status: "PUBLISHED", needsPerson: [], frozen: [] });
    expect((await api.client().latestMarks()).at).toBe(at);
    expect(verdict(await confirm(ben))).toBe("409 PERSON_PRICE_UNKNOWN");
    const { data } = await api.client().audit({ limit: 10 });
    expect(data.find(({ action }) => action === "confirm-price")?.actor).toBe("admin:second");
    expect((await api.client().latestMarks()).indexPrices["ETH"]).toBe("150");
  });

  test("a proposal waits for ten minutes, and a newer one takes its place", async () => {
    await push({ ticks: everything({ BTC: "6000" }).ticks.filter(({ asset }) => asset !== "ETH") }, 11_000);
    const propose = (cookie: string, price: string) => say(cookie, "/v1/market/ETH/price", { price, reason: "seen" });
    const confirm = (cookie: string, price: string) => say(cookie, "/v1/market/ETH/price/confirm", { price });
    await propose(ann, "150");
    api.advance(600_000);
    expect(verdict(await confirm(ben, "150"))).toBe("409 PERSON_PRICE_UNKNOWN");
    await propose(ann, "150");
    await propose(ben, "151");
    expect(verdict(await confirm(ben, "151"))).toBe("409 SECOND_PERSON_NEEDED");
    expect(verdict(await confirm(ann, "151"))).toBe("201");
    // The sources are still silent: a new bounded freeze begins, at what the two have said.
    const { indices } = await api.client().market();
    const ether = indices.find(({ asset }) => asset === "ETH");
    expect([ether?.price, ether?.condition, ether?.frozenForMs]).toEqual(["151", "FROZEN", 0]);
    expect((await push(everything({ BTC: "6000", ETH: "150" }))).frozen).toEqual([]);
  });

  test("a key says no price, not even the exchange's", async () => {
    const body = JSON.stringify({ price: "1", reason: "x" });
    const byKey = await api.askAs(EXCHANGE, { method: "POST", target: "/v1/market/ETH/price", body });
    expect(verdict(byKey)).toBe("403 SCOPE_INSUFFICIENT");
  });

  test("a feed that starts anew freezes everything until its sources have spoken", async () => {
    [clock, elapsedMs] = ["feed-2", 0];
    const before = (await api.client().latestMarks()).indexPrices;
    expect((await push({})).frozen.sort()).toEqual(["BTC", "ETH", "USDC"]);
    expect((await api.client().latestMarks()).indexPrices).toEqual(before);
    for (const asset of ["BTC", "ETH", "USDC"]) {
      const price = before[asset] ?? "1";
      await say(ann, `/v1/market/${asset}/price`, { price, reason: "the feed was restarted" });
      expect(verdict(await say(ben, `/v1/market/${asset}/price/confirm`, { price }))).toBe("201");
    }
    expect((await push(everything({ BTC: before["BTC"] ?? "1", ETH: before["ETH"] ?? "1" }))).frozen).toEqual([]);
  });
});

describe("DECISION-7: credit prices", () => {
  test("collateral that has just doubled opens nothing more and lets nothing more out; maintenance believes it", async () => {
    await api.client().deposit(freshKey("coin"), "carol", { asset: "ETH", amount: "10" });
    const withoutEther = everything({ BTC: "6000" }).ticks.filter(({ asset }) => asset !== "ETH");
    await push({ ticks: withoutEther });
    // Ether doubles on all venues, stays there for half a minute, and is in force.
    await last(33, { BTC: "6000", ETH: "300" });
    const { indices } = await api.client().market();
    const ether = indices.find(({ asset }) => asset === "ETH");
    expect([ether?.price, ether?.condition]).toEqual(["300", "LIVE"]);
    expect(Number(ether?.creditPrice)).toBeLessThan(200);
    const margin = await api.client().margin("carol");
    // At the index she has more than 3,000 dollars of margin to give, at her credit price less.
    expect(Number(margin.availableMargin)).toBeGreaterThan(3_000);
    const order = { buyer: "carol", seller: "bob", price: "6000" } as const;
    await api.client().deposit(freshKey("deep"), "bob", { asset: "USDC", amount: "1000000" });
    const big = await clear({ ...order, quantity: "25000" });
    const small = await clear({ ...order, quantity: "5000" });
    expect([big, small]).toEqual(["INITIAL_MARGIN_INSUFFICIENT", "POSTED"]);
  });
});

test("a house without market rules says so", async () => {
  const plain = await startTestApi();
  const rounds = [{ elapsedMs: 0, at: printTime(plain.now()), ticks: [], books: [] }];
  const body = { clock: "feed", rounds };
  await expect(plain.client().publishQuotes(freshKey(), body)).rejects.toMatchObject({ code: "MARKET_RULES_MISSING" });
  await expect(plain.client().market()).rejects.toMatchObject({ code: "MARKET_RULES_MISSING" });
  await plain.close();
}, 60_000);
