import { expect, test } from "@jest/globals";
import {
  type AssetId,
  assetId,
  type InstrumentId,
  instrumentId,
  type MarketSnapshot,
  toUtcMillis,
} from "@ballast/model";
import { price, usd } from "@ballast/money";
import { PLAYED_INSTRUMENTS, USDC, VENUES } from "./assumptions.js";
import { quoteRounds } from "./quotes.js";

const START = toUtcMillis(Date.UTC(2020, 2, 12));
const BTC = assetId("BTC");
const PERPETUAL = instrumentId("BTC_USDC-PERPETUAL");
const FUTURE = instrumentId("BTC_USDC-26JUN20");

function snapshot(sequence: number, minutes: number, bitcoin: string): MarketSnapshot {
  const each = <Value>(value: Value) => new Map(PLAYED_INSTRUMENTS.map(({ id }): [InstrumentId, Value] => [id, value]));
  return {
    sequence,
    at: toUtcMillis(START + minutes * 60_000),
    indexPrices: new Map<AssetId, ReturnType<typeof price>>([
      [USDC, price("1")],
      [BTC, price(bitcoin)],
      [assetId("ETH"), price("200")],
    ]),
    markPrices: each(price(bitcoin)),
    depths: each(usd("1000000")),
  };
}

const opening = snapshot(1, 0, "8000");
const fallen = snapshot(2, 20, "7200");
const told = (seed = "1") => quoteRounds({ seed, startedAt: START, from: opening, to: fallen });
const book = (round: ReturnType<typeof told>[number] | undefined, id: InstrumentId) =>
  round?.books.find(({ instrument }) => instrument === id);

test("the opening is one moment, at which every venue says every asset, and every instrument has a book", () => {
  const rounds = quoteRounds({ seed: "1", startedAt: START, from: null, to: opening });
  expect(rounds.map(({ elapsedMs, at }) => [elapsedMs, at])).toEqual([[0, "2020-03-12T00:00:00.000Z"]]);
  expect(rounds[0]?.ticks).toHaveLength(3 * VENUES.length);
  expect(rounds[0]?.books.map(({ instrument }) => instrument)).toEqual(PLAYED_INSTRUMENTS.map(({ id }) => id));
});

test("twenty minutes are twenty moments on the straight way, and sequences rise from one to the next", () => {
  const rounds = told();
  expect(rounds.map(({ elapsedMs }) => elapsedMs / 60_000)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
  const half = rounds[9]?.ticks.filter(({ asset }) => asset === "BTC") ?? [];
  // Half way down is 7,600; no venue is further from it than three basis points.
  for (const tick of half) expect(price(tick.price).sub("7600").abs().lte("2.28")).toBe(true);
  expect(new Set(half.map((tick) => tick.price)).size).toBe(VENUES.length);
  const sequences = rounds.map(({ ticks }) => ticks[0]?.sequence ?? 0);
  expect(sequences).toEqual([...sequences].sort((left, right) => left - right));
  expect(new Set(sequences).size).toBe(sequences.length);
});

test("a dollar is a dollar on every venue", () => {
  const dollars = told().flatMap(({ ticks }) => ticks.filter(({ asset }) => asset === "USDC"));
  expect(new Set(dollars.map((tick) => tick.price))).toEqual(new Set(["1"]));
});

test("in a fall the book of a perpetual stands below the venues, by no more than 0.3 %; that of a future does not", () => {
  const last = told().at(-1);
  // 5 % of a fall of 10 % is 0.5 %, and capped: 7,200 × 0.997 = 7,178.4.
  expect(book(last, PERPETUAL)).toMatchObject({ last: "7178.4", bid: "7177.68216", ask: "7179.11784" });
  expect(book(last, FUTURE)?.last).toBe("7200");
});

test("the same seed tells the same; another seed has other venues and the same books", () => {
  expect(told()).toEqual(told());
  expect(told("2")).not.toEqual(told());
  expect(told("2").map(({ books }) => books)).toEqual(told().map(({ books }) => books));
});
