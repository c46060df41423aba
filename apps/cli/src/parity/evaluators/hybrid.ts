import {
  BALLAST_BOOKS,
  BALLAST_HYBRID,
  type BookView,
  type DayRates,
  linearBookMargin,
  matrixRows,
  type StandardisedHistory,
} from "@ballast/risk-core";
import { dayFrom } from "../../market-history/csv-table.f64.js";
import { readDailyCandles } from "../../market-history/daily-candles.f64.js";
import { dayMovesOf, replayRates } from "../../market-history/replay-rates.f64.js";
import { numberAt, objectAt, textAt, UnreadableInput } from "../inputs.js";
import { type Answered, computed, type Evaluators, type JsonObject, type ParityContext } from "../parity-case.js";

const CANDLES_FILE = "daily-ohlcv.csv";

/** Rates and books of the hybrid method, over the daily candles of all assets up to the day before. */
export const HYBRID: Evaluators = {
  "hybrid.rates": ({ inputs }, context) => {
    const { pooledQuantile, rates } = ratesOn(inputs, context);
    return computed({
      pooledQuantile: pooledQuantile ?? null,
      assets: Object.fromEntries(
        [...rates].map(([asset, { sigma, stressedSigma, ...rate }]) => [
          asset,
          {
            sigma,
            stressSigma: stressedSigma,
            logRate: rate.logRate,
            longRate: rate.longRate,
            shortRate: rate.shortRate,
            limitedLogRate: rate.limitedLogRate,
          },
        ]),
      ),
    });
  },

  "hybrid.books": ({ inputs }, context) => {
    const day = dayAt(inputs);
    const { rates } = ratesOn(inputs, context);
    const given = objectAt(inputs, "weights");
    const weights = new Map(Object.keys(given).map((asset) => [asset, numberAt(given, asset)]));
    const book = linearBookMargin(
      weights,
      rates,
      (asset) => before(day, historyOf(context).standardised(asset)),
      BALLAST_BOOKS,
    );
    const byUnderlying = book.legMargins.map((margin, leg) => [[...weights.keys()][leg] as string, margin] as const);
    const sumOf = (sign: 1 | -1): number =>
      byUnderlying.reduce(
        (sum, [asset, margin]) => (Math.sign(weights.get(asset) as number) === sign ? sum + margin : sum),
        0,
      );
    return computed({
      scenarios: book.scenarios,
      correlation: book.correlation === undefined ? null : matrixRows(book.correlation),
      legMargins: Object.fromEntries(byUnderlying),
      longSum: sumOf(1),
      shortSum: sumOf(-1),
      noOffset: book.noOffset,
      ...Object.fromEntries(Object.entries(VIEW_NAMES).map(([view, name]) => [name, book.views[view as BookView]])),
      margin: book.requirement,
      binding: VIEW_NAMES[book.binding],
    } satisfies Record<string, Answered>);
  },
};

/** The views in the words of the file. */
const VIEW_NAMES: Readonly<Record<BookView, string>> = {
  CALM: "calm",
  ALL_TOGETHER: "allToOne",
  LARGEST_LEG: "jump",
  CREDIT_CAP: "creditCap",
  JOINT_HISTORY: "expectedShortfall",
};

interface PlayedHistory {
  readonly rates: ReadonlyMap<number, DayRates>;
  readonly standardised: (asset: string) => StandardisedHistory;
}

const played = new Map<string, PlayedHistory>();

/** The whole file played once; the rates of every day are kept, for they do not know what came after. */
function historyOf({ data }: ParityContext): PlayedHistory {
  const text = data(CANDLES_FILE);
  if (text === undefined) throw new UnreadableInput(CANDLES_FILE, "a market data file (option --data)", undefined);
  const kept = played.get(text);
  if (kept !== undefined) return kept;
  const rates = new Map<number, DayRates>();
  const stream = replayRates(dayMovesOf(readDailyCandles(text)).moves, BALLAST_HYBRID, (day) =>
    rates.set(day.day, day),
  );
  const history = { rates, standardised: stream.standardised };
  played.set(text, history);
  return history;
}

function ratesOn(inputs: JsonObject, context: ParityContext): DayRates {
  const rates = historyOf(context).rates.get(dayAt(inputs));
  if (rates === undefined) throw new UnreadableInput("date", `a day of ${CANDLES_FILE}`, textAt(inputs, "date"));
  return rates;
}

/** The part of a history that was known before a day. */
function before(day: number, { days, moves }: StandardisedHistory): StandardisedHistory {
  const next = days.findIndex((at) => at >= day);
  return next < 0 ? { days, moves } : { days: days.slice(0, next), moves: moves.slice(0, next) };
}

function dayAt(inputs: JsonObject): number {
  const text = textAt(inputs, "date");
  const day = dayFrom(text);
  if (day === undefined) throw new UnreadableInput("date", "a day as 2024-02-29", text);
  return day;
}
