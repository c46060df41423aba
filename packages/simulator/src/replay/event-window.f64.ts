/*
 * Recorded hourly candles of a crash as the minutes that a replay walks through.
 *
 * An hour is walked from its open to one extreme, to the other, and to its close, twenty minutes each and straight; the
 * extreme on the far side of the close comes first. Nothing is known inside an hour, so this is an assumption, and it makes
 * every fall as slow as the hour allows.
 */

/** The two days around the worst hour of an event, minute by minute. */
export interface EventPath {
  readonly event: string;
  readonly assets: readonly string[];
  /** Prices by asset: the opening, then the end of each minute. */
  readonly prices: readonly Float64Array[];
  /** Returns of each asset by hour, oldest first: the file's history, then the window itself. */
  readonly hourlyReturns: readonly (readonly number[])[];
  /** How many of them lie before the window. */
  readonly hoursBefore: number;
}

/** A file that is not hourly candles of events, or lacks the one that is asked for. */
export class UnreadableEvents extends Error {
  override readonly name = "UnreadableEvents";
  readonly code = "REPLAY_EVENTS_UNREADABLE";
}

interface Candle {
  readonly at: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly dollars: number;
}

const MINUTES = 60;
const HOURS = 48;
const HOUR_SECONDS = 3600;
const DAY_SECONDS = 86_400;
const COLUMNS = ["event", "asset", "ts", "open", "high", "low", "close", "volume"] as const;
const ASSETS = 5;

/**
 * The window of an event, by the beginning of its name: 48 hours from the midnight before its worst hour (lowest low against the
 * open) in BTC. Marks where the file has them, last trades elsewhere. BTC, ETH and the three assets with most dollars traded on
 * the first day.
 *
 * @param text  comma separated, with a heading that names at least event, asset, ts (start of the hour, Unix seconds) and OHLCV
 * @throws UnreadableEvents
 */
export function readEvent(text: string, event: string): EventPath {
  const candles = candlesOf(text, event);
  const bitcoin = candles.get("BTC");
  if (bitcoin === undefined || !candles.has("ETH")) {
    throw new UnreadableEvents(
      `expected hours of BTC and ETH of an event that begins with ${JSON.stringify(event)}; found none`,
    );
  }
  const worst = bitcoin.reduce((found, candle) => (fall(candle) < fall(found) ? candle : found));
  const start = Math.floor(worst.at / DAY_SECONDS) * DAY_SECONDS;
  const assets = ["BTC", "ETH", ...mostTraded(candles)];
  const windows = assets.map((asset) =>
    (candles.get(asset) ?? []).filter(({ at }) => at >= start && at < start + HOURS * HOUR_SECONDS),
  );
  for (const [at, window] of windows.entries()) {
    if (window.length !== HOURS) {
      throw new UnreadableEvents(`${event}: expected ${HOURS} hours of ${assets[at]!}; found ${window.length}`);
    }
  }
  const before = assets.map((asset) => (candles.get(asset) ?? []).filter(({ at }) => at < start));
  return {
    event,
    assets,
    prices: windows.map(walk),
    hourlyReturns: windows.map((window, at) =>
      [...before[at]!, ...window].map(({ open, close }) => Math.log(close / open)),
    ),
    hoursBefore: before[0]!.length,
  };
}

const fall = ({ low, open }: Candle): number => low / open;

function candlesOf(text: string, event: string): Map<string, Candle[]> {
  const [heading = "", ...lines] = text.split("\n");
  const names = heading.trim().split(",");
  const missing = COLUMNS.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new UnreadableEvents(`expected a heading with ${missing.join(", ")}; found ${heading}`);
  const column = new Map(names.map((name, at) => [name, at]));
  const candles = new Map<string, Candle[]>();
  for (const [at, line] of lines.entries()) {
    const cells = line.trim().split(",");
    if (!(cells[column.get("event")!] ?? "").startsWith(event)) continue;
    const figure = (name: string) => {
      const value = Number(cells[column.get(name) ?? -1] || Number.NaN);
      return Number.isFinite(value) && value >= 0 ? value : null;
    };
    const marked = figure("mark_open") === null ? "" : "mark_";
    const [open, high, low, close] = (["open", "high", "low", "close"] as const).map((name) => figure(marked + name));
    const [seconds, volume] = [figure("ts"), figure("volume")];
    if (!open || !high || !low || !close || seconds === null || volume === null) {
      throw new UnreadableEvents(
        `line ${at + 2}: expected prices above zero, a time and a volume; found ${line.slice(0, 80)}`,
      );
    }
    const asset = cells[column.get("asset")!]!;
    const list = candles.get(asset) ?? [];
    list.push({ at: seconds, open, high, low, close, dollars: volume * close });
    candles.set(asset, list);
  }
  for (const list of candles.values()) list.sort((left, right) => left.at - right.at);
  return candles;
}

function mostTraded(candles: ReadonlyMap<string, readonly Candle[]>): readonly string[] {
  return [...candles]
    .filter(([asset]) => asset !== "BTC" && asset !== "ETH")
    .map(([asset, list]) => ({ asset, dollars: list.slice(0, 24).reduce((sum, { dollars }) => sum + dollars, 0) }))
    .sort((left, right) => right.dollars - left.dollars)
    .slice(0, ASSETS - 2)
    .map(({ asset }) => asset);
}

function walk(candles: readonly Candle[]): Float64Array {
  const prices = new Float64Array(candles.length * MINUTES + 1);
  prices[0] = candles[0]!.open;
  for (const [hour, { open, high, low, close }] of candles.entries()) {
    const stations = close < open ? [open, high, low, close] : [open, low, high, close];
    for (let minute = 1; minute <= MINUTES; minute++) {
      const along = (minute / MINUTES) * 3;
      const leg = Math.min(2, Math.ceil(along) - 1);
      const [from, to] = [stations[leg]!, stations[leg + 1]!];
      prices[hour * MINUTES + minute] = from + (to - from) * (along - leg);
    }
  }
  return prices;
}
