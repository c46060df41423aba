import { describe, expect, test } from "@jest/globals";
import { normalTailLoss } from "../estimate/parametric-loss.f64.js";
import { tailLoss } from "../estimate/historical-loss.f64.js";
import { toNormals } from "./normal-column.f64.js";
import {
  historicalTail,
  replicatedMean,
  replicatedTail,
  simulatedMean,
  type SimulatedTail,
  simulatedTail,
} from "./simulated-tail.f64.js";
import { pseudoRandom, sobol } from "./uniform-draws.f64.js";

function normals(make: typeof pseudoRandom, stream: number, count: number): Float64Array {
  const values = new Float64Array(count);
  make(1, 9, stream).fill(values, count);
  toNormals(values, count);
  return values;
}

/** How many of the tails say the truth within one and within three of their own standard errors. */
function hits(tails: readonly SimulatedTail[], figure: "valueAtRisk" | "expectedShortfall", truth: number) {
  const away = tails.map((tail) => Math.abs(tail[figure] - truth) / tail[`${figure}Error`]);
  return [1, 3].map((errors) => away.filter((each) => each <= errors).length / tails.length) as [number, number];
}

describe("SCORE-5: tails with errors", () => {
  test("the figures are those of history: same definitions, same numbers", () => {
    const losses = normals(pseudoRandom, 0, 5000);
    const { expectedShortfall, valueAtRisk } = tailLoss(losses, 0.99);
    expect(simulatedTail(losses, 0.99)).toMatchObject({ level: 0.99, expectedShortfall, valueAtRisk });
  });

  test.each([0.95, 0.99])("one standard error holds the truth in about two of three repetitions, at %d", (level) => {
    const truth = normalTailLoss(1, level);
    const tails = Array.from({ length: 200 }, (_, stream) => simulatedTail(normals(pseudoRandom, stream, 4000), level));
    for (const figure of ["valueAtRisk", "expectedShortfall"] as const) {
      const [within, withinThree] = hits(tails, figure, truth[figure]);
      // 68 % are due; three deviations of 200 repetitions are 10 %, and a tail of forty losses knows its own error to a tenth.
      expect(within).toBeGreaterThan(0.57);
      expect(within).toBeLessThan(0.79);
      expect(withinThree).toBeGreaterThan(0.97);
    }
  });

  test("blocks of quasi-random paths: the error is their spread, smaller, and still holds the truth", () => {
    const truth = normalTailLoss(1, 0.99);
    const tails = Array.from({ length: 40 }, (_, run) =>
      replicatedTail(
        Array.from({ length: 16 }, (_, block) => normals(sobol, 16 * run + block, 1024)),
        0.99,
      ),
    );
    const [within, withinThree] = hits(tails, "expectedShortfall", truth.expectedShortfall);
    expect(within).toBeGreaterThan(0.5);
    expect(withinThree).toBeGreaterThan(0.9);
    const plain = simulatedTail(normals(pseudoRandom, 0, 16 * 1024), 0.99);
    for (const tail of tails) expect(tail.valueAtRiskError).toBeLessThan(plain.valueAtRiskError / 5);
  });

  test("losses that are all alike have no error", () => {
    const tail = simulatedTail(new Float64Array(2000).fill(7), 0.99);
    expect(tail).toEqual({
      level: 0.99,
      valueAtRisk: 7,
      valueAtRiskError: 0,
      expectedShortfall: expect.closeTo(7, 12),
      expectedShortfallError: 0,
    });
  });

  test.each([
    ["nine losses beyond the level", () => simulatedTail(new Float64Array(999), 0.99)],
    ["no losses", () => simulatedTail([], 0.99)],
    ["a loss that is no number", () => simulatedTail(new Float64Array(2000).fill(NaN), 0.99)],
    ["a level of one", () => simulatedTail(new Float64Array(2000), 1)],
    [
      "seven blocks",
      () =>
        replicatedTail(
          Array.from({ length: 7 }, () => new Float64Array(2000)),
          0.99,
        ),
    ],
  ])("%s: refused", (_, ask) => {
    expect(ask).toThrow(expect.objectContaining({ name: "NoEstimate" }));
  });

  test("a thousand losses are enough for 99 %", () => {
    expect(simulatedTail(normals(pseudoRandom, 0, 1000), 0.99).valueAtRisk).toBeGreaterThan(2);
  });
});

describe("SCORE-5 SCORE-6: means and history", () => {
  test("a mean is within its error of the truth as often as it should be", () => {
    const means = Array.from({ length: 200 }, (_, stream) => simulatedMean(normals(pseudoRandom, stream, 500)));
    const within = means.filter(({ mean, error }) => Math.abs(mean) <= error).length / means.length;
    expect(within).toBeGreaterThan(0.57);
    expect(within).toBeLessThan(0.79);
  });

  test("blocks of quasi-random paths: the same mean, a smaller error", () => {
    const blocks = Array.from({ length: 16 }, (_, block) => normals(sobol, block, 512));
    const { error, mean } = replicatedMean(blocks);
    expect(Math.abs(mean)).toBeLessThan(5 * error);
    expect(error).toBeLessThan(simulatedMean(normals(pseudoRandom, 0, 16 * 512)).error / 10);
  });

  test("five hundred days have an error at 95 %, and none at 99 %, where five of them are left", () => {
    const days = normals(pseudoRandom, 0, 500);
    expect(historicalTail(days, 0.95)).toEqual(simulatedTail(days, 0.95));
    const { expectedShortfall, valueAtRisk } = tailLoss(days, 0.99);
    expect(historicalTail(days, 0.99)).toEqual({
      level: 0.99,
      valueAtRisk,
      valueAtRiskError: null,
      expectedShortfall,
      expectedShortfallError: null,
    });
  });
});
