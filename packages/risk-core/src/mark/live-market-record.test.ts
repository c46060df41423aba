import { describe, expect, test } from "@jest/globals";
import { price, rate } from "@ballast/money";
import { toUtcMillis } from "@ballast/model";
import fc from "fast-check";
import type { Json } from "../parameters/fields.js";
import { type LiveMarket, liveSnapshot } from "./live-market.js";
import { loadLiveMarketRules } from "./live-market-document.js";
import { printLiveMarket, readLiveMarket } from "./live-market-record.js";
import {
  BTC,
  four,
  FUNDED,
  FUTURE,
  MARKET_DOCUMENT,
  MARKET_RULES,
  opened,
  OUTSIDE,
  PERPETUAL,
  T0,
  three,
  type ToldMarket,
  USDT,
} from "./testing.js";

/** Through text and back, as a database would keep it. */
const kept = (market: LiveMarket): Json => JSON.parse(JSON.stringify(printLiveMarket(MARKET_RULES, market))) as Json;
const again = (told: ToldMarket, sameClock = true): LiveMarket =>
  readLiveMarket(MARKET_RULES, kept(told.market), sameClock ? null : told.moment);

describe("MARKET-12: the record of a market", () => {
  const anyShare = fc.integer({ min: 80, max: 120 });
  const anyStep = fc.oneof(
    fc.record({
      asset: fc.constantFrom(BTC, USDT, OUTSIDE),
      source: fc.constantFrom("a", "b", "c"),
      share: anyShare,
    }),
    fc.record({ instrument: fc.constantFrom(PERPETUAL, FUNDED, FUTURE), share: anyShare }),
    fc.record({ waitedMs: fc.integer({ min: 0, max: 400_000 }) }),
  );
  type Step = typeof anyStep extends fc.Arbitrary<infer Drawn> ? Drawn : never;
  const anyStory = fc.array(anyStep, { maxLength: 30 });
  const tell = (market: ToldMarket, step: Step) => {
    if ("waitedMs" in step) market.pass(step.waitedMs);
    else if ("instrument" in step) market.book(step.instrument, `${step.share * 1_000}`);
    else
      market.say(step.asset, { [step.source]: step.asset === USDT ? `${step.share / 100}` : `${step.share * 1_000}` });
  };

  test("goes on exactly where it stopped, wherever that is", () => {
    fc.assert(
      fc.property(anyStory, anyStory, (before, after) => {
        const told = opened();
        for (const step of before) tell(told, step);
        const resumed = opened();
        resumed.market = again(told);
        resumed.passedMs = told.passedMs;
        expect(kept(resumed.market)).toEqual(kept(told.market));
        // The sequences of the two go on from different places; the newest says the same.
        for (const step of [...before, ...after]) tell(resumed, step);
        const whole = opened();
        whole.market = told.market;
        whole.passedMs = told.passedMs;
        for (const step of [...before, ...after]) tell(whole, step);
        expect(kept(resumed.market)).toEqual(kept(whole.market));
        expect([...resumed.snapshot.indices.values()]).toEqual([...whole.snapshot.indices.values()]);
      }),
      { numRuns: 60 },
    );
  });

  test("keeps funding, settlement samples and marks", () => {
    const told = opened().book(FUTURE, "100100");
    told.apply({
      kind: "funding",
      instrument: FUNDED,
      rate: rate("0.001"),
      paidAt: toUtcMillis(T0 + 9e6),
      intervalMs: 1e7,
    });
    told.passedMs = 2_000_000;
    told.say(USDT, three("1")).say(BTC, four("100500"));
    const market = again(told);
    expect(market.instruments).toEqual(told.market.instruments);
    expect(market.instruments[2]?.settlement.count).toBe(1);
  });

  test("of a feed that has started anew: prices stay, and everything is frozen until its sources have spoken again", () => {
    const told = opened().book(FUNDED, "100100");
    told.passedMs = 17;
    const snapshot = liveSnapshot(MARKET_RULES, again(told, false));
    expect(snapshot.indexPrices.get(BTC)?.toFixed()).toBe("100000");
    expect(snapshot.markPrices.get(FUNDED)?.toFixed()).toBe(told.mark(FUNDED));
    expect(snapshot.depths.get(FUNDED)?.toFixed()).toBe("1000000");
    expect([...snapshot.frozen]).toEqual([BTC, USDT, OUTSIDE]);
    const resumed = opened();
    resumed.market = again(told, false);
    resumed.say(USDT, three("1")).say(BTC, four("100100")).say(OUTSIDE, three("100100"));
    expect([...resumed.snapshot.frozen]).toEqual([]);
  });

  test("a restart of the feed neither ends a freeze nor begins it again", () => {
    const told = opened().pass(11_000).pass(600_000);
    told.passedMs = 5;
    const resumed = opened();
    resumed.market = again(told, false);
    resumed.passedMs = 5;
    expect(resumed.pass(299_999).snapshot.indices.get(BTC)?.condition).toBe("FROZEN");
    expect(resumed.pass(1).snapshot.indices.get(BTC)?.condition).toBe("NEEDS_PERSON");
    const later = opened();
    later.market = readLiveMarket(MARKET_RULES, kept(resumed.market), later.moment);
    expect(later.say(USDT, three("1")).snapshot.indices.get(USDT)?.condition).toBe("NEEDS_PERSON");
    later.apply({ kind: "person", asset: USDT, price: price("1") });
    expect(later.snapshot.indices.get(USDT)?.condition).toBe("LIVE");
  });

  test("outlives a change of the rules: what is new is silent, what is gone is forgotten", () => {
    const [first, , third] = MARKET_DOCUMENT.instruments;
    const { "BTC-PERPETUALS": _, USDT: usdt, BTC: btc } = MARKET_DOCUMENT.indices;
    const changed = loadLiveMarketRules({
      ...MARKET_DOCUMENT,
      indices: { ETH: usdt, USDT: { ...usdt, sources: [...usdt.sources].reverse() }, BTC: btc },
      instruments: [
        { ...first, anchor: null },
        { ...third, id: "BTC-NEW" },
      ],
    });
    const told = opened();
    const market = readLiveMarket(changed, kept(told.market), null);
    const snapshot = liveSnapshot(changed, market);
    expect([...snapshot.indexPrices].map(([asset, value]) => `${asset} ${value.toFixed()}`)).toEqual([
      "USDT 1",
      "BTC 100000",
    ]);
    expect([...snapshot.markPrices.keys()]).toEqual([PERPETUAL]);
    expect([...snapshot.frozen]).toEqual(["ETH"]);
  });

  test("something else than a record is a bug", () => {
    for (const json of [null, {}, { sequence: "1" }, []]) {
      expect(() => readLiveMarket(MARKET_RULES, json, null)).toThrow("MARKET-12 a record is of a market");
    }
  });
});
