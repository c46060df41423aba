import type { Candle } from "@ballast/risk-core";
import { columnOf, dayOf, numberOf, readTable } from "./csv-table.f64.js";

const DAY_S = 86_400;

/** Largest loss of each day against the close before it, as a share; days since 1970, ascending. */
export interface LossHistory {
  readonly days: readonly number[];
  readonly lossesToLow: readonly number[];
}

/** Losses to the low of candles, of days that follow a day with a candle. */
export function lossesOfCandles(candles: readonly Candle[]): LossHistory {
  return lossesOf(candles.map(({ openedAtS, low, close }) => ({ day: openedAtS / DAY_S, low, close })));
}

/**
 * Losses to the low of one token: columns `date`, its name for the close, and its name with `_low`; rows where either is
 * empty are passed over. Null when the table has no such columns.
 *
 * @throws MalformedHistory for a cell that is no day or no number.
 */
export function readTokenLosses(text: string, token: string): LossHistory | null {
  const table = readTable(text);
  if (!table.columns.includes(token) || !table.columns.includes(`${token}_low`)) return null;
  const [date, closes, lows] = [columnOf(table, "date"), columnOf(table, token), columnOf(table, `${token}_low`)];
  return lossesOf(
    table.rows.flatMap((row) => {
      const [close, low] = [numberOf(row, closes, token), numberOf(row, lows, `${token}_low`)];
      return close === undefined || low === undefined ? [] : [{ day: dayOf(row, date, "date"), low, close }];
    }),
  );
}

function lossesOf(
  history: readonly { readonly day: number; readonly low: number; readonly close: number }[],
): LossHistory {
  const [days, lossesToLow]: [number[], number[]] = [[], []];
  history.forEach(({ day, low }, at) => {
    const before = history[at - 1];
    if (before === undefined || before.day !== day - 1) return;
    days.push(day);
    lossesToLow.push(Math.max(0, 1 - low / before.close));
  });
  return { days, lossesToLow };
}
