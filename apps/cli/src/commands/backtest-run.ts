import {
  BALLAST_BOOKS,
  BALLAST_HYBRID,
  BALLAST_HYBRID_2,
  benchmarkModels,
  bookJudge,
  type BookResult,
  type Candle,
  type History,
  hybridModel,
  type MarginSeries,
  type RateModel,
  rateJudge,
  readHistory,
} from "@ballast/risk-core";
import { DAY_S } from "../market-history/daily-candles.f64.js";
import { type DayMoves, dayMovesOf, type MoveOverHole } from "../market-history/replay-rates.f64.js";
import type { ClassedBook } from "./backtest-books.js";

/** What the models promise: one exception in two hundred days. */
export const COVERAGE = 0.995;

/** Everything a backtest brought to light, before it is put into words. */
export interface BacktestRun {
  /** First and last judged day, days since 1970. */
  readonly from: number;
  readonly to: number;
  /** What was missing, halted, broken or out of order, by asset. */
  readonly histories: ReadonlyMap<string, History>;
  readonly overHoles: readonly MoveOverHole[];
  /** Series by model and asset, in the order in which the report names the models. */
  readonly models: ReadonlyMap<string, ReadonlyMap<string, MarginSeries>>;
  /** By recipe. */
  readonly books: ReadonlyMap<string, readonly (BookResult & { readonly book: ClassedBook })[]>;
  /** Log rate by asset and day of the first recipe, before the speed limit: for other horizons. */
  readonly logRates: ReadonlyMap<string, ReadonlyMap<number, number>>;
}

/** Told after each day. */
export type Progress = (day: number, at: number, of: number) => void;

/**
 * Plays the daily history through every model, day by day: rates and book margins before the day, then the day.
 *
 * @param from  first day that is judged, days since 1970; the days before it are learnt from
 */
export function runBacktest(
  candles: ReadonlyMap<string, readonly Candle[]>,
  books: readonly ClassedBook[],
  from: number,
  progress: Progress,
): BacktestRun {
  const histories = new Map([...candles].map(([asset, series]) => [asset, readHistory(series, DAY_S)]));
  const usable = new Map([...histories].map(([asset, history]) => [asset, history.candles]));
  const { moves, overHoles } = dayMovesOf(usable);

  const hybrids = [BALLAST_HYBRID, BALLAST_HYBRID_2].map(hybridModel);
  const models: readonly RateModel[] = [...hybrids, ...benchmarkModels(COVERAGE)];
  const judged = models.map((model) => ({ model, judge: rateJudge(model, from) }));
  const bookJudges = hybrids.map(({ stream, id }) => ({
    id,
    judge: bookJudge(stream, books, from, COVERAGE, BALLAST_BOOKS),
  }));
  const logRates = new Map<string, Map<number, number>>();
  const first = hybrids[0] as (typeof hybrids)[number];

  let at = 0;
  for (const [day, brought] of moves) {
    for (const { judge } of judged) judge.judge(day, brought);
    for (const { judge } of bookJudges) judge.judge(day, brought);
    for (const [asset, { logRate }] of first.stream.ratesFor(day).rates) {
      const own = logRates.get(asset) ?? new Map<number, number>();
      logRates.set(asset, own.set(day, logRate));
    }
    for (const { model } of judged) model.observe(day, brought);
    for (const { judge } of bookJudges) judge.observed(day);
    at += 1;
    progress(day, at, moves.size);
  }
  const classed = new Map(books.map((book) => [book.id, book]));
  return {
    from: Math.max(from, firstDayOf(moves)),
    to: [...moves.keys()].at(-1) ?? from,
    histories,
    overHoles,
    models: new Map(judged.map(({ model, judge }) => [model.id, judge.series()])),
    books: new Map(
      bookJudges.map(({ id, judge }) => [
        id,
        judge.results().map((result) => ({ ...result, book: classed.get(result.book.id) as ClassedBook })),
      ]),
    ),
    logRates,
  };
}

const firstDayOf = (moves: DayMoves): number => moves.keys().next().value ?? 0;
