import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { kendallCorrelation, pearsonCorrelation, sampleCovariance, spearmanCorrelation } from "./covariance.f64.js";
import { ewmaCorrelation, ewmaVariances, normalisedEwmaVariance } from "./ewma.f64.js";
import { fitGarch, garchLogLikelihood } from "./garch.f64.js";
import { linearLosses, tailLoss } from "./historical-loss.f64.js";
import { quantile } from "./quantile.f64.js";
import { ledoitWolfCorrelation, ledoitWolfCovariance, oasCovariance } from "./shrinkage.f64.js";
import { matrixRows, type SquareMatrix } from "./square-matrix.f64.js";

/** The estimators against an independent program, over 120 moves of three assets. */
interface Reference {
  readonly moves: readonly (readonly number[])[];
  readonly ewmaVariance: Readonly<Record<string, readonly number[]>>;
  readonly normalisedEwmaVariance: Readonly<Record<string, readonly number[]>>;
  readonly ewmaCorrelation: Readonly<Record<string, Rows>>;
  readonly sampleCovariance: Rows;
  readonly pearson: Rows;
  readonly spearman: Rows;
  readonly kendall: Rows;
  readonly ledoitWolfCovariance: { readonly shrinkage: number; readonly matrix: Rows };
  readonly ledoitWolfCorrelation: { readonly shrinkage: number; readonly matrix: Rows };
  readonly oasShrinkage: number;
  readonly exposures: readonly number[];
  readonly tailLoss: Readonly<Record<string, ReturnType<typeof tailLoss>>>;
  readonly quantiles: Readonly<Record<string, number>>;
}
type Rows = readonly (readonly number[])[];

const vectors = (name: string): unknown =>
  JSON.parse(readFileSync(fileURLToPath(new URL(`../../../../vectors/estimators/${name}`, import.meta.url)), "utf8"));
const reference = vectors("moves.json") as Reference;
const [first] = reference.moves as [readonly number[]];

/** Every leaf agrees within a relative 1e-12; zero is zero. */
function expectSame(got: readonly number[], expected: readonly number[]): void {
  expect(got).toHaveLength(expected.length);
  got.forEach((value, at) => {
    expect(Math.abs(value - (expected[at] as number))).toBeLessThanOrEqual(1e-12 * Math.abs(expected[at] as number));
  });
}
const expectMatrix = (got: SquareMatrix, expected: Rows): void => expectSame(matrixRows(got).flat(), expected.flat());

describe("the estimators agree with an independent program", () => {
  test.each(Object.entries(reference.ewmaVariance))(
    "ESTIMATE-4: exponential variance, memory %s",
    (memory, expected) => {
      expectSame(
        reference.moves.map((moves) => ewmaVariances(moves, Number(memory)).at(-1) as number),
        expected,
      );
    },
  );

  test("ESTIMATE-4: exponential variance with weights that sum to one", () => {
    const expected = reference.normalisedEwmaVariance["0.94"] as readonly number[];
    expectSame(
      reference.moves.map((moves) => normalisedEwmaVariance(moves, 0.94)),
      expected,
    );
  });

  test("ESTIMATE-5: exponential correlation", () => {
    expectMatrix(ewmaCorrelation(reference.moves, 0.94), reference.ewmaCorrelation["0.94"] as Rows);
  });

  test("ESTIMATE-6: covariance, and correlation by Pearson, Spearman and Kendall", () => {
    expectMatrix(sampleCovariance(reference.moves), reference.sampleCovariance);
    expectMatrix(pearsonCorrelation(reference.moves), reference.pearson);
    expectMatrix(spearmanCorrelation(reference.moves), reference.spearman);
    const [a, b, c] = reference.moves as [number[], number[], number[]];
    expectSame([kendallCorrelation(a, b), kendallCorrelation(a, c), kendallCorrelation(b, c)], [
      reference.kendall[0]?.[1],
      reference.kendall[0]?.[2],
      reference.kendall[1]?.[2],
    ] as number[]);
  });

  test("ESTIMATE-7: shrinkage of Ledoit and Wolf, raw and standardised, and of OAS", () => {
    const covariance = ledoitWolfCovariance(reference.moves);
    expectMatrix(covariance.matrix, reference.ledoitWolfCovariance.matrix);
    const correlation = ledoitWolfCorrelation(reference.moves);
    expectMatrix(correlation.matrix, reference.ledoitWolfCorrelation.matrix);
    expectSame(
      [covariance.shrinkage, correlation.shrinkage, oasCovariance(reference.moves).shrinkage],
      [reference.ledoitWolfCovariance.shrinkage, reference.ledoitWolfCorrelation.shrinkage, reference.oasShrinkage],
    );
  });

  test.each(Object.entries(reference.quantiles))("ESTIMATE-9: the %s quantile", (probability, expected) => {
    expectSame([quantile(first, Number(probability))], [expected]);
  });

  test.each(Object.entries(reference.tailLoss))("ESTIMATE-10: value at risk and shortfall at %s", (level, expected) => {
    const got = tailLoss(linearLosses(reference.exposures, reference.moves), Number(level));
    expectSame(
      [got.valueAtRisk, got.valueAtRiskHigher, got.shortfallOfTail, got.expectedShortfall],
      [expected.valueAtRisk, expected.valueAtRiskHigher, expected.shortfallOfTail, expected.expectedShortfall],
    );
  });

  test("ESTIMATE-11: the fit is as likely as the best an independent search finds", () => {
    const { moves, fit } = vectors("garch.json") as {
      moves: readonly number[];
      fit: { omega: number; alpha: number; beta: number; logLikelihood: number };
    };
    expect(garchLogLikelihood(moves, fit)).toBeCloseTo(fit.logLikelihood, 6);
    const got = fitGarch(moves);
    expect(got.logLikelihood).toBeGreaterThanOrEqual(fit.logLikelihood - 1e-3);
    expect(got.alpha).toBeCloseTo(fit.alpha, 2);
    expect(got.beta).toBeCloseTo(fit.beta, 2);
    expect(got.settled).toBe(true);
    expect(got.isHeldByBound).toBe(false);
  });
});
