import { describe, expect, test } from "@jest/globals";
import { equalSafetyFactor, scoreMargins, worstYear } from "../estimate/margin-score.f64.js";
import { ewmaRate, filteredHistoricalRate, historicalRate } from "../estimate/benchmark-rates.f64.js";
import { bookJudge } from "./book-backtest.f64.js";
import { scoreBookHorizon, scoreHorizon } from "./horizon-backtest.f64.js";
import { linearBookMargin } from "./linear-book.f64.js";
import { hybridModel, meanMarginAt, rateJudge } from "./rate-backtest.f64.js";
import { BALLAST_BOOKS, BALLAST_HYBRID } from "./recipe.js";
import type { DayMove } from "./volatility-state.f64.js";

const DAYS = 330;
/** What a day brings to three assets, the third listed on day 40 and absent on day 300. */
function movesOn(day: number): Map<string, DayMove> {
  const market = Math.sin(day * day);
  const move = (own: number, size: number): DayMove => {
    const logMove = size * (0.7 * market + 0.5 * Math.sin(day * day * own));
    return { logMove, logRange: Math.abs(logMove) + size };
  };
  const moves = new Map([
    ["A", move(1.3, 0.03)],
    ["B", move(1.7, 0.05)],
  ]);
  if (day >= 40 && day !== 300) moves.set("C", move(2.1, 0.08));
  return moves;
}

describe("judging books", () => {
  test("HYBRID-17: each day's margin is that of the whole method, holes and late listings included", () => {
    const { stream } = hybridModel(BALLAST_HYBRID);
    const weights = new Map([
      ["A", 0.5],
      ["B", -0.3],
      ["C", -0.2],
    ]);
    const judge = bookJudge(stream, [{ id: "book", weights }], 0, 0.995, BALLAST_BOOKS);
    const expected = new Map<number, number>();
    for (let day = 0; day < DAYS; day += 1) {
      const moves = movesOn(day);
      const { rates } = stream.ratesFor(day);
      if (rates.size === 3 && moves.size === 3) {
        const book = linearBookMargin(weights, rates, stream.standardised, BALLAST_BOOKS);
        if (!book.withoutHistory.includes("JOINT_HISTORY")) expected.set(day, book.requirement);
      }
      judge.judge(day, moves);
      stream.observe(day, moves);
      judge.observed(day);
    }
    const [result] = judge.results();
    expect(result?.hybrid.days).toEqual([...expected.keys()]);
    expect(result?.hybrid.days).not.toContain(300);
    expect(result?.hybrid.days.length).toBeGreaterThan(80);
    result?.hybrid.margins.forEach((margin, at) =>
      expect(margin).toBeCloseTo([...expected.values()][at] as number, 12),
    );
    expect([...(result?.benchmarks.keys() ?? [])]).toEqual(["ewma", "historical-500", "filtered-historical-500"]);
  });
});

describe("judging rates", () => {
  test("HYBRID-1: a rate knows the days before its own only: another future changes nothing", () => {
    const rateOn = (day: number, shift: number): number | undefined => {
      const model = hybridModel(BALLAST_HYBRID);
      for (let before = 0; before < day; before += 1) model.observe(before, movesOn(before));
      const judge = rateJudge(model, 0);
      judge.judge(day, new Map([["A", { logMove: shift, logRange: Math.abs(shift) }]]));
      return judge.series().get("A")?.covered[0];
    };
    expect(rateOn(320, 0.9)).toBe(rateOn(320, -0.1));
  });

  test("ESTIMATE-18: the benchmarks answer from the past and the first hundred moves only", () => {
    const streams = [
      ewmaRate(0.995, "EITHER_SIDE"),
      historicalRate(0.995, "EITHER_SIDE"),
      filteredHistoricalRate(0.995, "LOSS"),
    ];
    const first = streams.map((stream) => {
      for (let day = 0; day < 400; day += 1) {
        if (stream.next() !== undefined) return day;
        stream.observe(0.03 * Math.sin(day * day));
      }
      return undefined;
    });
    expect(first).toEqual([30, 100, 130]);
  });

  test("ESTIMATE-18: on losses only losses count", () => {
    const gains = historicalRate(0.995, "LOSS");
    for (let day = 0; day < 200; day += 1) gains.observe(-0.01 * (1 + (day % 5)));
    expect(gains.next()).toBeCloseTo(-0.01, 12);
  });
});

describe("scores", () => {
  const series = {
    days: Array.from({ length: 600 }, (_, day) => 19_000 + day),
    happened: Array.from({ length: 600 }, (_, day) => ([10, 11, 12, 400].includes(day) ? 0.3 : 0.1)),
    covered: Array.from({ length: 600 }, () => 0.2),
    margins: Array.from({ length: 600 }, (_, day) => (day === 300 ? 0.3 : 0.2)),
  };

  test("ESTIMATE-16 ESTIMATE-17: coverage, windows, years and swings of one series", () => {
    const score = scoreMargins(series, 0.005);
    expect(score.test.exceptions).toBe(4);
    expect(score.worstWindow).toBe(3);
    expect(score.windows.map(({ exceptions, verdict }) => [exceptions, verdict])).toEqual([
      [3, "ACCEPTED"],
      [1, "ACCEPTED"],
    ]);
    expect(score.years).toEqual([
      { year: 2022, exceptions: 3, days: 358 },
      { year: 2023, exceptions: 1, days: 242 },
    ]);
    expect(worstYear(score.years).year).toBe(2022);
    expect([score.peakToTrough, score.largestRise].map((value) => value.toFixed(3))).toEqual(["1.500", "0.500"]);
  });

  test("ESTIMATE-19: at equal safety every series keeps its promise, and with a hair less it does not", () => {
    const factor = equalSafetyFactor([series], 0.005, 2);
    expect(factor).toBeCloseTo(1.5, 12);
    const exceptionsAt = (scale: number) =>
      scoreMargins({ ...series, covered: series.covered.map((rate) => rate * scale) }, 0.005).worstWindow;
    expect(exceptionsAt(factor * (1 + 1e-12))).toBeLessThanOrEqual(2);
    expect(exceptionsAt(factor * 0.999)).toBeGreaterThan(2);
    expect(meanMarginAt(series, factor)).toBeCloseTo(Math.sinh(0.3), 12);
  });
});

describe("HYBRID-9: other horizons", () => {
  const hours = Array.from({ length: 100 }, (_, hour) => hour * 3600);
  const closes = hours.map((_, hour) => (hour < 50 ? 100 : 80));
  const rates = new Map([0, 1, 2, 3, 4].map((day) => [day, 0.2]));

  test("every hour whose horizon spans the fall is an exception, and none else", () => {
    expect(scoreHorizon({ hours, closes }, rates, 8)).toEqual({
      hours: 8,
      starts: 92,
      exceptionsOnFall: 8,
      exceptionsOnRise: 0,
    });
    expect(scoreHorizon({ hours, closes }, rates, 48)).toEqual({
      hours: 48,
      starts: 52,
      exceptionsOnFall: 0,
      exceptionsOnRise: 0,
    });
  });

  test("a start without a rate, a close or an end does not count", () => {
    const holes = closes.map((close, hour) => (hour === 20 ? undefined : close));
    expect(scoreHorizon({ hours, closes: holes }, new Map([[0, 0.2]]), 1).starts).toBe(22);
    const gap = hours.map((second, hour) => (hour < 10 ? second : second + 3600));
    expect(scoreHorizon({ hours: gap, closes }, rates, 1).starts).toBe(98);
  });

  test("a hedged book loses what its legs lose together", () => {
    const other = hours.map((_, hour) => (hour < 50 ? 50 : 45));
    const legs = [
      { weight: 0.5, series: { hours, closes } },
      { weight: -0.5, series: { hours, closes: other } },
    ];
    // 0.5 × 20 % − 0.5 × 10 % = 5 %, against a margin of 7 % a day, which is 4.3 % over eight hours.
    const margins = new Map([0, 1, 2, 3, 4].map((day) => [day, 0.07]));
    expect(scoreBookHorizon(legs, margins, 8)).toEqual({ hours: 8, starts: 92, exceptions: 8 });
    expect(scoreBookHorizon(legs, margins, 24)).toEqual({ hours: 24, starts: 76, exceptions: 0 });
  });
});
