import { describe, expect, test } from "@jest/globals";
import { type AssetId, assetId, instrumentId, toUtcMillis } from "@ballast/model";
import { price, rate, ratio } from "@ballast/money";
import fc from "fast-check";
import { type IndexRules, loadIndexRules } from "../market/index-rules.js";
import { rulesText } from "../market/testing.js";
import { isComplete } from "./live-market.js";
import { loadLiveMarketRules } from "./live-market-document.js";
import { liveMarketRules, type MarkedInstrument } from "./live-market-rules.js";
import { PARAMETERS } from "../testing.js";
import { standardMarketRules } from "./standard-market.js";
import {
  BTC,
  four as all,
  FUNDED,
  FUTURE,
  MARKET_DOCUMENT,
  MARKET_RULES,
  opened,
  OUTSIDE,
  PERPETUAL,
  T0,
  three,
  ToldMarket,
  USDT,
} from "./testing.js";

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
    // Both perpetuals are marked with the index; what new risk is judged at follows as slowly.
    expect([rose.markPrices.get(FUNDED)?.toFixed(), rose.stableMarks.get(FUNDED)?.toFixed()]).toEqual([
      "105000",
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
          for (const column of [
            "indexPrices",
            "markPrices",
            "creditPrices",
            "stablePrices",
            "stableMarks",
            "depths",
          ] as const) {
            expect([column, [...touched[column]].map(String)]).toEqual([column, [...whole[column]].map(String)]);
          }
          expect([...touched.indices.values()]).toEqual([...whole.indices.values()]);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe("MARKET-11: what is complete", () => {
  test("a market in which every instrument has a mark and a depth, and a frozen price is a price", () => {
    const market = opened();
    expect(isComplete(market.snapshot, MARKET_RULES)).toBe(false);
    for (const instrument of [PERPETUAL, FUNDED, FUTURE]) market.book(instrument, "100000");
    expect(isComplete(market.snapshot, MARKET_RULES)).toBe(true);
    expect([...market.snapshot.frozen]).toEqual([]);
    market.pass(11_000);
    expect(isComplete(market.snapshot, MARKET_RULES)).toBe(true);
    expect([...market.snapshot.frozen]).toEqual([BTC, USDT, OUTSIDE]);
  });
});

test("MARKET-11: the standard rules know every asset and instrument of the standard parameters", () => {
  const { assets, instruments } = standardMarketRules(PARAMETERS);
  expect(assets).toEqual([...PARAMETERS.assets.keys()]);
  expect(instruments.map(({ id }) => id)).toEqual([...PARAMETERS.instruments.keys()]);
});

describe("MARKET-11: rules from outside", () => {
  const indexOf = (quotedIn: string | null): IndexRules =>
    loadIndexRules(rulesText(["a", "b", "c"].map((id) => ({ id, quotedIn }))));
  const STABLE = { perSecondMax: ratio("0.0001"), stepMsMax: 600_000 };
  const [first, second, third] = MARKET_RULES.instruments as [MarkedInstrument, MarkedInstrument, MarkedInstrument];
  const all = new Map(MARKET_RULES.assets.map((asset, at) => [asset, MARKET_RULES.indices[at] as IndexRules]));
  const USDC = assetId("USDC");
  const circle = new Map([
    [USDT, indexOf("USDC")],
    [USDC, indexOf("USDT")],
  ]);

  //  what does not fit                      indices                              instruments                   the refusal
  test.each<[string, ReadonlyMap<AssetId, IndexRules>, readonly MarkedInstrument[], string]>([
    ["a circle", circle, [], "USDT is quoted in itself, in a circle"],
    [
      "a quote in something without an index",
      new Map([[USDT, indexOf("USDC")]]),
      [],
      "USDT follows USDC, which has no",
    ],
    ["an instrument twice", all, [first, second, third, first], "an instrument stands there twice"],
    ["an underlying without an index", new Map([[OUTSIDE, indexOf(null)]]), [second], "BTC-PERPETUAL follows BTC"],
  ])("%s", (_, indices, instruments, message) => {
    expect(() => liveMarketRules(indices, instruments, STABLE)).toThrow(message);
  });

  const [perpetual, , future] = MARKET_DOCUMENT.instruments as readonly object[];

  //  what is wrong                      changed                                                             refused at
  test.each<[string, object, string]>([
    ["no stable price", { stable: {} }, "stable.perSecondMax: expected a value"],
    ["a stable price that leaps", { stable: { perSecondMax: "2", stepMsMax: 1 } }, "stable.perSecondMax"],
    ["an index that is none", { indices: { BTC: {} } }, "indices.BTC.sources: expected a value"],
    ["an option", { instruments: [{ ...perpetual, kind: "option" }] }, "instruments[0].kind: expected one of"],
    ["no kind", { instruments: [{}] }, "instruments[0].kind: expected one of"],
    ["a clamp of everything", { instruments: [{ ...perpetual, clampWidth: "1" }] }, "instruments[0].clampWidth"],
    [
      "a perpetual that expires",
      { instruments: [{ ...perpetual, expiresAt: "x" }] },
      "instruments[0].expiresAt: expected no such",
    ],
    [
      "an expiry that is no time",
      { instruments: [{ ...future, expiresAt: "soon" }] },
      "instruments[0].expiresAt: expected a UTC",
    ],
    [
      "an expiry that is written otherwise",
      { instruments: [{ ...future, expiresAt: "2026-06-26" }] },
      "instruments[0].expiresAt: expected a UTC",
    ],
  ])("%s", (_, changed, message) => {
    expect(() => loadLiveMarketRules({ ...MARKET_DOCUMENT, ...changed })).toThrow(message);
  });
});
