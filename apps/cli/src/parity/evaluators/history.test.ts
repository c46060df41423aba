import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { dateOf } from "../../market-history/csv-table.f64.js";
import type { Json } from "../parity-case.js";
import { runParity } from "../run-parity.js";
import { ESTIMATORS } from "./estimators.js";
import { HYBRID } from "./hybrid.js";

/*
 * The families that need a market data file, over made-up files whose answers an independent program knows
 * (vectors/estimators): prices are rebuilt from the moves there.
 */

const vectors = (name: string) =>
  JSON.parse(readFileSync(path.join(import.meta.dirname, "../../../../../vectors/estimators", name), "utf8")) as never;
const FIRST_DAY = 18_000;

function outcomesOf(document: Json, evaluators: typeof ESTIMATORS, file: string, text: string) {
  return runParity(document, evaluators, { data: (name) => (name === file ? text : undefined) });
}

describe("over daily closes", () => {
  interface Moves {
    readonly moves: readonly (readonly number[])[];
    readonly ewmaVariance: Readonly<Record<string, readonly number[]>>;
    readonly normalisedEwmaVariance: Readonly<Record<string, readonly number[]>>;
    readonly ewmaCorrelation: Readonly<Record<string, readonly (readonly number[])[]>>;
    readonly pearson: readonly (readonly number[])[];
    readonly ledoitWolfCovariance: { readonly shrinkage: number; readonly matrix: readonly (readonly number[])[] };
    readonly ledoitWolfCorrelation: { readonly shrinkage: number; readonly matrix: readonly (readonly number[])[] };
    readonly oasShrinkage: number;
  }
  const reference: Moves = vectors("moves.json");
  const assets = ["A", "B", "C"];
  const closes = reference.moves.map((moves) => {
    let logPrice = 4;
    return [logPrice, ...moves.map((move) => (logPrice += move))].map(Math.exp);
  });
  const days = (closes[0] as number[]).map((_, at) => dateOf(FIRST_DAY + at));
  const text = [
    `date,${assets.join(",")}`,
    ...days.map((day, at) => [day, ...closes.map((own) => own[at])].join(",")),
  ].join("\n");
  const end = days.at(-1) as string;
  const document = {
    sections: [
      {
        id: "ewma-vol",
        tolerance: "rel 1e-9",
        cases: [
          {
            in: { asset: "B", end, n: 120, lambda: 0.94 },
            out: {
              variance: reference.ewmaVariance["0.94"]?.[1] as number,
              varianceNormalisedWeights: reference.normalisedEwmaVariance["0.94"]?.[1] as number,
            },
          },
        ],
      },
      {
        id: "correlation",
        tolerance: "abs 1e-9",
        cases: [
          {
            in: { assets: ["A", "C"], end, n: 120, lambda: 0.94 },
            // No ranks: moves that are equal in the vector are not to the last digit when read back from prices.
            out: {
              ewmaCorr: reference.ewmaCorrelation["0.94"]?.[0]?.[2] as number,
              pearson: reference.pearson[0]?.[2] as number,
            },
          },
        ],
      },
      {
        id: "ledoit-wolf",
        tolerance: "abs 1e-9",
        cases: [
          {
            in: { assets, end, n: 120 },
            out: {
              covShrinkage: reference.ledoitWolfCovariance.shrinkage,
              cov: reference.ledoitWolfCovariance.matrix,
              corrShrinkage: reference.ledoitWolfCorrelation.shrinkage,
              corr: reference.ledoitWolfCorrelation.matrix,
              oasShrinkage: reference.oasShrinkage,
              pearson: reference.pearson,
            },
          },
        ],
      },
    ],
  };

  test("volatility, correlation and shrinkage are those of the independent program", () => {
    const outcomes = outcomesOf(document, ESTIMATORS, "daily-closes.csv", text);
    expect(outcomes.map(({ kind }) => kind)).toEqual(["passed", "passed", "passed"]);
  });

  test("without the file, or with too few days, a case fails and says why", () => {
    const short = text.split("\n").slice(0, 50).join("\n");
    for (const [file, given] of [
      ["another.csv", text],
      ["daily-closes.csv", short],
    ] as const) {
      const outcomes = outcomesOf(document, ESTIMATORS, file, given);
      expect(outcomes.map(({ kind }) => kind)).toEqual(["failed", "failed", "failed"]);
    }
  });
});

describe("over daily candles", () => {
  interface Reference {
    readonly moves: Readonly<
      Record<string, { readonly logMove: (number | null)[]; readonly logRange: (number | null)[] }>
    >;
    readonly rates: readonly {
      readonly day: number;
      readonly pooledQuantile: number;
      readonly assets: Readonly<Record<string, Readonly<Record<string, number>>>>;
    }[];
    readonly books: readonly {
      readonly day: number;
      readonly weights: Readonly<Record<string, number>>;
      readonly legMargins: readonly number[];
      readonly noOffset: number;
      readonly views: Readonly<Record<string, number>>;
      readonly requirement: number;
    }[];
  }
  const reference: Reference = vectors("hybrid.json");
  const rows = Object.entries(reference.moves).flatMap(([asset, { logMove, logRange }]) => {
    const listed = logMove.findIndex((move) => move !== null);
    let logPrice = 3;
    const candle = (day: number, range: number) => {
      const [high, low] = [Math.exp(logPrice + range / 2), Math.exp(logPrice - range / 2)];
      return [asset, dateOf(FIRST_DAY + day), Math.exp(logPrice), high, low, Math.exp(logPrice)].join(",");
    };
    const first = candle(listed - 1, 0.01);
    return [
      first,
      ...logMove.slice(listed).map((move, at) => {
        logPrice += move as number;
        return candle(listed + at, logRange[listed + at] as number);
      }),
    ];
  });
  const text = ["asset,date,open,high,low,close", ...rows].join("\n");
  const document = {
    rates: reference.rates.map(({ day, pooledQuantile, assets }) => ({
      date: dateOf(FIRST_DAY + day),
      pooledQuantile,
      assets: Object.fromEntries(
        Object.entries(assets).map(([asset, { stressedSigma, width: _, ...figures }]) => [
          asset,
          { ...figures, stressSigma: stressedSigma as number },
        ]),
      ),
    })),
    books: reference.books
      // The vector's weights are shares of gross.
      .filter(({ weights }) => Object.values(weights).every((weight) => Math.abs(weight) < 1))
      .map(({ day, weights, legMargins, noOffset, views, requirement }, at) => ({
        book: `book ${at}`,
        date: dateOf(FIRST_DAY + day),
        weights,
        legMargins: Object.fromEntries(Object.keys(weights).map((asset, leg) => [asset, legMargins[leg] as number])),
        noOffset,
        calm: views["CALM"] as number,
        allToOne: views["ALL_TOGETHER"] as number,
        jump: views["LARGEST_LEG"] as number,
        creditCap: views["CREDIT_CAP"] as number,
        expectedShortfall: views["JOINT_HISTORY"] as number,
        margin: requirement,
      })),
  } as unknown as Json;

  test("rates and books are those of the independent program", () => {
    const outcomes = outcomesOf(document, HYBRID, "daily-ohlcv.csv", text);
    expect(outcomes.filter(({ kind }) => kind !== "passed")).toEqual([]);
    expect(outcomes.length).toBe(reference.rates.length + 6);
  });
});
