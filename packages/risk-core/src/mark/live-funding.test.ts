import { describe, expect, test } from "@jest/globals";
import { price, usd } from "@ballast/money";
import { impactPrices } from "./live-funding.js";
import { liveSnapshot, takeFundings } from "./live-market.js";
import { printLiveMarket, readLiveMarket } from "./live-market-record.js";
import { BTC, four, FUNDED, MARKET_RULES, opened, OUTSIDE, T0, three, type ToldMarket, USDT } from "./testing.js";

const HOUR = 3_600_000;
const MINUTE = 60_000;
const toBoundary = HOUR - (T0 % HOUR);

/** Minutes in which everybody says the same and the book of the funded perpetual stands at a level. */
function minutes(market: ToldMarket, count: number, level: string): ToldMarket {
  for (let minute = 0; minute < count; minute += 1) {
    market.pass(MINUTE).say(USDT, three("1")).say(BTC, four("100000")).say(OUTSIDE, three("100000"));
    market.book(FUNDED, level);
  }
  return market;
}

/** A market at the first boundary of an hour. */
function atBoundary(): ToldMarket {
  const market = opened();
  market.passedMs = toBoundary - MINUTE;
  return minutes(market, 1, "100000");
}

const taken = (market: ToldMarket) =>
  takeFundings(MARKET_RULES, market.market).taken.map((one) => ({
    ...one,
    rate: one.rate?.toFixed() ?? null,
    price: one.price.toFixed(),
  }));

describe("MARK-10: impact prices of a book that moves evenly", () => {
  //  bid    ask    depth       size      impact bid and ask
  test.each([
    ["100", "101", "1000000", "20000", "99.99", "101.0101"],
    ["100", "101", "20000", "20000", "99.5", "101.505"],
    ["100", "101", "1", "1000000", null, "202"],
  ])("%s–%s, depth %s, size %s: %s and %s", (bid, ask, depth, size, received, paid) => {
    const book = { bid: price(bid), ask: price(ask), last: null };
    const impact = impactPrices(book, usd(depth), usd(size));
    expect([impact?.bid?.toFixed() ?? null, impact?.ask?.toFixed()]).toEqual([received, paid]);
  });

  test("a book with one side, or of no known depth, says nothing", () => {
    const book = { bid: price("1"), ask: price("1"), last: null };
    expect(impactPrices({ ...book, bid: null }, usd("1"), usd("1"))).toBeNull();
    expect(impactPrices(book, null, usd("1"))).toBeNull();
  });
});

describe("MARK-15: funding, live", () => {
  test("an interval ends once, at its rate, and at the mark that stood then", () => {
    const market = atBoundary();
    market.market = takeFundings(MARKET_RULES, market.market).market;
    minutes(market, 59, "101000");
    expect(taken(market)).toEqual([]);
    const stood = market.mark(FUNDED);
    minutes(market, 2, "101000");
    const [ended, ...more] = taken(market);
    expect(more).toEqual([]);
    expect(ended).toMatchObject({ instrument: FUNDED, paidAt: T0 + toBoundary + HOUR, price: stood });
    // A premium of nearly one per cent, and the dampener moves it by half of a per mille; the cap is 0.75 %.
    expect(ended?.rate).toBe("0.0075");
  });

  test("one that was seen for less than half of its time has no rate", () => {
    const market = atBoundary();
    market.market = takeFundings(MARKET_RULES, market.market).market;
    minutes(market, 20, "100000");
    market.passedMs += 45 * MINUTE;
    minutes(market, 1, "100000");
    expect(taken(market)).toMatchObject([{ rate: null, paidAt: T0 + toBoundary + HOUR }]);
  });

  test("intervals that pass while nothing is told have no funding", () => {
    const market = atBoundary();
    market.market = takeFundings(MARKET_RULES, market.market).market;
    minutes(market, 40, "100000");
    market.passedMs += 5 * HOUR;
    minutes(market, 1, "100000");
    expect(taken(market)).toHaveLength(1);
  });

  test("what runs and what has ended outlive the process, and what is taken is gone", () => {
    const market = minutes(atBoundary(), 70, "100100");
    const read = readLiveMarket(MARKET_RULES, printLiveMarket(MARKET_RULES, market.market), null);
    expect(printLiveMarket(MARKET_RULES, read)).toEqual(printLiveMarket(MARKET_RULES, market.market));
    const { taken: once, market: after } = takeFundings(MARKET_RULES, read);
    expect(once.map(({ paidAt }) => paidAt)).toEqual([T0 + toBoundary, T0 + toBoundary + HOUR]);
    expect(takeFundings(MARKET_RULES, after).taken).toEqual([]);
    expect(liveSnapshot(MARKET_RULES, after).markPrices.get(FUNDED)).toEqual(read.instruments[1]?.mark?.price);
  });
});
