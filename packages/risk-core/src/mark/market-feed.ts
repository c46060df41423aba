import { assetId, type UtcMillis } from "@ballast/model";
import { isDecimalString, price } from "@ballast/money";
import { sourceId } from "../market/index-rules.js";
import { toMonotonicMillis } from "../market/monotonic-millis.js";
import { type LiveMarket, liveSnapshot, type LiveSnapshot, type MarketEvent, reduceMarket } from "./live-market.js";
import type { LiveMarketRules } from "./live-market-rules.js";

/*
 * Where market events come from. A feed is events in the order in which they happened, whoever makes them: a file that is
 * replayed, a generator with a seed, an exchange that pushes. The reducer does not know which; time is in the events.
 */

/** Market events in the order in which they happened. */
export type MarketFeed = Iterable<MarketEvent>;

/** Plays a feed into a market: the snapshot after every event. */
export function* playFeed(rules: LiveMarketRules, opened: LiveMarket, feed: MarketFeed): Generator<LiveSnapshot> {
  let market = opened;
  for (const event of feed) {
    market = reduceMarket(rules, market, event);
    yield liveSnapshot(rules, market);
  }
}

/** A line of a tick file that is not of its form. */
export class MalformedTickFile extends Error {
  override readonly name = "MalformedTickFile";
  readonly code = "TICK_FILE_MALFORMED";
  constructor(
    readonly line: number,
    readonly expected: string,
  ) {
    super(`line ${line}: expected ${expected}`);
  }
}

const COLUMNS = "at_ms,asset,source,sequence,price,age_ms";
const WHOLE = /^(0|[1-9]\d{0,14})$/;

/**
 * The ticks of a CSV text with the columns `at_ms,asset,source,sequence,price,age_ms`, in the order of its lines: times in
 * milliseconds since the feed began. An empty asset is time alone.
 *
 * @param startedAt what the wall clock said when the feed began
 * @throws MalformedTickFile naming the line, when it is reached.
 * @method MARKET-13
 */
export function* replayTicks(text: string, startedAt: UtcMillis): Generator<MarketEvent> {
  const [header, ...lines] = text.trim().split("\n");
  if (header?.trim() !== COLUMNS) throw new MalformedTickFile(1, `the columns ${COLUMNS}`);
  for (const [at, line] of lines.entries()) {
    const number = at + 2;
    const [atText = "", asset = "", source = "", sequence = "", priceText = "", age = "", ...more] = line
      .trim()
      .split(",");
    const atMs = whole(atText, number, "whole milliseconds in at_ms");
    if (more.length > 0) throw new MalformedTickFile(number, "six columns");
    const moment = { nowMs: toMonotonicMillis(atMs), at: (startedAt + atMs) as UtcMillis };
    if (asset === "") {
      yield { kind: "clock", ...moment };
      continue;
    }
    if (!isDecimalString(priceText)) throw new MalformedTickFile(number, "a decimal in price");
    yield {
      kind: "tick",
      ...moment,
      asset: assetId(asset),
      source: sourceId(source),
      sequence: whole(sequence, number, "a whole number in sequence"),
      price: price(priceText),
      ageMs: whole(age, number, "whole milliseconds in age_ms"),
    };
  }
}

function whole(text: string, line: number, expected: string): number {
  if (!WHOLE.test(text)) throw new MalformedTickFile(line, expected);
  return Number.parseInt(text, 10);
}

/** What a made market does. */
export interface MadeMarket {
  readonly startedAt: UtcMillis;
  /** Milliseconds from one round of ticks to the next. */
  readonly everyMs: number;
  readonly rounds: number;
  /** Where each asset begins, and how far it moves in a round: half the width of an even distribution, as a share. */
  readonly assets: readonly { readonly asset: string; readonly first: string; readonly move: number }[];
  readonly sources: readonly string[];
  /** How far a source stands from the truth: half the width of an even distribution, as a share. */
  readonly noise: number;
}

/**
 * Ticks of a made market: every round each asset moves, and every source says where it sees it. The same random numbers
 * make the same ticks.
 *
 * @param random numbers in [0, 1), one after the other
 * @method MARKET-13
 */
export function* madeTicks(made: MadeMarket, random: () => number): Generator<MarketEvent> {
  const around = (half: number): string => (1 + half * (2 * random() - 1)).toFixed(9);
  const levels = made.assets.map(({ first }) => price(first));
  for (let round = 0; round < made.rounds; round++) {
    const atMs = round * made.everyMs;
    const moment = { nowMs: toMonotonicMillis(atMs), at: (made.startedAt + atMs) as UtcMillis };
    for (const [at, { asset, move }] of made.assets.entries()) {
      const level = price((levels[at] ?? price("1")).mul(around(move)).toDecimalPlaces(9));
      levels[at] = level;
      for (const source of made.sources) {
        yield {
          kind: "tick",
          ...moment,
          asset: assetId(asset),
          source: sourceId(source),
          sequence: round + 1,
          price: price(level.mul(around(made.noise)).toDecimalPlaces(9)),
          ageMs: 0,
        };
      }
    }
  }
}
