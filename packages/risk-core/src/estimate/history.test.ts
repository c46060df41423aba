import { describe, expect, test } from "@jest/globals";
import { type Candle, readHistory } from "./candles.f64.js";
import { NoEstimate } from "./no-estimate.js";
import { type RangeEstimator, rangeVariance, rollingRangeVariance } from "./range-volatility.f64.js";
import { logMoves } from "./returns.f64.js";

const DAY = 86_400;
const candle = (day: number, close: number, more: Partial<Candle> = {}): Candle => ({
  openedAtS: day * DAY,
  open: close,
  high: close * 1.01,
  low: close * 0.99,
  close,
  ...more,
});

describe("ESTIMATE-1: what was missing is said", () => {
  test("whole history: nothing to say", () => {
    const history = readHistory([candle(0, 100), candle(1, 101), candle(2, 99)], DAY);
    expect(history.candles).toHaveLength(3);
    expect(history.findings).toEqual([]);
  });

  test("two missing days are a hole of two, and no candle is made up", () => {
    const history = readHistory([candle(0, 100), candle(3, 101)], DAY);
    expect(history.candles).toHaveLength(2);
    expect(history.findings).toEqual([{ kind: "MISSING", afterS: 0, intervals: 2 }]);
  });

  test("a market that prints one price is halted, from its first such candle", () => {
    const flat = (day: number): Candle => candle(day, 100, { high: 100, low: 100 });
    const history = readHistory([candle(0, 100), flat(1), flat(2), flat(3), candle(4, 101)], DAY);
    expect(history.findings).toEqual([{ kind: "HALTED", fromS: DAY, intervals: 3 }]);
  });

  test("a market that is still halted at the end of its history is halted", () => {
    const flat = (day: number): Candle => candle(day, 100, { high: 100, low: 100 });
    expect(readHistory([candle(0, 100), flat(1), flat(2)], DAY).findings).toEqual([
      { kind: "HALTED", fromS: DAY, intervals: 2 },
    ]);
  });

  test("an open far from the last close is a wide gap, with its size", () => {
    const history = readHistory([candle(0, 100), candle(1, 50)], DAY);
    expect(history.findings).toEqual([{ kind: "WIDE_GAP", atS: DAY, logGap: Math.log(0.5) }]);
  });

  test.each([
    ["high below low", { high: 98, low: 99 }],
    ["close above high", { high: 99.5, open: 99.5 }],
    ["open below low", { open: 90 }],
    ["a price of zero", { low: 0 }],
    ["a price that is not a number", { close: Number.NaN }],
  ] as const)("a broken candle (%s) is left out and named", (_, broken) => {
    const history = readHistory([candle(0, 100), candle(1, 100, broken), candle(2, 100)], DAY);
    expect(history.candles.map(({ openedAtS }) => openedAtS)).toEqual([0, 2 * DAY]);
    expect(history.findings).toEqual([
      { kind: "BROKEN", atS: DAY, because: expect.any(String) },
      { kind: "MISSING", afterS: 0, intervals: 1 },
    ]);
  });

  test.each([
    ["the same day again", DAY],
    ["an earlier day", 0],
    ["half a day later", 1.5 * DAY],
  ])("%s is out of order and left out", (_, openedAtS) => {
    const history = readHistory([candle(0, 100), candle(1, 100), { ...candle(1, 100), openedAtS }], DAY);
    expect(history.candles).toHaveLength(2);
    expect(history.findings).toEqual([{ kind: "OUT_OF_ORDER", atS: openedAtS, afterS: DAY }]);
  });
});

describe("ESTIMATE-2: a move over a hole is kept, left out or scaled, and said", () => {
  const history = readHistory([candle(0, 100), candle(1, 110), candle(5, 121)], DAY);
  const move = Math.log(1.1);

  test.each([
    ["KEEP", [move, move]],
    ["LEAVE_OUT", [move]],
    ["SCALE", [move, move / 2]],
  ] as const)("%s", (rule, expected) => {
    const moves = logMoves(history, rule);
    expect([...moves.values]).toEqual(expected.map((value) => expect.closeTo(value, 14)));
    expect(moves.acrossHoles).toEqual([{ endedAtS: 5 * DAY, intervals: 4, logMove: expect.closeTo(move, 14) }]);
  });
});

describe("ESTIMATE-3: variance from candles", () => {
  // Hand-worked: open 100, high 110, low 95, close 105 after closes of 100, 102.
  const worked: readonly Candle[] = [
    candle(0, 100),
    { openedAtS: DAY, open: 101, high: 104, low: 98, close: 102 },
    { openedAtS: 2 * DAY, open: 100, high: 110, low: 95, close: 105 },
  ];
  const [, second, third] = worked as [Candle, Candle, Candle];
  const ln = Math.log;
  const variance = (a: number, b: number): number => (a - b) ** 2 / 2;

  test("close to close: half the squared difference of two moves", () => {
    expect(rangeVariance(worked, "CLOSE_TO_CLOSE")).toBeCloseTo(variance(ln(1.02), ln(105 / 102)), 15);
  });

  test("Parkinson: squared range over 4 ln 2", () => {
    expect(rangeVariance([third], "PARKINSON")).toBeCloseTo(ln(110 / 95) ** 2 / (4 * ln(2)), 15);
  });

  test("Garman–Klass: half the squared range less (2 ln 2 − 1) of the squared body", () => {
    expect(rangeVariance([third], "GARMAN_KLASS")).toBeCloseTo(
      0.5 * ln(110 / 95) ** 2 - (2 * ln(2) - 1) * ln(1.05) ** 2,
      15,
    );
  });

  test("Yang–Zhang: jumps, bodies and ranges with the weight 0.34 ÷ (1.34 + 3)", () => {
    const k = 0.34 / (1.34 + 3);
    const rogersSatchell = ({ open, high, low, close }: Candle): number =>
      ln(high / close) * ln(high / open) + ln(low / close) * ln(low / open);
    expect(rangeVariance(worked, "YANG_ZHANG")).toBeCloseTo(
      variance(ln(101 / 100), ln(100 / 102)) +
        k * variance(ln(102 / 101), ln(1.05)) +
        ((1 - k) * (rogersSatchell(second) + rogersSatchell(third))) / 2,
      15,
    );
  });

  test.each(["CLOSE_TO_CLOSE", "PARKINSON", "GARMAN_KLASS", "YANG_ZHANG"] as RangeEstimator[])(
    "%s: all agree on a diffusion without jumps, streaming equals batch",
    (estimator) => {
      const candles = diffusion(400, 0.03);
      const batch = rangeVariance(candles, estimator);
      // The range of a path of 200 steps falls a little short of a continuous one.
      expect(Math.sqrt(batch)).toBeGreaterThan(0.026);
      expect(Math.sqrt(batch)).toBeLessThan(0.032);
      const next = rollingRangeVariance(estimator, 400);
      const answers = candles.map(next);
      expect(answers.slice(0, -1).every((answer) => answer === undefined)).toBe(true);
      expect(answers.at(-1)).toBe(batch);
    },
  );

  test("too few candles: a typed refusal", () => {
    expect(() => rangeVariance(worked.slice(1), "YANG_ZHANG")).toThrow(NoEstimate);
    expect(() => rangeVariance([], "PARKINSON")).toThrow("SERIES_TOO_SHORT");
  });
});

/** Candles of a random walk of 200 steps a day, from a fixed congruential stream. */
function diffusion(days: number, dailyVolatility: number): Candle[] {
  let state = 12_345;
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 4_294_967_296;
  };
  let logPrice = 0;
  return Array.from({ length: days }, (_, day) => {
    const open = logPrice;
    let [high, low] = [open, open];
    for (let step = 0; step < 200; step += 1) {
      const normal = Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
      logPrice += (dailyVolatility / Math.sqrt(200)) * normal;
      high = Math.max(high, logPrice);
      low = Math.min(low, logPrice);
    }
    return {
      openedAtS: day * DAY,
      open: Math.exp(open),
      high: Math.exp(high),
      low: Math.exp(low),
      close: Math.exp(logPrice),
    };
  });
}
