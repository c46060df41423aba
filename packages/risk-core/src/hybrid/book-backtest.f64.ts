import {
  type BenchmarkRate,
  ewmaRate,
  filteredHistoricalRate,
  historicalRate,
} from "../estimate/benchmark-rates.f64.js";
import type { MarginSeries } from "../estimate/margin-score.f64.js";
import { type BookView, bookViews } from "./book-views.f64.js";
import { calmCorrelation, shortfallOf } from "./joint-history.f64.js";
import { linearLeg } from "./linear-book.f64.js";
import type { AssetRate, RateStream } from "./rate-stream.f64.js";
import type { BookRecipe } from "./recipe.js";
import type { DayMove } from "./volatility-state.f64.js";

/*
 * Linear books judged on history, with weights restored every day: before each day the margin, then the loss from close
 * to close, −Σ w·(e^move − 1), all as shares of gross notional.
 *
 * A hundred books over five years are two hundred thousand margins over thousands of joint scenarios each. What is
 * shared is computed once a day: e^(±z·width) − 1 of every asset and every earlier day. A book then only adds up its
 * legs. The figures are those of `linearBookMargin`, which the tests hold it to.
 */

/** A book of fixed weights, signed shares of gross notional. */
export interface JudgedBook {
  readonly id: string;
  readonly weights: ReadonlyMap<string, number>;
}

/** The days of one book. */
export interface BookResult {
  readonly book: JudgedBook;
  readonly hybrid: MarginSeries;
  /** Mean margin without any offset. */
  readonly noOffset: number;
  /** How many days each view was the binding one. */
  readonly binding: Readonly<Partial<Record<BookView, number>>>;
  /** What others would have charged on the same days, by model; days without their margin are missing. */
  readonly benchmarks: ReadonlyMap<string, MarginSeries>;
}

/** Collects books, day by day. */
export interface BookJudge {
  /** Judges a day by what the stream knew before it. To be called before the stream observes the day. */
  readonly judge: (day: number, moves: ReadonlyMap<string, DayMove>) => void;
  /** To be called after the stream has observed the day. */
  readonly observed: (day: number) => void;
  /** The books that were judged on at least one day. */
  readonly results: () => readonly BookResult[];
}

interface Collected {
  readonly days: number[];
  readonly happened: number[];
  readonly covered: number[];
  readonly margins: number[];
}

interface OpenBook {
  readonly book: JudgedBook;
  readonly legs: readonly { readonly asset: string; readonly weight: number }[];
  /** Place of each shared day in the history of each leg; shape [legs][days]. */
  readonly places: number[][];
  readonly hybrid: Collected;
  noOffsetSum: number;
  readonly binding: Partial<Record<BookView, number>>;
  readonly benchmarks: ReadonlyMap<string, { readonly stream: BenchmarkRate; readonly collected: Collected }>;
}

/** Gains of one unit long on one asset in every joint scenario, e^(±z·width) − 1: each earlier day, and its mirror. */
interface ScenarioGains {
  readonly asWas: Float64Array;
  readonly mirrored: Float64Array;
}

/**
 * A judge of the days from `from` on. A book is judged on days on which every leg has a rate and a move, and its legs
 * share enough days for the joint view.
 *
 * @param coverage  what the benchmarks are asked for, 0.995
 *
 * Cost: for each day and asset as many exponentials as days came before; for each book and day as many additions as
 * legs × joint scenarios.
 */
export function bookJudge(
  stream: RateStream,
  books: readonly JudgedBook[],
  from: number,
  coverage: number,
  recipe: BookRecipe,
): BookJudge {
  const open = books.map((book) => openBook(book, coverage));

  const judge = (day: number, moves: ReadonlyMap<string, DayMove>): void => {
    const { rates } = stream.ratesFor(day);
    const gains = new Map<string, ScenarioGains>();
    const gainsOf = (asset: string, rate: AssetRate): ScenarioGains => {
      const known = gains.get(asset) ?? scenarioGains(stream.standardised(asset).moves, rate.width);
      gains.set(asset, known);
      return known;
    };
    for (const book of open) {
      const loss = lossOf(book, moves);
      if (loss === undefined) continue;
      if (day >= from) judgeBook(book, day, loss, rates, stream, gainsOf, recipe);
      for (const { stream: benchmark } of book.benchmarks.values()) benchmark.observe(loss);
    }
  };

  const observed = (day: number): void => {
    for (const { legs, places } of open) {
      const histories = legs.map(({ asset }) => stream.standardised(asset).days);
      if (!histories.every((days) => days.at(-1) === day)) continue;
      histories.forEach((days, leg) => (places[leg] as number[]).push(days.length - 1));
    }
  };

  return { judge, observed, results: () => open.filter(({ hybrid }) => hybrid.days.length > 0).map(resultOf) };
}

function openBook(book: JudgedBook, coverage: number): OpenBook {
  const legs = [...book.weights].map(([asset, weight]) => ({ asset, weight }));
  const benchmark = (stream: BenchmarkRate) => ({ stream, collected: collecting() });
  return {
    book,
    legs,
    places: legs.map(() => []),
    hybrid: collecting(),
    noOffsetSum: 0,
    binding: {},
    benchmarks: new Map([
      ["ewma", benchmark(ewmaRate(coverage, "LOSS"))],
      ["historical-500", benchmark(historicalRate(coverage, "LOSS"))],
      ["filtered-historical-500", benchmark(filteredHistoricalRate(coverage, "LOSS"))],
    ]),
  };
}

const collecting = (): Collected => ({ days: [], happened: [], covered: [], margins: [] });

/** Loss of a book from close to close; undefined on a day on which a leg has no move. */
function lossOf({ legs }: OpenBook, moves: ReadonlyMap<string, DayMove>): number | undefined {
  let loss = 0;
  for (const { asset, weight } of legs) {
    const move = moves.get(asset);
    if (move === undefined) return undefined;
    loss -= weight * Math.expm1(move.logMove);
  }
  return loss;
}

function judgeBook(
  book: OpenBook,
  day: number,
  loss: number,
  rates: ReadonlyMap<string, AssetRate>,
  stream: RateStream,
  gainsOf: (asset: string, rate: AssetRate) => ScenarioGains,
  recipe: BookRecipe,
): void {
  const { places } = book;
  const shared = places[0]?.length ?? 0;
  const legRates = book.legs.map(({ asset }) => rates.get(asset));
  if (shared < recipe.jointFrom || legRates.includes(undefined)) return;
  const held = book.legs.map((leg, at) => ({
    ...leg,
    rate: legRates[at] as AssetRate,
    places: places[at] as number[],
  }));

  const legs = held.map(({ asset, weight, rate, places: at }) => ({ weight, at, gains: gainsOf(asset, rate) }));
  const losses = jointLosses(legs, shared);
  const legLoss = (leg: number, scenario: number): number => {
    const { weight, at, gains } = legs[leg] as LegGains;
    const place = at[scenario % shared] as number;
    return -weight * ((scenario < shared ? gains.asWas : gains.mirrored)[place] as number);
  };
  const margin = bookViews(
    held.map(({ asset, weight, rate }) => linearLeg(asset, weight, rate)),
    calmCorrelation({ columns: recentColumns(held, stream, recipe.calmWindow) }, recipe),
    shortfallOf(losses, legs.length, legLoss, recipe),
    recipe,
  );
  collect(book.hybrid, day, loss, margin.requirement);
  book.noOffsetSum += margin.noOffset;
  book.binding[margin.binding] = (book.binding[margin.binding] ?? 0) + 1;
  for (const { stream: benchmark, collected } of book.benchmarks.values()) {
    const covered = benchmark.next();
    // A book whose worst loss of two years was a gain would owe nothing: no margin to judge.
    if (covered !== undefined && covered > 0) collect(collected, day, loss, covered);
  }
}

interface LegGains {
  readonly weight: number;
  /** Place of each shared day in the history of the asset. */
  readonly at: readonly number[];
  readonly gains: ScenarioGains;
}

/** Losses of a book in its joint scenarios: the shared days as they were, then mirrored. */
function jointLosses(legs: readonly LegGains[], shared: number): Float64Array {
  const losses = new Float64Array(2 * shared);
  for (const { weight, at, gains } of legs) {
    addScaled(losses.subarray(0, shared), gains.asWas, at, -weight);
    addScaled(losses.subarray(shared), gains.mirrored, at, -weight);
  }
  return losses;
}

/** Adds `factor` × the values at these places. */
function addScaled(sums: Float64Array, values: Float64Array, at: readonly number[], factor: number): void {
  const first = at[0] as number;
  if ((at[sums.length - 1] as number) - first === sums.length - 1) {
    // Without a hole the places are a run: one read less for each of some hundred millions.
    for (let row = 0; row < sums.length; row += 1) {
      sums[row] = (sums[row] as number) + factor * (values[first + row] as number);
    }
    return;
  }
  for (let row = 0; row < sums.length; row += 1) {
    sums[row] = (sums[row] as number) + factor * (values[at[row] as number] as number);
  }
}

/** The last shared days, which is all that the calm view looks at; one column per leg. */
function recentColumns(
  legs: readonly { readonly asset: string; readonly places: readonly number[] }[],
  stream: RateStream,
  window: number,
): Float64Array[] {
  return legs.map(({ asset, places }) => {
    const { moves } = stream.standardised(asset);
    const from = Math.max(0, places.length - window);
    const column = new Float64Array(places.length - from);
    for (let at = from; at < places.length; at += 1) column[at - from] = moves[places[at] as number] as number;
    return column;
  });
}

function scenarioGains(standardised: readonly number[], width: number): ScenarioGains {
  const asWas = new Float64Array(standardised.length);
  const mirrored = new Float64Array(standardised.length);
  for (let at = 0; at < standardised.length; at += 1) {
    const growth = Math.exp((standardised[at] as number) * width);
    asWas[at] = growth - 1;
    mirrored[at] = 1 / growth - 1;
  }
  return { asWas, mirrored };
}

function collect(series: Collected, day: number, loss: number, margin: number): void {
  series.days.push(day);
  series.happened.push(loss);
  series.covered.push(margin);
  series.margins.push(margin);
}

function resultOf({ book, hybrid, noOffsetSum, binding, benchmarks }: OpenBook): BookResult {
  const judged = [...benchmarks].filter(([, { collected }]) => collected.days.length > 0);
  return {
    book,
    hybrid,
    noOffset: noOffsetSum / hybrid.days.length,
    binding,
    benchmarks: new Map(judged.map(([id, { collected }]) => [id, collected])),
  };
}
