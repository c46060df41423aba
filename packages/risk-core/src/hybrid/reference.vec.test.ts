import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";
import { matrixRows } from "../estimate/square-matrix.f64.js";
import type { BookView } from "./book-views.f64.js";
import { linearBookMargin } from "./linear-book.f64.js";
import { type AssetRate, type DayRates, rateStream, type StandardisedHistory } from "./rate-stream.f64.js";
import { BALLAST_BOOKS, BALLAST_HYBRID, BALLAST_HYBRID_2, type RateRecipe } from "./recipe.js";
import type { DayMove } from "./volatility-state.f64.js";

/** Rates and books against an independent program, over 230 made-up days of four assets, three of them listed later. */
interface Reference {
  readonly moves: Readonly<
    Record<string, { readonly logMove: (number | null)[]; readonly logRange: (number | null)[] }>
  >;
  readonly rates: readonly ReferenceRates[];
  readonly secondRecipeRates: readonly ReferenceRates[];
  readonly books: readonly {
    readonly day: number;
    readonly weights: Readonly<Record<string, number>>;
    readonly legMargins: readonly number[];
    readonly noOffset: number;
    readonly correlation: readonly (readonly number[])[];
    readonly views: Readonly<Record<BookView, number>>;
    readonly requirement: number;
    readonly scenarios: number;
  }[];
}
interface ReferenceRates {
  readonly day: number;
  readonly pooledQuantile: number;
  readonly assets: Readonly<Record<string, Pick<AssetRate, (typeof FIGURES)[number]>>>;
}
const FIGURES = ["sigma", "stressedSigma", "width", "logRate", "longRate", "shortRate", "limitedLogRate"] as const;

const file = fileURLToPath(new URL("../../../../vectors/estimators/hybrid.json", import.meta.url));
const reference = JSON.parse(readFileSync(file, "utf8")) as Reference;

/** The moves of one day; an asset that is not listed yet has none. */
function movesOn(day: number): Map<string, DayMove> {
  const moves = new Map<string, DayMove>();
  for (const [asset, { logMove, logRange }] of Object.entries(reference.moves)) {
    if (logMove[day] === null) continue;
    moves.set(asset, { logMove: logMove[day] as number, logRange: logRange[day] as number });
  }
  return moves;
}

/** The rates that cover a day, and the history before it. */
function playedTo(
  day: number,
  recipe: RateRecipe,
): { rates: DayRates; standardised: (asset: string) => StandardisedHistory } {
  const stream = rateStream(recipe);
  for (let before = 0; before < day; before += 1) stream.observe(before, movesOn(before));
  return { rates: stream.ratesFor(day), standardised: stream.standardised };
}

function expectSame(got: readonly number[], expected: readonly number[]): void {
  expect(got).toHaveLength(expected.length);
  got.forEach((value, at) => {
    expect(Math.abs(value - (expected[at] as number))).toBeLessThanOrEqual(
      1e-9 * Math.abs(expected[at] as number) + 1e-12,
    );
  });
}

describe("the hybrid method agrees with an independent program", () => {
  test.each([
    ...reference.rates.map((expected) => ({ recipe: BALLAST_HYBRID, expected })),
    ...reference.secondRecipeRates.map((expected) => ({ recipe: BALLAST_HYBRID_2, expected })),
  ])("HYBRID-6: rates of $recipe.id for day $expected.day", ({ recipe, expected }) => {
    const { rates } = playedTo(expected.day, recipe);
    expectSame([rates.pooledQuantile as number], [expected.pooledQuantile]);
    expect([...rates.rates.keys()].sort()).toEqual(Object.keys(expected.assets).sort());
    for (const [asset, figures] of Object.entries(expected.assets)) {
      const got = rates.rates.get(asset) as AssetRate;
      expectSame(
        FIGURES.map((figure) => got[figure]),
        FIGURES.map((figure) => figures[figure]),
      );
    }
  });

  test.each(reference.books)("HYBRID-17: the five views of $weights on day $day", (expected) => {
    const { rates, standardised } = playedTo(expected.day, BALLAST_HYBRID);
    const book = linearBookMargin(new Map(Object.entries(expected.weights)), rates.rates, standardised, BALLAST_BOOKS);
    expectSame(book.legMargins, expected.legMargins);
    expectSame([book.noOffset, book.requirement], [expected.noOffset, expected.requirement]);
    expect(book.scenarios).toBe(expected.scenarios);
    const correlation = book.correlation === undefined ? [] : matrixRows(book.correlation);
    expectSame(correlation.flat(), expected.correlation.flat());
    const views = Object.keys(expected.views) as BookView[];
    expectSame(
      views.map((view) => book.views[view]),
      views.map((view) => expected.views[view]),
    );
    expect(book.views[book.binding]).toBe(book.requirement);
  });
});
