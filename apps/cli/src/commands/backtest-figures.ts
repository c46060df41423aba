import {
  type BookResult,
  type BookView,
  equalSafetyFactor,
  type HistoryFinding,
  type KupiecVerdict,
  type MarginScore,
  type MarginSeries,
  meanMarginAt,
  scoreMargins,
  sumYears,
  worstYear,
  type YearCount,
} from "@ballast/risk-core";
import { dateOf } from "../market-history/csv-table.f64.js";
import type { BookClass, BookKind, ClassedBook } from "./backtest-books.js";
import type { HorizonRun, HorizonTotal } from "./backtest-horizons.js";
import { type BacktestRun, COVERAGE } from "./backtest-run.js";

/** More exceptions than this in some 250 days, and an asset or book is bad: 99 % in its worst stretch. */
export const BAD_ABOVE = 2;
const PROMISED = 1 - COVERAGE;

/** One model on one asset, or one margin on one book: what `--json` prints and the tables show. */
export interface ScoreFigures {
  readonly days: number;
  readonly exceptions: number;
  readonly expected: number;
  readonly coverage: number;
  readonly kupiec: KupiecVerdict;
  readonly independenceProbability: number;
  /** Stretches of 250 days by verdict, and each of them. */
  readonly windows: readonly {
    readonly from: string;
    readonly to: string;
    readonly exceptions: number;
    readonly verdict: KupiecVerdict;
  }[];
  readonly worstWindow: number;
  readonly worstYear: YearCount;
  readonly years: readonly YearCount[];
  readonly meanMargin: number;
  readonly lowestMargin: number;
  readonly highestMargin: number;
  readonly peakToTrough: number;
  readonly largestRise: number;
}

/** One model over all assets, or one margin over all books of a class. */
export interface TotalFigures {
  readonly members: number;
  readonly days: number;
  readonly exceptions: number;
  readonly expected: number;
  readonly coverage: number;
  readonly lowestCoverage: number;
  readonly bad: number;
  /** Windows of 250 days over all members, by verdict. */
  readonly verdicts: Readonly<Record<KupiecVerdict, number>>;
  readonly worstYear: YearCount;
  readonly years: readonly YearCount[];
  readonly meanMargin: number;
  readonly peakToTrough: number;
  readonly largestRise: number;
}

export interface ModelFigures {
  readonly model: string;
  readonly total: TotalFigures & { readonly equalSafetyFactor: number; readonly meanMarginAtEqualSafety: number };
  readonly assets: Readonly<Record<string, ScoreFigures>>;
}

export interface BookClassFigures {
  readonly class: BookClass | BookKind | "all";
  readonly model: string;
  readonly total: TotalFigures;
  /** Share of the margin without any offset that is saved; of a recipe only. */
  readonly saved?: number;
  /** Share of days on which a view binds; of a recipe only. */
  readonly binding?: Readonly<Partial<Record<BookView, number>>>;
}

export interface HistoryFigures {
  readonly asset: string;
  readonly from: string;
  readonly to: string;
  readonly candles: number;
  readonly findings: readonly HistoryFinding[];
}

export interface BacktestFigures {
  readonly from: string;
  readonly to: string;
  readonly promised: number;
  readonly bookSeed: string;
  readonly histories: readonly HistoryFigures[];
  readonly models: readonly ModelFigures[];
  readonly books: readonly BookClassFigures[];
  readonly horizons?: {
    readonly assets: readonly HorizonTotal[];
    readonly books: Readonly<Partial<Record<BookClass, readonly HorizonTotal[]>>>;
  };
}

/** Puts a run into figures. */
export function backtestFigures(run: BacktestRun, horizons: HorizonRun | undefined, bookSeed: string): BacktestFigures {
  return {
    from: dateOf(run.from),
    to: dateOf(run.to),
    promised: PROMISED,
    bookSeed,
    histories: historyFigures(run),
    models: [...run.models].map(([model, series]) => modelFigures(model, series)),
    books: bookFigures(run),
    ...(horizons === undefined
      ? {}
      : { horizons: { assets: horizons.assets, books: Object.fromEntries(horizons.books) } }),
  };
}

function historyFigures({ histories }: BacktestRun): HistoryFigures[] {
  return [...histories].map(([asset, { candles, findings, intervalS }]) => ({
    asset,
    from: dateOf((candles[0]?.openedAtS ?? 0) / intervalS),
    to: dateOf((candles.at(-1)?.openedAtS ?? 0) / intervalS),
    candles: candles.length,
    findings,
  }));
}

function modelFigures(model: string, series: ReadonlyMap<string, MarginSeries>): ModelFigures {
  const scores = [...series].map(([asset, own]) => [asset, scoreMargins(own, PROMISED)] as const);
  const all = [...series.values()];
  const factor = equalSafetyFactor(all, PROMISED, BAD_ABOVE);
  return {
    model,
    total: {
      ...totalFigures(scores.map(([, score]) => score)),
      equalSafetyFactor: factor,
      meanMarginAtEqualSafety: meanOf(all.map((own) => meanMarginAt(own, factor))),
    },
    assets: Object.fromEntries(scores.map(([asset, score]) => [asset, scoreFigures(score)])),
  };
}

type Judged = BookResult & { readonly book: ClassedBook };

/** Every class, the kinds within the hedged one, and all together; a recipe first, then what others would have charged. */
function bookFigures({ books }: BacktestRun): BookClassFigures[] {
  const groups: readonly (readonly [BookClassFigures["class"], (book: ClassedBook) => boolean])[] = [
    ["one-way", (book) => book.class === "one-way"],
    ["hedged", (book) => book.class === "hedged"],
    ["pair", (book) => book.kind === "pair"],
    ["basket", (book) => book.kind === "basket"],
    ["neutral", (book) => book.kind === "neutral"],
    ["mixed", (book) => book.class === "mixed"],
    ["all", () => true],
  ];
  return groups.flatMap(([name, belongs]) => {
    const ofRecipes = [...books].map(
      ([recipe, results]) => [recipe, results.filter(({ book }) => belongs(book))] as const,
    );
    const [first] = ofRecipes;
    if (first === undefined || first[1].length === 0) return [];
    const benchmarks = [...new Set(first[1].flatMap(({ benchmarks }) => [...benchmarks.keys()]))];
    return [
      ...ofRecipes.map(([recipe, results]) => recipeFigures(name, recipe, results)),
      ...benchmarks.map((model) => benchmarkFigures(name, model, first[1])),
    ];
  });
}

function recipeFigures(name: BookClassFigures["class"], model: string, results: readonly Judged[]): BookClassFigures {
  const total = totalFigures(results.map(({ hybrid }) => scoreMargins(hybrid, PROMISED)));
  const counts = new Map<BookView, number>();
  for (const { binding } of results) {
    for (const [view, days] of Object.entries(binding)) {
      counts.set(view as BookView, (counts.get(view as BookView) ?? 0) + days);
    }
  }
  return {
    class: name,
    model,
    total,
    saved: 1 - total.meanMargin / meanOf(results.map(({ noOffset }) => noOffset)),
    binding: Object.fromEntries([...counts].map(([view, days]) => [view, days / total.days])),
  };
}

function benchmarkFigures(
  name: BookClassFigures["class"],
  model: string,
  results: readonly Judged[],
): BookClassFigures {
  const series = results.flatMap(({ benchmarks }) => benchmarks.get(model) ?? []);
  return { class: name, model, total: totalFigures(series.map((own) => scoreMargins(own, PROMISED))) };
}

/** A score as it is printed: days as dates. */
export function scoreFigures(score: MarginScore): ScoreFigures {
  const { test, windows, ...rest } = score;
  return {
    ...rest,
    worstYear: worstYear(score.years),
    days: test.days,
    exceptions: test.exceptions,
    expected: test.days * PROMISED,
    kupiec: test.verdict,
    independenceProbability: test.independence.probability,
    windows: windows.map(({ from, to, ...window }) => ({ from: dateOf(from), to: dateOf(to), ...window })),
  };
}

function totalFigures(scores: readonly MarginScore[]): TotalFigures {
  const days = sumOf(scores.map(({ test }) => test.days));
  const exceptions = sumOf(scores.map(({ test }) => test.exceptions));
  const years = sumYears(scores.flatMap((score) => score.years));
  const verdicts = { ACCEPTED: 0, TOO_MANY: 0, TOO_FEW: 0 };
  for (const { windows } of scores) for (const { verdict } of windows) verdicts[verdict] += 1;
  return {
    members: scores.length,
    days,
    exceptions,
    expected: days * PROMISED,
    coverage: 1 - exceptions / days,
    lowestCoverage: Math.min(...scores.map(({ coverage }) => coverage)),
    bad: scores.filter(({ worstWindow }) => worstWindow > BAD_ABOVE).length,
    verdicts,
    worstYear: worstYear(years),
    years,
    meanMargin: meanOf(scores.map(({ meanMargin }) => meanMargin)),
    peakToTrough: Math.max(...scores.map(({ peakToTrough }) => peakToTrough)),
    largestRise: Math.max(...scores.map(({ largestRise }) => largestRise)),
  };
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const meanOf = (values: readonly number[]): number => sumOf(values) / values.length;
