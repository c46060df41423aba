import { describe, expect, test } from "@jest/globals";
import { NoEstimate } from "../../estimate/no-estimate.js";
import { eigenvalues } from "../../estimate/nearest-correlation.f64.js";
import { entry } from "../../estimate/square-matrix.f64.js";
import { longRate, shortRate } from "../rate.f64.js";
import type { AssetRate } from "../rate-stream.f64.js";
import { proposeHaircut } from "./collateral-haircut.f64.js";
import { proposeCorrelationRegimes } from "./correlation-regimes.f64.js";
import { type OpenInterestRules, proposeOpenInterestCap } from "./open-interest-cap.f64.js";
import { proposeScanRange } from "./scan-range.f64.js";
import { proposeVolatilityShock, type VolatilityChange } from "./volatility-shock.f64.js";

const PROMISED = 0.005;
const days = (count: number): number[] => Array.from({ length: count }, (_, day) => 19_000 + day);
/** Ordinary moves between −1 and 1, from a fixed congruential stream. */
function ordinary(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2_147_483_648 - 1;
  });
}
const rate = (logRate: number, more: Partial<AssetRate> = {}): AssetRate => ({
  asset: "BTC",
  sigma: 0.03,
  stressedSigma: 0.05,
  width: 0.035,
  logRate,
  longRate: longRate(logRate),
  shortRate: shortRate(logRate),
  limitedLogRate: logRate,
  isBorrowed: false,
  days: 1000,
  lastDay: 19_999,
  ...more,
});

describe("ESTIMATE-21: a proposal is a value with the backtest of its rule beside it", () => {
  const judged = {
    days: days(600),
    happened: ordinary(600, 1).map((move, at) => (at === 100 ? 0.4 : Math.abs(move) * 0.1)),
    covered: days(600).map(() => 0.2),
    margins: days(600).map((day) => 0.2 + 0.01 * (day % 2)),
  };

  test("scan range: today's rate over the horizon, both ways, and what it would have missed had it never changed", () => {
    const proposal = proposeScanRange(rate(0.15), judged, 24, PROMISED);
    expect(proposal.value).toEqual({
      horizonHours: 24,
      down: longRate(0.15),
      up: shortRate(0.15),
      exceptionsIfFixed: 1,
    });
    expect(proposal.backtest.test.exceptions).toBe(1);
    expect(proposal.backtest.peakToTrough).toBeCloseTo(1.05, 12);
    expect(proposal.estimatedFrom).toEqual({ from: 19_000, to: 19_599, observations: 600 });
    expect(proposal.warnings).toEqual([]);
    expect(proposeScanRange(rate(0.15), judged, 8, PROMISED).value.down).toBeLessThan(proposal.value.down);
  });

  test("warnings: exceptions too many and together, a margin that doubles, a short and a borrowed history", () => {
    const bad = {
      days: days(100),
      happened: days(100).map((_, at) => (at < 5 ? 1 : 0)),
      covered: days(100).map(() => 0.5),
      margins: days(100).map((_, at) => (at === 50 ? 0.9 : 0.3)),
    };
    expect(proposeScanRange(rate(0.5, { isBorrowed: true }), bad, 24, PROMISED).warnings).toEqual([
      "TOO_MANY_EXCEPTIONS",
      "EXCEPTIONS_CLUSTER",
      "SWINGS",
      "SHORT_HISTORY",
      "BORROWED",
    ]);
  });

  test("without a judged day there is no proposal", () => {
    const none = { days: [], happened: [], covered: [], margins: [] };
    expect(() => proposeScanRange(rate(0.1), none, 24, PROMISED)).toThrow(NoEstimate);
  });
});

describe("ESTIMATE-21 HYBRID-22: haircuts", () => {
  const history = {
    asset: "stETH",
    days: days(500),
    lossesToLow: ordinary(500, 2).map((move, at) => (at === 7 ? 0.4 : 0.05 * Math.abs(move))),
    underlyingLogRates: days(500).map(() => 0.2),
  };

  test("the long rate of the underlying and the peg part in full; maintenance over eight hours", () => {
    const { value, backtest } = proposeHaircut(history, { initial: 0.08, maintenance: 0.05 }, 0.2, PROMISED);
    expect(value.initial).toBeCloseTo(1 - (1 - longRate(0.2)) * 0.92, 12);
    expect(value.maintenance).toBeLessThan(value.initial);
    expect(backtest.test.exceptions).toBe(1);
  });

  test("money bears its peg part alone, whatever its quantiles say", () => {
    const calm = {
      ...history,
      asset: "USDC",
      lossesToLow: days(500).map(() => 0.001),
      underlyingLogRates: days(500).map(() => 0),
    };
    const { value, backtest } = proposeHaircut(calm, { initial: 0.125, maintenance: 0.04 }, 0, PROMISED);
    expect(value).toEqual({ initial: 0.125, maintenance: 0.04 });
    expect(backtest.test.exceptions).toBe(0);
  });
});

describe("ESTIMATE-21 HYBRID-20: volatility shocks", () => {
  const changes: VolatilityChange[] = ordinary(600, 3).map((move, at) => ({
    day: 19_000 + at,
    daysToExpiry: at % 2 === 0 ? 20 : 60,
    relativeChange: at === 590 ? 0.9 : 0.2 * move,
    logMove: 0.1 * move,
    logRate: 0.2,
  }));
  const bucket = { fromDays: 14, toDays: 30 };

  test("quantiles of the rises and of the falls of one bucket; a jump at the end is an exception, not foreseen", () => {
    const { subject, value, backtest } = proposeVolatilityShock("BTC", changes, bucket, PROMISED);
    expect(subject).toBe("BTC 14-30 days");
    expect(value.up).toBeGreaterThan(0.19);
    expect(value.down).toBeGreaterThan(0.19);
    expect(value.down).toBeLessThan(0.2);
    expect(backtest.test.days).toBe(200);
    expect(backtest.test.exceptions).toBeGreaterThanOrEqual(1);
  });

  test("beside it, how often the shock tied to the move would not have been enough", () => {
    const { value } = proposeVolatilityShock("BTC", changes, bucket, PROMISED);
    expect(value.beyondTiedToMove.up).toBe(1);
  });

  test("changes of one day are judged by the days before it only", () => {
    const sameDay = changes.map((change) => ({ ...change, day: 19_000 + Math.floor((change.day - 19_000) / 4) }));
    expect(proposeVolatilityShock("BTC", sameDay, bucket, PROMISED).backtest.test.days).toBe(100);
  });

  test("a hundred changes are too few, days that go back are refused", () => {
    expect(() => proposeVolatilityShock("BTC", changes.slice(0, 200), bucket, PROMISED)).toThrow("SERIES_TOO_SHORT");
    expect(() => proposeVolatilityShock("BTC", changes.toReversed(), bucket, PROMISED)).toThrow(
      "PARAMETER_OUT_OF_RANGE",
    );
  });
});

describe("ESTIMATE-22: open-interest caps", () => {
  const rules: OpenInterestRules = { fundAtRisk: 1_000, volumeShare: 0.1, daysToClose: 2, largestAccountShare: 0.5 };
  const history = (jump: number, volume: number) => ({
    asset: "XRP",
    days: days(400),
    logMoves: ordinary(400, 4).map((move, at) => (at === 100 ? jump : 0.1 * move)),
    logRates: days(400).map(() => 0.2),
    volumes: days(400).map((_, at) => volume * (1 + 0.2 * Math.sin(at))),
  });

  test("what one jump once cost beyond margin may not cost the fund more than it risks", () => {
    const { value } = proposeOpenInterestCap(history(0.6, 1e9), rules, PROMISED);
    const beyond = shortRate(0.6) - shortRate(0.2);
    expect(value.boundBy).toBe("FUND");
    expect(value.worstBeyondMargin).toBeCloseTo(beyond, 12);
    expect(value.cap * beyond * 0.5).toBeCloseTo(1_000, 9);
  });

  test("what the market cannot take in time is too much, however calm it was", () => {
    const { value } = proposeOpenInterestCap(history(0, 1e6), rules, PROMISED);
    expect(value.boundBy).toBe("VOLUME");
    expect(value.worstBeyondMargin).toBe(0);
    expect(value.cap).toBeCloseTo((value.quietVolume * 0.1 * 2) / 0.5, 6);
  });

  test("the backtest does not know the jump before it comes", () => {
    const later = history(0, 1e9);
    later.logMoves[300] = 0.9;
    const { backtest } = proposeOpenInterestCap(later, rules, PROMISED);
    expect(backtest.test.exceptions).toBe(1);
  });
});

describe("ESTIMATE-23: correlation regimes", () => {
  const market = ordinary(400, 5);
  const column = (seed: number, until: number) =>
    Float64Array.from(ordinary(400, seed), (own, at) => (at < until ? 0.9 : 0.1) * (market[at] as number) + 0.4 * own);
  // Three assets that move together; the third breaks away after 250 days.
  const joint = { assets: ["A", "B", "C"], days: days(400), columns: [column(6, 400), column(7, 400), column(8, 250)] };

  test("calm, tight and broken are possible; tight is tighter, broken is looser, pair by pair", () => {
    const { value } = proposeCorrelationRegimes(joint, 4, PROMISED);
    for (const regime of [value.calm, value.tight, value.broken]) {
      expect(eigenvalues(regime)[0]).toBeGreaterThanOrEqual(-1e-10);
    }
    expect(entry(value.tight, 0, 1)).toBeGreaterThan(0.7);
    expect(entry(value.broken, 0, 2)).toBeLessThan(entry(value.calm, 0, 2) + 0.2);
    expect(entry(value.broken, 0, 2)).toBeLessThan(0.4);
    expect(value.tails).toHaveLength(3);
  });

  test("the backtest covers the pairs, the broken one too", () => {
    const { backtest } = proposeCorrelationRegimes(joint, 4, PROMISED);
    expect(backtest.test.days).toBe(150);
    expect(backtest.test.exceptions).toBe(0);
  });

  test("a history of a year is too short to be judged", () => {
    const short = { ...joint, days: days(260), columns: joint.columns.map((values) => values.slice(0, 260)) };
    expect(() => proposeCorrelationRegimes(short, 4, PROMISED)).toThrow("SERIES_TOO_SHORT");
  });
});
