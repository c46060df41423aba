import type { Candle } from "@ballast/risk-core";
import { columnOf, dayOf, MalformedHistory, numberOf, readTable } from "./csv-table.f64.js";

export const DAY_S = 86_400;

/**
 * Daily candles by asset, in the order of the file: columns `asset,date,open,high,low,close`, others passed over. Times
 * are the start of the day in Unix seconds.
 *
 * @throws MalformedHistory for a missing column, a cell that is no day or no number, and an empty price.
 */
export function readDailyCandles(text: string): ReadonlyMap<string, readonly Candle[]> {
  const table = readTable(text);
  const [asset, date, ...prices] = ["asset", "date", "open", "high", "low", "close"].map((name) =>
    columnOf(table, name),
  ) as [number, number, ...number[]];
  const candles = new Map<string, Candle[]>();
  for (const row of table.rows) {
    const [open, high, low, close] = prices.map((place) => {
      const column = table.columns[place] as string;
      const price = numberOf(row, place, column);
      if (price === undefined) throw new MalformedHistory(row.line, column, "a price", undefined);
      return price;
    }) as [number, number, number, number];
    const name = row.cells[asset] as string;
    const own = candles.get(name) ?? [];
    if (own.length === 0) candles.set(name, own);
    own.push({ openedAtS: dayOf(row, date, "date") * DAY_S, open, high, low, close });
  }
  return candles;
}
