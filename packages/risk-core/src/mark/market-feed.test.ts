import { describe, expect, test } from "@jest/globals";
import { toUtcMillis } from "@ballast/model";
import { silentMarket } from "./live-market.js";
import { madeTicks, playFeed, replayTicks } from "./market-feed.js";
import { BTC, MARKET_RULES, T0 } from "./testing.js";

const STARTED = toUtcMillis(T0);
const HEADER = "at_ms,asset,source,sequence,price,age_ms";
/** A small generator of its own: the numbers are the test's, and always the same. */
const seeded = (seed: number) => {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
};

describe("MARKET-13: feeds", () => {
  test("a file is replayed line by line, in its order, and time passes in it", () => {
    const text = [HEADER, "0,BTC,c,1,100000,0", "0,BTC,d,2,100100.5,250", "11000,,,,,"].join("\n");
    const events = [...replayTicks(`${text}\n`, STARTED)];
    expect(events.map(({ kind, nowMs, at }) => [kind, nowMs, at - STARTED])).toEqual([
      ["tick", 0, 0],
      ["tick", 0, 0],
      ["clock", 11_000, 11_000],
    ]);
    expect(events[1]).toMatchObject({ asset: "BTC", source: "d", sequence: 2, ageMs: 250 });
  });

  //  what is wrong                 line                        the refusal
  test.each([
    ["other columns", "", "line 1: expected the columns at_ms"],
    ["a time with a point", "0.5,BTC,a,1,1,0", "line 2: expected whole milliseconds in at_ms"],
    ["a price with an exponent", "0,BTC,a,1,1e5,0", "line 2: expected a decimal in price"],
    ["a sequence below zero", "0,BTC,a,-1,1,0", "line 2: expected a whole number in sequence"],
    ["no age", "0,BTC,a,1,1", "line 2: expected whole milliseconds in age_ms"],
    ["a column too many", "0,BTC,a,1,1,0,9", "line 2: expected six columns"],
  ])("%s is refused with its line", (_, line, message) => {
    const text = line === "" ? "asset,price\n" : `${HEADER}\n${line}`;
    expect(() => [...replayTicks(text, STARTED)]).toThrow(message);
  });

  const made = {
    startedAt: STARTED,
    everyMs: 1_000,
    rounds: 50,
    assets: [
      { asset: "USDT", first: "1", move: 0.0001 },
      { asset: "BTC", first: "100000", move: 0.005 },
      { asset: "BTC-PERPETUALS", first: "100000", move: 0.005 },
    ],
    sources: ["a", "b", "c"],
    noise: 0.0005,
  };

  test("the same seed makes the same ticks, another one others", () => {
    const texts = (seed: number) => [...madeTicks(made, seeded(seed))].map((event) => JSON.stringify(event));
    expect(texts(7)).toEqual(texts(7));
    expect(texts(8)).not.toEqual(texts(7));
    expect(texts(7)).toHaveLength(50 * 3 * 3);
  });

  test("played into a market it gives a snapshot for every event, and an index that every source has part in", () => {
    const opened = silentMarket(MARKET_RULES, [...madeTicks({ ...made, rounds: 1 }, seeded(7))][0] ?? never());
    const snapshots = [...playFeed(MARKET_RULES, opened, madeTicks(made, seeded(7)))];
    expect(snapshots.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 450 }, (_, at) => at + 1));
    const last = snapshots.at(-1);
    expect(last?.indices.get(BTC)?.excluded).toEqual([{ source: "d", reason: "MISSING" }]);
    const prices = snapshots.slice(9).map(({ indexPrices }) => Number(indexPrices.get(BTC)));
    expect(Math.min(...prices)).toBeGreaterThan(80_000);
    expect(Math.max(...prices)).toBeLessThan(120_000);
  });
});

function never(): never {
  throw new Error("a feed has a first event");
}
