import type { AssetId, UtcMillis } from "@ballast/model";
import { assetId, compareIds, MalformedId, MalformedTime, toUtcMillis } from "@ballast/model";
import { MalformedDecimal, type Price, price } from "@ballast/money";
import { type CsvRow, readCsv, ScenarioRefused } from "./csv.js";

/** Open, high, low and close of one hour. */
export interface Candle {
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
}

/** One hour of the market: the mark candle of every asset that is played. */
export interface ScenarioHour {
  readonly startsAt: UtcMillis;
  readonly marks: ReadonlyMap<AssetId, Candle>;
}

export interface Scenario {
  /** Part of every idempotency key: letters, digits, `-`. */
  readonly name: string;
  readonly hours: readonly ScenarioHour[];
  /** Sentences that a reader of the run must know, such as where last prices stand in for marks. */
  readonly remarks: readonly string[];
}

export interface ScenarioSource {
  /** Shown in refusals. */
  readonly file: string;
  readonly text: string;
  /** Which event of a file with a column `event`; may be missing when the file has none or only one. */
  readonly event: string | undefined;
  /** Assets that must be there in every hour; rows of others are passed over. */
  readonly assets: readonly AssetId[];
  /** Play at most this many hours from the start. */
  readonly hoursMax: number | undefined;
}

const HOUR_SECONDS = 3600;
const REQUIRED = ["asset", "ts", "open", "high", "low", "close"];
const MARK_COLUMNS = ["mark_open", "mark_high", "mark_low", "mark_close"] as const;
const LAST_COLUMNS = ["open", "high", "low", "close"] as const;
/** Unix seconds of the years 2001 to 2100: milliseconds by mistake have three digits more. */
const SECONDS_GRAMMAR = /^[1-4]\d{9}$/;

/**
 * Returns the scenario of a CSV text: hours in order without a gap, each with a mark candle of every asset.
 *
 * Amounts pass the decimal grammar. Where a row's mark columns are all empty, or the file has none, the last prices stand
 * in and a remark says for how many hours.
 *
 * @throws ScenarioRefused with line and column.
 */
export function readScenario(source: ScenarioSource): Scenario {
  const table = readCsv(source.file, source.text, REQUIRED);
  const event = table.columns.includes("event") ? chosenEvent(source, table.rows) : undefined;
  const rows = table.rows.filter((row) => event === undefined || row.text("event") === event);

  const hours = new Map<number, Map<AssetId, Candle>>();
  const withoutMarks = new Map<AssetId, number>();
  for (const row of rows) {
    const asset = readAsset(row);
    if (!source.assets.includes(asset)) continue;
    const ts = readHour(row);
    const candles = hours.get(ts) ?? new Map<AssetId, Candle>();
    if (candles.has(asset)) throw row.refusal("ts", `${asset} has this hour twice: ${ts}`);
    const last = readCandle(row, LAST_COLUMNS);
    const markless = MARK_COLUMNS.every((column) => row.text(column) === "");
    if (markless) withoutMarks.set(asset, (withoutMarks.get(asset) ?? 0) + 1);
    candles.set(asset, markless ? last : readCandle(row, MARK_COLUMNS));
    hours.set(ts, candles);
  }

  const ordered = [...hours].sort(([left], [right]) => left - right).slice(0, source.hoursMax);
  if (ordered.length === 0) {
    throw new ScenarioRefused(`${source.file}: expected hours of ${source.assets.join(" and ")}; found none`);
  }
  assertWhole(source, ordered);
  return {
    name: scenarioName(event ?? source.file),
    hours: ordered.map(([ts, marks]) => ({ startsAt: toUtcMillis(ts * 1000), marks })),
    remarks: [...withoutMarks].map(
      ([asset, count]) => `${asset}: no mark prices in ${count} rows of the file; last prices stand in for them`,
    ),
  };
}

function chosenEvent(source: ScenarioSource, rows: readonly CsvRow[]): string {
  const events = [...new Set(rows.map((row) => row.text("event")))].sort(compareIds);
  const event = source.event ?? (events.length === 1 ? events[0] : undefined);
  if (event === undefined || !events.includes(event)) {
    throw new ScenarioRefused(
      `${source.file}: ${event === undefined ? "--event is needed" : `no event ${event}`}; the file has ${events.join(", ")}`,
    );
  }
  return event;
}

function readAsset(row: CsvRow): AssetId {
  try {
    return assetId(row.text("asset"));
  } catch (fault) {
    if (fault instanceof MalformedId) throw row.refusal("asset", fault.message);
    throw fault;
  }
}

function readHour(row: CsvRow): number {
  const text = row.text("ts");
  const ts = SECONDS_GRAMMAR.test(text) ? Number.parseInt(text, 10) : undefined;
  if (ts === undefined || ts % HOUR_SECONDS !== 0) {
    throw row.refusal(
      "ts",
      `expected the start of an hour in Unix seconds; found ${JSON.stringify(text.slice(0, 40))}`,
    );
  }
  try {
    toUtcMillis(ts * 1000);
  } catch (fault) {
    if (fault instanceof MalformedTime) throw row.refusal("ts", fault.message);
    throw fault;
  }
  return ts;
}

function readCandle(row: CsvRow, columns: readonly [string, string, string, string]): Candle {
  const [open, high, low, close] = columns.map((column) => readPrice(row, column)) as [Price, Price, Price, Price];
  for (const [column, at] of [
    [columns[0], open],
    [columns[2], low],
    [columns[3], close],
  ] as const) {
    if (at.gt(high)) throw row.refusal(column, `${at.toFixed()} is above the high of the hour, ${high.toFixed()}`);
    if (at.lt(low)) throw row.refusal(column, `${at.toFixed()} is below the low of the hour, ${low.toFixed()}`);
  }
  return { open, high, low, close };
}

function readPrice(row: CsvRow, column: string): Price {
  try {
    const at = price(row.text(column));
    if (!at.isPositive() || at.isZero())
      throw row.refusal(column, `expected a price above zero; found ${at.toFixed()}`);
    return at;
  } catch (fault) {
    if (fault instanceof MalformedDecimal) throw row.refusal(column, fault.message);
    throw fault;
  }
}

function assertWhole(
  source: ScenarioSource,
  hours: readonly (readonly [number, ReadonlyMap<AssetId, Candle>])[],
): void {
  const [first] = hours[0] as readonly [number, unknown];
  hours.forEach(([ts, candles], index) => {
    const expected = first + index * HOUR_SECONDS;
    if (ts !== expected) throw new ScenarioRefused(`${source.file}: expected an hour ${expected}; found ${ts} next`);
    for (const asset of source.assets) {
      if (!candles.has(asset)) throw new ScenarioRefused(`${source.file}: hour ${ts} has no row of ${asset}`);
    }
  });
}

/** The file's name without folder and ending, or the event's, with everything but letters and digits as a dash. */
function scenarioName(text: string): string {
  const stem = text.replace(/^.*[\\/]/, "").replace(/\.[A-Za-z0-9]+$/, "");
  const name = stem
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 32);
  return name === "" ? "scenario" : name;
}
