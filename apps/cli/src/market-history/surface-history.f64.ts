import type { VolatilityChange } from "@ballast/risk-core";
import { columnOf, MalformedHistory, numberOf, readTable } from "./csv-table.f64.js";

const DAY_S = 86_400;

/** One expiry at one moment. */
interface ExpiryQuote {
  readonly ts: number;
  readonly expiry: number;
  readonly forward: number;
  readonly volatility: number;
}

/**
 * At-the-money volatilities from one day to the next, by currency and in order of days: columns
 * `ts,currency,expiry_ts,forward,atm_iv`, times in Unix seconds. A day is its last quote of an expiry; an expiry that is
 * missing on the day before, or has less than a day to go, brings no change.
 *
 * @param logRateOn log rate of a currency on a day; a day without one is passed over
 * @throws MalformedHistory for a missing column, an empty cell, and a cell that is no number.
 */
export function readVolatilityChanges(
  text: string,
  logRateOn: (currency: string, day: number) => number | undefined,
): ReadonlyMap<string, readonly VolatilityChange[]> {
  const changes = new Map<string, VolatilityChange[]>();
  for (const [currency, days] of lastQuotes(text)) {
    const own: VolatilityChange[] = [];
    for (const [day, quotes] of [...days].sort(([left], [right]) => left - right)) {
      const logRate = logRateOn(currency, day);
      const before = days.get(day - 1);
      if (logRate === undefined || before === undefined) continue;
      for (const { expiry, forward, ts, volatility } of quotes.values()) {
        const earlier = before.get(expiry);
        const daysToExpiry = (expiry - ts) / DAY_S;
        if (earlier === undefined || daysToExpiry < 1) continue;
        own.push({
          day,
          daysToExpiry,
          relativeChange: volatility / earlier.volatility - 1,
          logMove: Math.log(forward / earlier.forward),
          logRate,
        });
      }
    }
    changes.set(currency, own);
  }
  return changes;
}

/** The last quote of each currency, day and expiry. */
function lastQuotes(text: string): ReadonlyMap<string, ReadonlyMap<number, ReadonlyMap<number, ExpiryQuote>>> {
  const table = readTable(text);
  const [currency, ...places] = ["currency", "ts", "expiry_ts", "forward", "atm_iv"].map((name) =>
    columnOf(table, name),
  ) as [number, ...number[]];
  const found = new Map<string, Map<number, Map<number, ExpiryQuote>>>();
  for (const row of table.rows) {
    const [ts, expiry, forward, volatility] = places.map((place) => {
      const column = table.columns[place] as string;
      const value = numberOf(row, place, column);
      if (value === undefined || value <= 0)
        throw new MalformedHistory(row.line, column, "a number above zero", row.cells[place]);
      return value;
    }) as [number, number, number, number];
    const name = row.cells[currency] as string;
    const day = Math.floor(ts / DAY_S);
    const days = found.get(name) ?? new Map<number, Map<number, ExpiryQuote>>();
    found.set(name, days);
    const quotes = days.get(day) ?? new Map<number, ExpiryQuote>();
    days.set(day, quotes);
    if ((quotes.get(expiry)?.ts ?? 0) <= ts) quotes.set(expiry, { ts, expiry, forward, volatility });
  }
  return found;
}
