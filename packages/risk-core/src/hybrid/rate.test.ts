import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { NoEstimate } from "../estimate/no-estimate.js";
import { haircutOf, PEG_PARTS } from "./haircut.f64.js";
import { horizonLogRate, limitedLogRate, longRate, shortRate, steppedLogRate, volatilitiesOf } from "./rate.f64.js";
import { type AssetRate, rateStream } from "./rate-stream.f64.js";
import { BALLAST_HYBRID, BALLAST_HYBRID_2, type RateRecipe, YOUNG_RULE } from "./recipe.js";
import { type DayMove, observeDay, UNSEEN, volatilityForecast } from "./volatility-state.f64.js";
import { shockedVolatility, skewShock } from "./volatility-shock.f64.js";

const dayMove = fc.record({
  logMove: fc.double({ min: -1, max: 1.6, noNaN: true }),
  logRange: fc.double({ min: 0.001, max: 2, noNaN: true }),
});
const recipe = fc.constantFrom(BALLAST_HYBRID, BALLAST_HYBRID_2);
const calmDays = (count: number): DayMove[] =>
  Array.from({ length: count }, (_, day) => ({ logMove: (day % 2 === 0 ? 1 : -1) * 0.03, logRange: 0.05 }));

describe("one asset", () => {
  test("HYBRID-3: no day raises sigma by more than a fifth, however wild", () => {
    fc.assert(
      fc.property(recipe, fc.array(dayMove, { minLength: 40, maxLength: 80 }), (chosen, days) => {
        let state = UNSEEN;
        for (const day of days) {
          const before = volatilityForecast(state).sigma;
          state = observeDay(state, day, chosen);
          const after = volatilityForecast(state).sigma;
          if (before === undefined || after === undefined) continue;
          expect(after / before).toBeLessThanOrEqual(Math.sqrt(0.97 + 0.03 * 16) + 1e-12);
          expect(after / before).toBeGreaterThanOrEqual(Math.sqrt(0.97) - 1e-12);
        }
      }),
      { numRuns: 40 },
    );
  });

  test("HYBRID-4: the stressed volatility never falls, and is there from day 100 on", () => {
    fc.assert(
      fc.property(recipe, fc.array(dayMove, { minLength: 100, maxLength: 130 }), (chosen, days) => {
        let state = UNSEEN;
        let before = 0;
        days.forEach((day, at) => {
          state = observeDay(state, day, chosen);
          const { stressedSigma } = volatilityForecast(state);
          expect(stressedSigma === undefined).toBe(at + 1 < 100);
          expect(stressedSigma ?? 0).toBeGreaterThanOrEqual(before);
          before = stressedSigma ?? 0;
        });
      }),
      { numRuns: 10 },
    );
  });

  test("HYBRID-1: days on which the market was shut change nothing, before its first day and after", () => {
    const shut = Array.from({ length: 200 }, () => ({ logMove: 0, logRange: 0 }));
    const after = (days: readonly DayMove[]) =>
      days.reduce((state, day) => observeDay(state, day, BALLAST_HYBRID), UNSEEN);
    expect(after(shut)).toBe(UNSEEN);
    expect(after([...shut, ...calmDays(120), ...shut])).toEqual(after(calmDays(120)));
  });

  test("HYBRID-6: a short pays more than a long, and a long never more than all", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 20, noNaN: true }), (logRate) => {
        expect(shortRate(logRate)).toBeGreaterThan(longRate(logRate));
        expect(longRate(logRate)).toBeLessThanOrEqual(1);
      }),
    );
  });

  //     what happens                          rate   yesterday  published
  test.each([
    ["the first rate is published as it is", 0.2, undefined, 0.2],
    ["a rise within a tenth is published", 0.21, 0.2, 0.21],
    ["a larger rise waits", 0.3, 0.2, 0.22],
    ["a fall is published at once", 0.1, 0.2, 0.1],
  ] as const)("HYBRID-7: %s", (_, logRate, yesterday, expected) => {
    expect(limitedLogRate(logRate, yesterday, BALLAST_HYBRID)).toBeCloseTo(expected, 12);
  });

  //     what happens                                  limited  before    published
  test.each([
    ["the first is rounded up", 0.201, undefined, 0.205],
    ["a whole step is not rounded further", 0.205, undefined, 0.205],
    ["a rise is published at once", 0.206, 0.205, 0.21],
    ["one step below changes nothing", 0.2, 0.205, 0.205],
    ["two steps below fall", 0.195, 0.205, 0.195],
    ["just above two steps below stays", 0.1951, 0.205, 0.205],
  ] as const)("HYBRID-8: %s", (_, limited, before, expected) => {
    expect(steppedLogRate(limited, before, 0.005)).toBeCloseTo(expected, 12);
  });

  test("HYBRID-9: eight hours need 0.61 of a day, and a day a day", () => {
    expect(horizonLogRate(0.2, 24)).toBeCloseTo(0.2, 15);
    expect(horizonLogRate(1, 8)).toBeCloseTo(0.61, 2);
    expect(() => horizonLogRate(0.2, 0.5)).toThrow(NoEstimate);
    expect(() => horizonLogRate(0.2, 121)).toThrow(NoEstimate);
  });
});

describe("HYBRID-10: a young asset borrows from its grown peers", () => {
  const peers = [0.02, 0.03, 0.04].map((sigma) => ({ sigma, stressedSigma: 2 * sigma }));
  //     age                                own sigma, stressed  days  peers   sigma  stressed  borrowed
  test.each([
    ["without a day", undefined, undefined, 0, peers, [0.03, 0.06, true]],
    ["after 29 days", 0.09, undefined, 29, peers, [0.03, 0.06, true]],
    ["after 30 days, calmer than its peers", 0.01, undefined, 30, peers, [0.03, 0.06, true]],
    ["after 30 days, wilder than its peers", 0.09, undefined, 30, peers, [0.09, 0.06, true]],
    ["after 100 days, calmer than its peers", 0.01, 0.02, 100, peers, [0.01, 0.06, true]],
    ["after 100 days, with a wilder year of its own", 0.01, 0.08, 100, peers, [0.01, 0.08, false]],
    ["after 500 days", 0.01, 0.02, 500, peers, [0.01, 0.02, false]],
    ["after 100 days with two peers", 0.01, 0.02, 100, peers.slice(1), [0.01, 0.02, false]],
    ["after 50 days with two peers", 0.01, undefined, 50, peers.slice(1), null],
  ] as const)("%s", (_, sigma, stressedSigma, days, others, expected) => {
    const got = volatilitiesOf({ sigma, stressedSigma }, days, others, YOUNG_RULE);
    const figures = got === null ? null : [got.volatilities.sigma, got.volatilities.stressedSigma, got.isBorrowed];
    expect(figures).toEqual(expected);
  });

  test("in the stream: an asset that is only listed has the peers' rate, and says that it is borrowed", () => {
    const young: RateRecipe = { ...BALLAST_HYBRID, young: { ...YOUNG_RULE, grownDays: 200 } };
    const stream = rateStream(young);
    calmDays(260).forEach((move, day) => stream.observe(day, new Map(["a", "b", "c"].map((asset) => [asset, move]))));
    stream.list("new");
    const { rates } = stream.ratesFor(260);
    const [own, borrowed] = [rates.get("a"), rates.get("new")] as [AssetRate, AssetRate];
    expect(borrowed).toEqual({ ...own, asset: "new", isBorrowed: true, days: 0, lastDay: undefined });
    expect(own.isBorrowed).toBe(false);
  });
});

test("HYBRID-11: the second recipe differs from the first in three constants, and in its name", () => {
  const changed = Object.entries(BALLAST_HYBRID_2).filter(
    ([key, value]) => BALLAST_HYBRID[key as keyof RateRecipe] !== value,
  );
  expect(Object.fromEntries(changed)).toEqual({
    id: "ballast-hybrid-2",
    closeShare: 0.25,
    stressedWeight: 0.3,
    tail: 0.994,
  });
});

describe("the stream", () => {
  const stream = () => {
    const fresh = rateStream(BALLAST_HYBRID);
    calmDays(360).forEach((move, day) => fresh.observe(day, new Map(["a", "b"].map((asset) => [asset, move]))));
    return fresh;
  };

  test("HYBRID-7: a published rate rises by at most a tenth a day, whatever a day brings", () => {
    const shocked = stream();
    const start = shocked.ratesFor(360).rates.get("a") as AssetRate;
    let before = start;
    for (let day = 360; day < 380; day += 1) {
      shocked.observe(day, new Map([["a", { logMove: 1.6, logRange: 1.8 }]]));
      const after = shocked.ratesFor(day + 1).rates.get("a") as AssetRate;
      expect(after.limitedLogRate).toBeLessThanOrEqual(before.limitedLogRate * 1.1 + 1e-15);
      before = after;
    }
    expect(before.limitedLogRate).toBeCloseTo(start.limitedLogRate * 1.1 ** 20, 9);
    expect(before.logRate).toBeGreaterThan(2 * before.limitedLogRate);
  });

  test("a day without an asset is not filled: the rate stays and its age shows", () => {
    const silent = stream();
    const before = silent.ratesFor(360).rates.get("b") as AssetRate;
    for (let day = 360; day < 365; day += 1) silent.observe(day, new Map([["a", { logMove: 0.01, logRange: 0.05 }]]));
    const after = silent.ratesFor(365).rates.get("b") as AssetRate;
    expect([after.sigma, after.lastDay, after.days]).toEqual([before.sigma, 359, before.days]);
  });

  test("HYBRID-1: a halt is not calm: the first move after it is measured by the days before it", () => {
    const halted = stream();
    for (let day = 360; day < 760; day += 1) halted.observe(day, new Map([["a", { logMove: 0, logRange: 0 }]]));
    halted.observe(760, new Map([["a", { logMove: -0.3, logRange: 0.3 }]]));
    const { days, moves } = halted.standardised("a");
    expect(days.slice(-2)).toEqual([359, 760]);
    expect(moves.at(-1)).toBeGreaterThan(-20);
  });

  test("HYBRID-5: without enough standardised moves there is no tail, and there are no rates", () => {
    const { pooledQuantile, rates } = rateStream(BALLAST_HYBRID).ratesFor(0);
    expect(pooledQuantile).toBeUndefined();
    expect(rates.size).toBe(0);
  });

  test.each([
    ["the same day twice", 359],
    ["a day that has passed", 3],
    ["half a day", 360.5],
  ])("%s is refused", (_, day) => {
    expect(() => stream().observe(day, new Map())).toThrow(NoEstimate);
    expect(() => stream().ratesFor(day)).toThrow(NoEstimate);
  });

  test("a move that is not a number is refused before anything changes", () => {
    const kept = stream();
    const before = kept.ratesFor(360);
    const moves = new Map([
      ["a", { logMove: 0.1, logRange: 0.1 }],
      ["b", { logMove: Number.NaN, logRange: 0.1 }],
    ]);
    expect(() => kept.observe(360, moves)).toThrow("SERIES_NOT_FINITE");
    expect(kept.ratesFor(360)).toEqual(before);
    expect(() => kept.observe(360, new Map([["a", { logMove: 0.1, logRange: -0.1 }]]))).toThrow(
      "PARAMETER_OUT_OF_RANGE",
    );
  });
});

describe("options and collateral", () => {
  //     scenario                        days  move  rate   up     down
  test.each([
    ["no move, 30 days", 30, 0, 0.2, 1.15, 0.85],
    ["a move of the whole rate, 30 days", 30, -0.2, 0.2, 1.6, 0.7],
    ["beyond the rate is the same", 30, 0.5, 0.2, 1.6, 0.7],
    ["half the rate, 120 days", 120, 0.1, 0.2, 1 + 0.375 / 2, 1 - 0.225 / 2],
    ["the last hours count as one day", 0.1, 0, 0.2, 1 + 0.15 * Math.sqrt(30), 1 - 0.15 * Math.sqrt(30)],
    ["never below zero", 0.1, 0.2, 0.2, 1 + 0.6 * Math.sqrt(30), 0],
  ] as const)("HYBRID-20: %s", (_, days, move, rate, up, down) => {
    const shocked = shockedVolatility(0.5, days, move, rate);
    expect(shocked.up).toBeCloseTo(0.5 * up, 12);
    expect(shocked.down).toBeCloseTo(0.5 * down, 12);
  });

  test("HYBRID-21: twelve points in a hundred at thirty days, more for shorter", () => {
    expect(skewShock(0.5, 30)).toBeCloseTo(0.06, 15);
    expect(skewShock(0.5, 3)).toBeCloseTo(0.06 * 10 ** 0.35, 12);
  });

  test("HYBRID-22: base and peg are multiplied out, and money bears the peg alone", () => {
    expect(haircutOf(0.2, 0.08)).toBeCloseTo(1 - 0.8 * 0.92, 15);
    expect(haircutOf(0, PEG_PARTS.STABLECOIN.initial)).toBe(0.125);
    expect(haircutOf(1, 0.5)).toBe(1);
    expect(() => haircutOf(-0.1, 0)).toThrow(NoEstimate);
  });

  test("HYBRID-23: money slips by the worst of its class, a token of ether by its own, the asset itself by nothing", () => {
    const initial = (peg: keyof typeof PEG_PARTS, base: number) => haircutOf(base, PEG_PARTS[peg].initial).toFixed(4);
    expect([
      initial("STABLECOIN", 0),
      initial("STAKED_ETHER", 0.2),
      initial("WRAPPED_BITCOIN", 0.2),
      initial("NONE", 0.2),
    ]).toEqual(["0.1250", "0.2640", "0.2480", "0.2000"]);
  });

  test("HYBRID-24: what rests on the venue counts for nothing, at either horizon", () => {
    const { initial, maintenance } = PEG_PARTS.RESTS_ON_VENUE;
    expect([haircutOf(0.1, initial), haircutOf(0, maintenance)]).toEqual([1, 1]);
  });

  test("HYBRID-22: a haircut is at least either part, and never above one", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, (base, peg) => {
        const haircut = haircutOf(base, peg);
        expect(haircut).toBeGreaterThanOrEqual(Math.max(base, peg) - 1e-15);
        expect(haircut).toBeLessThanOrEqual(1 + 1e-15);
      }),
    );
  });
});
