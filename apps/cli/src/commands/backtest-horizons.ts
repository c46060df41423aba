import {
  type BookHorizonScore,
  type HorizonScore,
  type HourlyCloses,
  scoreBookHorizon,
  scoreHorizon,
} from "@ballast/risk-core";
import type { Closes } from "../market-history/closes.f64.js";
import type { BookClass } from "./backtest-books.js";
import type { BacktestRun } from "./backtest-run.js";

const ASSET_HORIZONS = [1, 2, 4, 8, 12, 24, 48, 72, 120];
const BOOK_HORIZONS = [8, 24, 48];

/** Counts of one horizon over all assets, or over all books of a class. */
export interface HorizonTotal {
  readonly hours: number;
  readonly starts: number;
  readonly exceptions: number;
}

/** The hourly part of a backtest, with every hour of the judged days as a start. */
export interface HorizonRun {
  readonly assets: readonly HorizonTotal[];
  readonly byAsset: ReadonlyMap<string, readonly HorizonScore[]>;
  readonly books: ReadonlyMap<BookClass, readonly HorizonTotal[]>;
}

/** Scores the first recipe's scaled rates and book margins on hourly closes; series without daily rates are passed over. */
export function runHorizons(closes: Closes, run: BacktestRun): HorizonRun {
  const seriesOf = (asset: string): HourlyCloses | undefined => {
    const own = closes.of.get(asset);
    return own === undefined ? undefined : { hours: closes.times, closes: own };
  };
  const byAsset = new Map<string, readonly HorizonScore[]>();
  for (const [asset, rates] of run.logRates) {
    const series = seriesOf(asset);
    const judged = new Map([...rates].filter(([day]) => day >= run.from));
    if (series === undefined || judged.size === 0) continue;
    byAsset.set(
      asset,
      ASSET_HORIZONS.map((hours) => scoreHorizon(series, judged, hours)),
    );
  }
  const [firstRecipe] = run.books.values();
  const books = new Map<BookClass, BookHorizonScore[]>();
  for (const { book, hybrid } of firstRecipe ?? []) {
    const legs = [...book.weights].map(([asset, weight]) => ({ weight, series: seriesOf(asset) }));
    if (!legs.every(hasSeries)) continue;
    const margins = new Map(hybrid.days.map((day, at) => [day, hybrid.margins[at] as number]));
    const scores = BOOK_HORIZONS.map((hours) => scoreBookHorizon(legs, margins, hours));
    books.set(book.class, [...(books.get(book.class) ?? []), ...scores]);
  }
  return {
    assets: totals(
      [...byAsset.values()].flat().map(({ exceptionsOnFall, exceptionsOnRise, ...score }) => ({
        ...score,
        exceptions: exceptionsOnFall + exceptionsOnRise,
      })),
    ),
    byAsset,
    books: new Map([...books].map(([of, scores]) => [of, totals(scores)])),
  };
}

const hasSeries = <Leg extends { readonly series: HourlyCloses | undefined }>(
  leg: Leg,
): leg is Leg & { readonly series: HourlyCloses } => leg.series !== undefined;

/** Sums by horizon. */
function totals(scores: readonly HorizonTotal[]): HorizonTotal[] {
  const byHours = new Map<number, { hours: number; starts: number; exceptions: number }>();
  for (const { hours, starts, exceptions } of scores) {
    const sum = byHours.get(hours) ?? { hours, starts: 0, exceptions: 0 };
    byHours.set(hours, { hours, starts: sum.starts + starts, exceptions: sum.exceptions + exceptions });
  }
  return [...byHours.values()];
}
