import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { squareMatrix } from "../estimate/square-matrix.f64.js";
import { type MarketRisk, type PoolExposure, riskScore } from "./risk-score.f64.js";

const even = (rho: number) =>
  squareMatrix([0, 1, 2].map((row) => [0, 1, 2].map((column) => (row === column ? 1 : rho))));
const MARKET: MarketRisk = {
  volatilities: [0.03, 0.04, 0.05],
  stressedVolatilities: [0.08, 0.1, 0.15],
  correlation: even(0.7),
  stressedCorrelation: { low: even(0.3), high: even(0.95) },
};
const POOL: PoolExposure = {
  underlyings: ["BTC", "ETH", "SOL"],
  deltas: [100_000, 0, 0],
  slack: 10_000,
  netValue: 20_000,
  dailyLiquidity: [1e8, 1e8, 1e7],
  openInterestShare: [0.01, 0, 0],
};
const scoreOf = (change: Partial<PoolExposure>, days = 1) => riskScore({ ...POOL, ...change }, MARKET, days);

const dollars = fc.integer({ min: -500_000, max: 500_000 });
const deltas = fc.tuple(dollars, dollars, dollars);
const pool = fc
  .record({
    deltas,
    slack: fc.integer({ min: -100_000, max: 200_000 }),
    maintenance: fc.integer({ min: 0, max: 50_000 }),
    liquidity: fc.integer({ min: 1_000, max: 10_000_000 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(
    ({ deltas, slack, maintenance, liquidity, share }): PoolExposure => ({
      ...POOL,
      deltas,
      slack,
      netValue: slack + maintenance,
      dailyLiquidity: [liquidity, liquidity, liquidity],
      openInterestShare: [share, 0, 0],
    }),
  );
const NOISE = 1e-9;

describe("SCORE-7: the risk score", () => {
  test("lies between 0 and 100, and stress is never nearer to safety than calm", () => {
    fc.assert(
      fc.property(pool, fc.double({ min: 0.1, max: 30, noNaN: true }), (any, days) => {
        const { breachProbability, depletionProbability, distanceToBreach, distanceToDepletion, score } = riskScore(
          any,
          MARKET,
          days,
        );
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(100);
        for (const { calm, stressed } of [breachProbability, depletionProbability])
          expect(stressed).toBeGreaterThanOrEqual(calm);
        if (any.slack >= 0) expect(distanceToBreach.stressed).toBeLessThanOrEqual(distanceToBreach.calm);
        if (any.netValue >= 0) expect(distanceToDepletion.stressed).toBeLessThanOrEqual(distanceToDepletion.calm);
      }),
    );
  });

  test("a deposit never raises it; nor does a lower maintenance margin", () => {
    fc.assert(
      fc.property(pool, fc.integer({ min: 0, max: 100_000 }), (any, more) => {
        const before = riskScore(any, MARKET, 1).score;
        const deposited = { ...any, slack: any.slack + more, netValue: any.netValue + more };
        expect(riskScore(deposited, MARKET, 1).score).toBeLessThanOrEqual(before + NOISE);
        const eased = { ...any, slack: Math.min(any.netValue, any.slack + more) };
        expect(riskScore(eased, MARKET, 1).score).toBeLessThanOrEqual(before + NOISE);
      }),
    );
  });

  test("a smaller book with the same money never scores higher; nor a shorter horizon; nor a deeper market", () => {
    fc.assert(
      fc.property(pool, fc.double({ min: 0, max: 1, noNaN: true }), (any, share) => {
        const before = riskScore(any, MARKET, 2).score;
        const smaller = { ...any, deltas: any.deltas.map((delta) => delta * share) };
        if (any.netValue > 0 && any.slack > 0)
          expect(riskScore(smaller, MARKET, 2).score).toBeLessThanOrEqual(before + NOISE);
        expect(riskScore(any, MARKET, 2 * share + 0.001).score).toBeLessThanOrEqual(
          riskScore(any, MARKET, 2.001).score + NOISE,
        );
        const deeper = { ...any, dailyLiquidity: any.dailyLiquidity.map((each) => each * (1 + share)) };
        expect(riskScore(deeper, MARKET, 2).score).toBeLessThanOrEqual(before + NOISE);
      }),
    );
  });

  test("a hedge lowers it: a short of a correlated coin, up to what stress leaves of the correlation", () => {
    const share = fc.double({ min: 0.01, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, fc.integer({ min: 2_000, max: 30_000 }), (part, slack) => {
        // 0.3 × 8 ÷ 10: the short that makes the stressed deviation smallest when correlation is at its lowest.
        const hedged = scoreOf({ deltas: [100_000, -24_000 * part, 0], slack, netValue: slack + 5_000 });
        const open = scoreOf({ slack, netValue: slack + 5_000 });
        expect(hedged.distanceToBreach.calm).toBeGreaterThan(open.distanceToBreach.calm);
        expect(hedged.distanceToBreach.stressed).toBeGreaterThan(open.distanceToBreach.stressed);
        expect(hedged.score).toBeLessThan(open.score);
      }),
    );
  });

  test("a larger hedge still helps while it is calm, and stress does not trust it", () => {
    const [hedged, open] = [scoreOf({ deltas: [100_000, -70_000, 0] }), scoreOf({})];
    expect(hedged.distanceToBreach.calm).toBeGreaterThan(1.3 * open.distanceToBreach.calm);
    expect(hedged.distanceToBreach.stressed).toBeLessThan(open.distanceToBreach.stressed);
  });

  test("counted in another money it is the same, and so is the book turned round", () => {
    fc.assert(
      fc.property(pool, fc.constantFrom(-8, -1, 0.5, 1024), (any, unit) => {
        const scaled = {
          ...any,
          deltas: any.deltas.map((delta) => delta * unit),
          slack: any.slack * Math.abs(unit),
          netValue: any.netValue * Math.abs(unit),
          dailyLiquidity: any.dailyLiquidity.map((each) => each * Math.abs(unit)),
        };
        const { deviation: _, ...counted } = riskScore(scaled, MARKET, 1);
        const { deviation: __, ...before } = riskScore(any, MARKET, 1);
        expect(counted).toEqual(before);
      }),
    );
  });

  //  what the pool is                            slack     net value   deltas            score from … to
  test.each([
    ["has nothing, owes nothing, risks nothing", 0, 0, [0, 0, 0], 0, 0],
    ["has money and no position", 5_000, 5_000, [0, 0, 0], 0, 0],
    ["is five stressed deviations away", 40_000, 45_000, [100_000, 0, 0], 0, 0.01],
    ["is at maintenance margin, with much behind it", 0, 60_000, [100_000, 0, 0], 50, 50.01],
    ["is below maintenance margin", -1, 60_000, [100_000, 0, 0], 50, 50.01],
    ["is below it, with little behind", -5_000, 1_000, [100_000, 0, 0], 85, 99],
    ["has nothing left", -6_000, 0, [100_000, 0, 0], 100, 100],
    ["owes, without a position", -10, -10, [0, 0, 0], 100, 100],
  ])("a pool that %s", (_, slack, netValue, held, from, to) => {
    const { score } = scoreOf({ slack, netValue, deltas: held });
    expect(score).toBeGreaterThanOrEqual(from);
    expect(score).toBeLessThanOrEqual(to);
  });

  test("the probability is that of a walk: one deviation away for a day is 2·N(−1)", () => {
    const { breachProbability } = scoreOf({ slack: 3_000 });
    expect(breachProbability.calm).toBeCloseTo(0.3173105078629141, 12);
  });

  test("the worked example of the method: 9.3", () => {
    expect(scoreOf({ slack: 8_000, netValue: 16_000 }).score).toBeCloseTo(9.2618, 2);
  });

  test("what takes three days to close may be emptied within one more", () => {
    const { daysToLiquidate, depletionProbability } = scoreOf({
      netValue: 3_000 * Math.SQRT2,
      slack: 0,
      dailyLiquidity: [100_000 / 3, 1, 1],
    });
    expect(daysToLiquidate).toBeCloseTo(3, 12);
    expect(depletionProbability.calm).toBeCloseTo(0.3173105078629141, 12);
  });

  test.each([
    ["slack above net value", { slack: 30_000 }, {}],
    ["no liquidity", { dailyLiquidity: [0, 1, 1] }, {}],
    ["a share of open interest above one", { openInterestShare: [1.1, 0, 0] }, {}],
    ["a delta that is no number", { deltas: [NaN, 0, 0] }, {}],
    ["a list that is too short", { deltas: [1] }, {}],
    ["stress calmer than calm", {}, { stressedVolatilities: [0.02, 0.1, 0.15] }],
    ["a correlation outside its range", {}, { correlation: even(0.2) }],
  ])("%s is refused", (_, pool, market) => {
    expect(() => riskScore({ ...POOL, ...pool }, { ...MARKET, ...market }, 1)).toThrow(
      expect.objectContaining({ name: "NoEstimate" }),
    );
  });
});

describe("SCORE-8: what drives it", () => {
  test("shares of the risk sum to one", () => {
    fc.assert(
      fc.property(pool, (any) => {
        const { effectiveBets, riskShares } = riskScore(any, MARKET, 1);
        const sum = riskShares.reduce((total, share) => total + share, 0);
        if (any.deltas.every((delta) => delta === 0)) return expect(sum + effectiveBets).toBe(0);
        expect(sum).toBeCloseTo(1, 9);
        expect(effectiveBets).toBeGreaterThanOrEqual(1 - NOISE);
        expect(effectiveBets).toBeLessThanOrEqual(3 + NOISE);
      }),
    );
  });

  test("one bet, and two alike", () => {
    expect(scoreOf({}).effectiveBets).toBeCloseTo(1, 12);
    expect(scoreOf({ deltas: [40_000, 30_000, 0] }).effectiveBets).toBeCloseTo(2, 12);
  });

  //  what the pool is            change                                                                          words
  test.each([
    ["safe", { slack: 100_000, netValue: 100_000 }, []],
    [
      "one coin, near",
      { slack: 8_000, netValue: 16_000 },
      [
        "net value is 2.0 stressed standard deviations of a day",
        "maintenance margin is 1.0 stressed standard deviations of a day away",
        "BTC carries 100 % of the risk",
      ],
    ],
    [
      "due, large in a small market",
      { deltas: [0, 0, 20_000_000], slack: -1, netValue: 3_000_000, openInterestShare: [0, 0, 0.4] },
      [
        "net value is 1.0 stressed standard deviations of a day",
        "below maintenance margin",
        "SOL carries 100 % of the risk",
        "2.0 days to close at the stated liquidity",
        "40 % of an open interest",
      ],
    ],
    ["emptied", { deltas: [0, 0, 0], slack: -7, netValue: -7 }, ["no value is left", "below maintenance margin"]],
  ])("%s", (_, change, words) => {
    expect(scoreOf(change).drivers).toEqual(words);
  });
});
