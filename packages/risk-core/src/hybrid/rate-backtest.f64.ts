import {
  type BenchmarkRate,
  ewmaRate,
  filteredHistoricalRate,
  historicalRate,
} from "../estimate/benchmark-rates.f64.js";
import type { MarginSeries } from "../estimate/margin-score.f64.js";
import { longRate, shortRate } from "./rate.f64.js";
import { type RateStream, rateStream } from "./rate-stream.f64.js";
import type { RateRecipe } from "./recipe.js";
import type { DayMove } from "./volatility-state.f64.js";

/*
 * A rate judged on history: before each day the rate that covers it, then the move that came. Both sides are judged with
 * one rate (a fall beyond it hurts the long, a rise beyond it the short), and what it costs is the mean of the long and
 * the short rate.
 */

/** A model of rates for all assets, fed day by day. */
export interface RateModel {
  readonly id: string;
  /** Log rate per asset for the next day, from the days observed; assets without one are missing. */
  readonly ratesFor: (day: number) => ReadonlyMap<string, number>;
  readonly observe: (day: number, moves: ReadonlyMap<string, DayMove>) => void;
}

/** A hybrid recipe as published, with the speed limit; and the stream itself, for whoever wants more of it. */
export function hybridModel(recipe: RateRecipe): RateModel & { readonly stream: RateStream } {
  const stream = rateStream(recipe);
  return {
    id: recipe.id,
    stream,
    ratesFor: (day) =>
      new Map([...stream.ratesFor(day).rates].map(([asset, { limitedLogRate }]) => [asset, limitedLogRate])),
    observe: stream.observe,
  };
}

/** The benchmarks at one coverage, each with a stream per asset. */
export function benchmarkModels(coverage: number): readonly RateModel[] {
  return [
    benchmarkModel("ewma", () => ewmaRate(coverage, "EITHER_SIDE")),
    benchmarkModel("historical-500", () => historicalRate(coverage, "EITHER_SIDE")),
    benchmarkModel("filtered-historical-500", () => filteredHistoricalRate(coverage, "EITHER_SIDE")),
  ];
}

function benchmarkModel(id: string, fresh: () => BenchmarkRate): RateModel {
  const assets = new Map<string, BenchmarkRate>();
  return {
    id,
    ratesFor: () => {
      const rates = new Map<string, number>();
      for (const [asset, stream] of assets) {
        const rate = stream.next();
        if (rate !== undefined) rates.set(asset, rate);
      }
      return rates;
    },
    observe: (_, moves) => {
      for (const [asset, { logMove }] of moves) {
        const stream = assets.get(asset) ?? fresh();
        assets.set(asset, stream);
        stream.observe(logMove);
      }
    },
  };
}

/** Collects the series of one model, day by day. */
export interface RateJudge {
  /** To be called before the model observes the day. */
  readonly judge: (day: number, moves: ReadonlyMap<string, DayMove>) => void;
  /** By asset; assets without a judged day are missing. */
  readonly series: () => ReadonlyMap<string, MarginSeries>;
}

/** A judge of the days from `from` on: a day of an asset counts when the model has a rate for it. */
export function rateJudge(model: RateModel, from: number): RateJudge {
  const series = new Map<string, { days: number[]; happened: number[]; covered: number[]; margins: number[] }>();
  const judge = (day: number, moves: ReadonlyMap<string, DayMove>): void => {
    if (day < from) return;
    const rates = model.ratesFor(day);
    for (const [asset, { logMove }] of moves) {
      const rate = rates.get(asset);
      // A rate of nothing is no rate: it would be exceeded by any move, and has no ratio to yesterday's.
      if (rate === undefined || rate === 0) continue;
      const own = series.get(asset) ?? { days: [], happened: [], covered: [], margins: [] };
      series.set(asset, own);
      own.days.push(day);
      own.happened.push(Math.abs(logMove));
      own.covered.push(rate);
      own.margins.push((longRate(rate) + shortRate(rate)) / 2);
    }
  };
  return { judge, series: () => series };
}

/** Mean of the long and the short rate over the days of a series whose rates are multiplied by `factor`. */
export function meanMarginAt({ covered }: MarginSeries, factor: number): number {
  let sum = 0;
  for (const rate of covered) sum += (longRate(factor * rate) + shortRate(factor * rate)) / 2;
  return sum / covered.length;
}
