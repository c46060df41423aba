import { describe, expect, test } from "@jest/globals";
import { type AssetId, assetId, instrumentId, toUtcMillis } from "@ballast/model";
import { price, rate, ratio, usd } from "@ballast/money";
import fc from "fast-check";
import { type IndexRules, loadIndexRules, sourceId } from "../market/index-rules.js";
import { toMonotonicMillis } from "../market/monotonic-millis.js";
import { rulesText, type SourceText } from "../market/testing.js";
import {
  type LiveMarket,
  type LiveSnapshot,
  liveSnapshot,
  type MarketEvent,
  reduceMarket,
  silentMarket,
} from "./live-market.js";
import { type LiveMarketRules, liveMarketRules, type MarkedInstrument } from "./live-market-rules.js";

const T0 = 1_780_000_000_000;
const [BTC, USDT] = [assetId("BTC"), assetId("USDT")];
const OUTSIDE = assetId("BTC-PERPETUALS");
const PERPETUAL = instrumentId("BTC_USDC-PERPETUAL");
const FUNDED = instrumentId("BTC-PERPETUAL");
const FUTURE = instrumentId("BTC_USDC-26JUN26");

const venues = (names: readonly string[], quotedIn: string | null = null): readonly SourceText[] =>
  names.map((id) => ({ id, quotedIn }));
const index = (sources: readonly SourceText[]): IndexRules => loadIndexRules(rulesText(sources));
const perpetual = { clampWidth: ratio("0.02"), memoryMs: 150_000 };

const INDICES: ReadonlyMap<AssetId, IndexRules> = new Map([
  [BTC, index([...venues(["a", "b"], "USDT"), ...venues(["c", "d"])])],
  [USDT, index(venues(["a", "b", "c"]))],
  [OUTSIDE, index(venues(["a", "b", "c"]))],
]);
const INSTRUMENTS: readonly MarkedInstrument[] = [
  { kind: "perpetual", id: PERPETUAL, underlying: BTC, anchor: OUTSIDE, bookAgeMsMax: 5_000, rules: perpetual },
  { kind: "perpetual", id: FUNDED, underlying: BTC, anchor: "funding", bookAgeMsMax: 5_000, rules: perpetual },
  {
    kind: "dated-future",
    id: FUTURE,
    underlying: BTC,
    anchor: null,
    bookAgeMsMax: 5_000,
    expiresAt: toUtcMillis(T0 + 3_600_000),
    rules: { ...perpetual, clampWidthPerYear: ratio("0.3") },
    settlement: { windowMs: 1_800_000, sampleEveryMs: 4_000, samplesShareMin: ratio("0.8") },
  },
];
const STABLE = { perSecondMax: ratio("0.0001"), stepMsMax: 600_000 };
const RULES: LiveMarketRules = liveMarketRules(INDICES, INSTRUMENTS, STABLE);

/** Without its moment, an event is told at the market's own. */
type Untimed<Event> = Event extends unknown ? Omit<Event, "nowMs" | "at"> : never;

class ToldMarket {
  passedMs = 0;
  market: LiveMarket = silentMarket(RULES, this.moment());
  private sequence = 0;

  say(asset: AssetId, prices: Readonly<Record<string, string>>): this {
    for (const [source, text] of Object.entries(prices)) {
      this.apply({
        kind: "tick",
        asset,
        source: sourceId(source),
        sequence: ++this.sequence,
        price: price(text),
        ageMs: 0,
      });
    }
    return this;
  }

  book(instrument: typeof PERPETUAL, level: string, sequence = ++this.sequence): this {
    const side = price(level);
    return this.apply({
      kind: "book",
      instrument,
      sequence,
      book: { bid: side, ask: side, last: side },
      depth: usd("1000000"),
    });
  }

  pass(ms: number): this {
    this.passedMs += ms;
    return this.apply({ kind: "clock" });
  }

  apply(event: Untimed<MarketEvent>): this {
    this.market = reduceMarket(RULES, this.market, { ...event, ...this.moment() } as MarketEvent);
    return this;
  }

  get snapshot(): LiveSnapshot {
    return liveSnapshot(RULES, this.market);
  }

  mark(instrument: typeof PERPETUAL): string | undefined {
    return this.snapshot.markPrices.get(instrument)?.toFixed();
  }

  private moment() {
    return { nowMs: toMonotonicMillis(this.passedMs), at: toUtcMillis(T0 + this.passedMs) };
  }
}

const all = (level: string) => ({ a: level, b: level, c: level, d: level });
const three = (level: string) => ({ a: level, b: level, c: level });
const opened = () => new ToldMarket().say(USDT, three("1")).say(BTC, all("100000")).say(OUTSIDE, three("100000"));

describe("MARKET-11: the live market", () => {
  test("has no price before there is one, and then a mark for everything that follows it", () => {
    expect([...new ToldMarket().snapshot.markPrices]).toEqual([]);
    const { snapshot } = opened();
    expect([...snapshot.markPrices].map(([id, mark]) => `${id} ${mark.toFixed()}`)).toEqual([
      `${PERPETUAL} 100000`,
      `${FUNDED} 100000`,
      `${FUTURE} 100000`,
    ]);
    expect([...snapshot.indexPrices.keys()]).toEqual([BTC, USDT, OUTSIDE]);
    expect(snapshot.indices.get(BTC)?.condition).toBe("LIVE");
    expect(snapshot.depths.size).toBe(0);
  });

  test("follows the index with the same tick", () => {
    const market = opened().say(BTC, all("101000"));
    expect(market.mark(FUNDED)).toBe("101000");
    // The anchor is still where it was: the mark lies between.
    expect(market.mark(PERPETUAL)).toBe("100500");
    expect(market.say(OUTSIDE, three("101000")).mark(PERPETUAL)).toBe("101000");
  });

  test("a stablecoin that slips takes the quotes in it along, in order, with the same tick", () => {
    const market = opened().say(BTC, { a: "102000", b: "102000" });
    expect(market.snapshot.indexPrices.get(BTC)?.toFixed()).toBe("101000");
    market.say(USDT, three("0.98"));
    expect(market.snapshot.indexPrices.get(BTC)?.toFixed()).toBe("99980");
    expect(market.mark(FUNDED)).toBe("99980");
  });

  test("a frozen stablecoin silences who quotes in it, and a frozen index keeps its marks", () => {
    const market = opened().pass(11_000).say(BTC, all("101000"));
    expect(market.snapshot.indices.get(BTC)).toMatchObject({ condition: "FROZEN", reason: "TOO_FEW_SOURCES" });
    expect(market.book(FUNDED, "50000").mark(FUNDED)).toBe("100000");
    expect(market.say(USDT, three("1")).mark(FUNDED)).toBe("101000");
  });

  test("an older book never replaces a newer one, and an old one says nothing", () => {
    const market = opened().book(FUNDED, "100200", 900).book(FUNDED, "100900", 899);
    expect(market.mark(FUNDED)).toBe("100000");
    const averaged = 100_000 + (200 * 5) / (5 + 150);
    market.pass(5_000).say(USDT, three("1")).say(BTC, all("100000"));
    expect(Number(market.mark(FUNDED))).toBeCloseTo(averaged, 5);
    market.pass(1).say(BTC, all("110000"));
    expect(Number(market.mark(FUNDED))).toBeCloseTo(averaged * 1.1, 1);
    expect(market.snapshot.depths.get(FUNDED)?.toFixed()).toBe("1000000");
  });

  test("a perpetual is anchored by the funding still to be paid, until it is paid", () => {
    const market = opened();
    const paidAt = toUtcMillis(T0 + 4_000_000);
    market.apply({ kind: "funding", instrument: FUNDED, rate: rate("0.004"), paidAt, intervalMs: 8_000_000 });
    market.book(FUNDED, "100900");
    expect(market.mark(FUNDED)).toBe("100200");
    market.passedMs = 4_000_000;
    market.say(USDT, three("1")).say(BTC, all("100000"));
    expect(Number(market.mark(FUNDED))).toBeGreaterThan(100_400);
  });

  test("an own book far away moves nothing beyond the clamp, and is reported", () => {
    const market = opened().say(OUTSIDE, three("150000")).book(PERPETUAL, "150000");
    expect(market.mark(PERPETUAL)).toBe("100000");
    market.pass(1_000).pass(1_000);
    for (let passed = 0; passed < 60; passed += 1) {
      market.pass(1_000).say(USDT, three("1")).say(BTC, all("100000")).say(OUTSIDE, three("150000"));
    }
    market.book(PERPETUAL, "150000");
    const clamped = [...market.snapshot.marks].filter(([, mark]) => mark.clamped).map(([id]) => id);
    expect([market.mark(PERPETUAL), clamped]).toEqual(["102000", [PERPETUAL]]);
  });

  test("a future in its settlement window is marked against what has been sampled", () => {
    const market = opened();
    market.passedMs = 1_800_000;
    for (let passed = 0; passed < 900; passed += 4) {
      market.pass(4_000).say(USDT, three("1")).say(BTC, all("100000"));
    }
    market.say(BTC, all("102000"));
    expect(market.mark(FUTURE)).toBe("101000");
    market.passedMs = 3_600_001;
    market.say(USDT, three("1")).say(BTC, all("102000"));
    expect(market.mark(FUTURE)?.startsWith("100")).toBe(true);
  });

  test("counts collateral at the stable price after a rise, and at the price after a fall", () => {
    const rose = opened().say(BTC, all("105000")).pass(1_000).snapshot;
    expect([rose.creditPrices.get(BTC)?.toFixed(), rose.stablePrices.get(BTC)?.toFixed()]).toEqual([
      "100010",
      "100010",
    ]);
    const fell = opened().say(BTC, all("95000")).snapshot;
    expect([fell.creditPrices.get(BTC)?.toFixed(), fell.stablePrices.get(BTC)?.toFixed()]).toEqual(["95000", "100000"]);
  });

  test("a person brings an index back, and its marks with it", () => {
    const market = opened().pass(11_000).pass(900_000);
    expect(market.snapshot.indices.get(BTC)?.condition).toBe("NEEDS_PERSON");
    market.say(USDT, three("1"));
    market.apply({ kind: "person", asset: USDT, price: price("1") });
    market.apply({ kind: "person", asset: BTC, price: price("90000") });
    expect(market.say(BTC, all("90000")).mark(FUNDED)).toBe("90000");
  });

  test("what it does not know is refused", () => {
    const unknown = assetId("XYZ");
    expect(() => opened().say(unknown, { a: "1" })).toThrow(
      "expected an asset or instrument of this market; found XYZ",
    );
    expect(() => opened().book(instrumentId("XYZ-PERPETUAL"), "1")).toThrow("found XYZ-PERPETUAL");
    expect(() => opened().say(BTC, { z: "1" })).toThrow("expected a source of the index; found z");
  });

  const anyTicks = fc.array(
    fc.oneof(
      fc.record({
        asset: fc.constantFrom(BTC, OUTSIDE),
        source: fc.constantFrom("a", "b", "c"),
        level: fc.integer({ min: 97_000, max: 103_000 }),
      }),
      fc.record({
        asset: fc.constant(USDT),
        source: fc.constantFrom("a", "b", "c"),
        level: fc.constantFrom("0.99", "1", "1.01"),
      }),
      fc.record({
        instrument: fc.constantFrom(PERPETUAL, FUNDED, FUTURE),
        level: fc.integer({ min: 50_000, max: 150_000 }),
      }),
    ),
    { maxLength: 25 },
  );

  test("touching only what an event concerns is the same as making everything again", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 9_000 }), anyTicks), { maxLength: 4 }), (stretches) => {
        const market = opened();
        for (const [waitedMs, ticks] of stretches) {
          market.pass(waitedMs);
          for (const tick of ticks) {
            if ("asset" in tick) market.say(tick.asset, { [tick.source]: `${tick.level}` });
            else market.book(tick.instrument, `${tick.level}`);
          }
          const touched = market.snapshot;
          const whole = market.pass(0).snapshot;
          for (const column of ["indexPrices", "markPrices", "creditPrices", "stablePrices", "depths"] as const) {
            expect([column, [...touched[column]].map(String)]).toEqual([column, [...whole[column]].map(String)]);
          }
          expect([...touched.indices.values()]).toEqual([...whole.indices.values()]);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe("MARKET-11: rules that do not fit together", () => {
  const usdt = index(venues(["a", "b", "c"], "USDC"));
  const usdc = index(venues(["a", "b", "c"], "USDT"));
  const [first, second, third] = INSTRUMENTS as [MarkedInstrument, MarkedInstrument, MarkedInstrument];

  //  what is wrong        indices and instruments        the refusal
  test.each<[string, ReadonlyMap<AssetId, IndexRules>, readonly MarkedInstrument[], string]>([
    [
      "a circle",
      new Map([
        [USDT, usdt],
        [assetId("USDC"), usdc],
      ]),
      [],
      "USDT is quoted in itself, in a circle",
    ],
    ["a quote in something without an index", new Map([[USDT, usdt]]), [], "USDT follows USDC, which has no index"],
    ["an instrument twice", INDICES, [first, second, third, first], "an instrument stands there twice"],
    [
      "an underlying without an index",
      new Map([[OUTSIDE, index(venues(["a", "b", "c"]))]]),
      [second],
      "BTC-PERPETUAL follows BTC, which has no index",
    ],
  ])("%s", (_, indices, instruments, message) => {
    expect(() => liveMarketRules(indices, instruments, STABLE)).toThrow(
      message.startsWith("USDT follows USDT") ? "circle" : message,
    );
  });
});
