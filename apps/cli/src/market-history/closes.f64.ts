import { columnOf, dayOf, MalformedHistory, numberOf, readTable } from "./csv-table.f64.js";

/** Closes in columns, one per asset, under times that ascend; undefined where an asset has none. */
export interface Closes {
  /** Days since 1970, or Unix seconds: whatever the file counts in. */
  readonly times: readonly number[];
  readonly of: ReadonlyMap<string, readonly (number | undefined)[]>;
}

/**
 * Daily closes: a column `date`, and one for every asset.
 *
 * @throws MalformedHistory for a missing column, or a cell that is no day or no number.
 */
export function readDailyCloses(text: string): Closes {
  return readCloses(text, "date", dayOf);
}

/**
 * Hourly closes: a column `ts` of Unix seconds, and one for every series.
 *
 * @throws MalformedHistory for a missing column, or a cell that is no number.
 */
export function readHourlyCloses(text: string): Closes {
  return readCloses(text, "ts", (row, place, column) => {
    const seconds = numberOf(row, place, column);
    if (seconds === undefined) throw new MalformedHistory(row.line, column, "Unix seconds", undefined);
    return seconds;
  });
}

function readCloses(text: string, time: string, timeOf: typeof dayOf): Closes {
  const table = readTable(text);
  const at = columnOf(table, time);
  const of = new Map<string, (number | undefined)[]>();
  table.columns.forEach((column, place) => {
    if (place === at) return;
    of.set(
      column,
      table.rows.map((row) => numberOf(row, place, column)),
    );
  });
  return { times: table.rows.map((row) => timeOf(row, at, time)), of };
}
