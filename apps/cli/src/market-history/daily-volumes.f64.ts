import { columnOf, dayOf, numberOf, readTable } from "./csv-table.f64.js";

/**
 * What was traded in each day, in the money of the closes, by asset and day since 1970: columns `asset,date,close,volume`,
 * volume in units of the asset. Days after `until` are left out, as are days without a volume: a file may change the unit
 * it counts in.
 *
 * @throws MalformedHistory for a missing column, or a cell that is no day or no number.
 */
export function readDailyVolumes(text: string, until: number): ReadonlyMap<string, ReadonlyMap<number, number>> {
  const table = readTable(text);
  const [asset, date, close, volume] = ["asset", "date", "close", "volume"].map((name) => columnOf(table, name)) as [
    number,
    number,
    number,
    number,
  ];
  const volumes = new Map<string, Map<number, number>>();
  for (const row of table.rows) {
    const day = dayOf(row, date, "date");
    const [price, traded] = [numberOf(row, close, "close"), numberOf(row, volume, "volume")];
    if (day > until || price === undefined || traded === undefined) continue;
    const name = row.cells[asset] as string;
    const own = volumes.get(name) ?? new Map<number, number>();
    volumes.set(name, own.set(day, price * traded));
  }
  return volumes;
}
