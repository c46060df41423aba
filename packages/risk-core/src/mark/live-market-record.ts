import { assertInvariant, toUtcMillis, type UtcMillis } from "@ballast/model";
import { Decimal, price, type Price, printDecimal, rate, usd } from "@ballast/money";
import { type IndexState, isUsable, reduceIndex } from "../market/index-price.js";
import type { PendingJump } from "../market/jump-gate.js";
import { type MonotonicMillis, toMonotonicMillis } from "../market/monotonic-millis.js";
import type { SourceQuote } from "../market/source-quote.js";
import type { Json } from "../parameters/fields.js";
import { type LiveMarket, type Moment, silentMarket } from "./live-market.js";
import type { LiveMarketRules } from "./live-market-rules.js";
import type { Samples } from "./regular-samples.js";
import type { StablePrice } from "./stable-price.js";

/*
 * A live market as a record, so that the process that reduces the next event need not be the one that reduced the last.
 * Everything stands under its name, and not under its place: a record outlives a change of the rules, and what the new
 * rules do not know is forgotten.
 *
 * Ages in a record are on the clock of the feed that told them. When the feed has started anew its clock has too, and
 * nothing can be said about how old anything is: then quotes and books are forgotten, prices and depths stay, and every index
 * is frozen until its sources have spoken again. What was frozen before goes on being frozen for as long as it already was.
 */

/** The record of a market, as JSON. */
export function printLiveMarket(rules: LiveMarketRules, market: LiveMarket): Json {
  return {
    sequence: market.sequence,
    nowMs: market.moment.nowMs,
    at: market.moment.at,
    assets: Object.fromEntries(
      rules.assets.map((asset, place) => {
        const { state, stable } = market.assets[place] as LiveMarket["assets"][number];
        const sources = rules.indices[place]?.sources ?? [];
        const quotes = sources.flatMap(({ id }, at) => {
          const quote = state.quotes[at] ?? null;
          return quote === null ? [] : [[id, { ...quote, units: quote.units?.toString() ?? null }] as const];
        });
        return [
          asset,
          {
            quotes: Object.fromEntries(quotes),
            price: printed(state.price),
            reference: printed(state.reference),
            pending: state.pending === null ? null : { ...state.pending },
            frozenSinceMs: state.frozenSinceMs,
            needsPerson: state.needsPerson,
            stable: printedStable(stable),
          },
        ];
      }),
    ),
    instruments: Object.fromEntries(
      rules.instruments.map(({ id }, place) => {
        const { basis, book, depth, funding, settlement, mark, stable, running, ended } = market.instruments[
          place
        ] as LiveMarket["instruments"][number];
        const { average, standing, atMs } = basis;
        return [
          id,
          {
            basis: { average: average.toString(), standing: standing?.toString() ?? null, atMs },
            book:
              book === null
                ? null
                : {
                    sequence: book.sequence,
                    bid: printed(book.book.bid),
                    ask: printed(book.book.ask),
                    last: printed(book.book.last),
                    atMs: book.atMs,
                  },
            depth: depth === null ? null : printDecimal(depth),
            funding: funding === null ? null : { ...funding, rate: printDecimal(funding.rate) },
            settlement: printedSamples(settlement),
            mark: mark === null ? null : { price: printDecimal(mark.price), clamped: mark.clamped },
            stable: printedStable(stable),
            running: running === null ? null : { ...running, samples: printedSamples(running.samples) },
            ended: ended.map((one) => ({
              paidAt: one.paidAt,
              rate: one.rate === null ? null : printDecimal(one.rate),
              price: printDecimal(one.price),
            })),
          },
        ];
      }),
    ),
  };
}

/**
 * The market of a record, under rules that may have changed since.
 *
 * @param restartedAt now, on the new clock, of a feed that has started anew since; null where the clock goes on
 * @throws InvariantViolation for a record that this house has not written.
 * @method MARKET-12
 */
export function readLiveMarket(rules: LiveMarketRules, json: Json, restartedAt: Moment | null): LiveMarket {
  const record = json as unknown as MarketRecord;
  assertInvariant(
    Number.isSafeInteger(record?.sequence) && record.assets !== undefined,
    "MARKET-12 a record is of a market",
    { found: typeof json },
  );
  const then: Moment = { nowMs: toMonotonicMillis(record.nowMs), at: toUtcMillis(record.at) };
  const sameClock = restartedAt === null;
  const start = restartedAt ?? then;
  const silent = silentMarket(rules, start);
  const assets = rules.assets.map((asset, place): LiveMarket["assets"][number] => {
    const had = record.assets[asset];
    const fresh = silent.assets[place] as LiveMarket["assets"][number];
    if (had === undefined) return fresh;
    const sources = (rules.indices[place]?.sources ?? []).map(({ id }) => id);
    const state = sameClock ? continuedIndex(had, sources, start.nowMs) : restartedIndex(had, fresh.state, then.nowMs);
    return { ...fresh, state, stable: stableOf(had.stable, sameClock, start.nowMs) };
  });
  const instruments = rules.instruments.map(({ id }, place): LiveMarket["instruments"][number] => {
    const had = record.instruments[id];
    const fresh = silent.instruments[place] as LiveMarket["instruments"][number];
    return had === undefined ? fresh : instrumentOf(had, sameClock, start.nowMs);
  });
  return withIndicesSaid(rules, { sequence: record.sequence, moment: start, assets, instruments });
}

/** What the indices say is not recorded: it follows from the rest. In order, because some are quoted in others. */
function withIndicesSaid(rules: LiveMarketRules, market: LiveMarket): LiveMarket {
  const assets = [...market.assets];
  const next = { ...market, assets };
  const { nowMs } = market.moment;
  for (const place of rules.order) {
    const before = assets[place] as LiveMarket["assets"][number];
    const index = rules.indices[place];
    if (index === undefined) continue;
    const said = reduceIndex(index, before.state, { kind: "clock", nowMs }, (unit) => {
      const other = assets[rules.assetPlaces.get(unit) ?? -1]?.index;
      return other !== undefined && isUsable(other.condition) ? other.price : null;
    });
    assets[place] = { ...before, index: said.index };
  }
  return next;
}

interface QuoteRecord extends Omit<SourceQuote, "units" | "observedAtMs" | "unchangedSinceMs"> {
  readonly units: string | null;
  readonly observedAtMs: number;
  readonly unchangedSinceMs: number;
}

interface AssetRecord {
  readonly quotes: Readonly<Record<string, QuoteRecord>>;
  readonly price: string | null;
  readonly reference: string | null;
  readonly pending: {
    readonly sinceMs: number;
    readonly lostSinceMs: number | null;
    readonly direction: PendingJump["direction"];
  } | null;
  readonly frozenSinceMs: number | null;
  readonly needsPerson: boolean;
  readonly stable: StableRecord;
}

type StableRecord = { readonly price: string; readonly atMs: number } | null;

interface InstrumentRecord {
  readonly basis: { readonly average: string; readonly standing: string | null; readonly atMs: number };
  readonly book: {
    readonly sequence: number;
    readonly bid: string | null;
    readonly ask: string | null;
    readonly last: string | null;
    readonly atMs: number;
  } | null;
  readonly depth: string | null;
  readonly funding: { readonly rate: string; readonly paidAt: number; readonly intervalMs: number } | null;
  readonly settlement: SamplesRecord;
  readonly mark: { readonly price: string; readonly clamped: boolean } | null;
  /** Absent in records of before marks had one: then it begins at the mark. */
  readonly stable?: StableRecord;
  /** Absent in records of before fundings were made here. */
  readonly running?: { readonly paidAt: number; readonly samples: SamplesRecord } | null;
  readonly ended?: readonly { readonly paidAt: number; readonly rate: string | null; readonly price: string }[];
}

interface SamplesRecord {
  readonly sum: string;
  readonly count: number;
  readonly lastAtMs: number | null;
}

interface MarketRecord {
  readonly sequence: number;
  readonly nowMs: number;
  readonly at: number;
  readonly assets: Readonly<Record<string, AssetRecord>>;
  readonly instruments: Readonly<Record<string, InstrumentRecord>>;
}

function continuedIndex(had: AssetRecord, sources: readonly string[], nowMs: MonotonicMillis): IndexState {
  return {
    nowMs,
    quotes: sources.map((id) => quoteOf(had.quotes[id])),
    price: read(had.price),
    reference: read(had.reference),
    pending: had.pending === null ? null : pendingOf(had.pending),
    frozenSinceMs: had.frozenSinceMs === null ? null : toMonotonicMillis(had.frozenSinceMs),
    needsPerson: had.needsPerson,
  };
}

function restartedIndex(had: AssetRecord, empty: IndexState, thenMs: number): IndexState {
  const frozenMs = had.frozenSinceMs === null ? 0 : thenMs - had.frozenSinceMs;
  return {
    ...empty,
    price: read(had.price),
    reference: read(had.reference),
    frozenSinceMs: toMonotonicMillis(empty.nowMs - frozenMs),
    needsPerson: had.needsPerson,
  };
}

function pendingOf({ sinceMs, lostSinceMs, direction }: NonNullable<AssetRecord["pending"]>): PendingJump {
  return {
    sinceMs: toMonotonicMillis(sinceMs),
    lostSinceMs: lostSinceMs === null ? null : toMonotonicMillis(lostSinceMs),
    direction,
  };
}

function quoteOf(had: QuoteRecord | undefined): SourceQuote | null {
  if (had === undefined) return null;
  return {
    ...had,
    units: had.units === null ? null : BigInt(had.units),
    observedAtMs: toMonotonicMillis(had.observedAtMs),
    unchangedSinceMs: toMonotonicMillis(had.unchangedSinceMs),
  };
}

function instrumentOf(
  had: InstrumentRecord,
  sameClock: boolean,
  nowMs: MonotonicMillis,
): LiveMarket["instruments"][number] {
  const { basis, book, depth, funding, settlement, mark, running = null, ended = [] } = had;
  return {
    basis: {
      average: BigInt(basis.average),
      standing: basis.standing === null || !sameClock ? null : BigInt(basis.standing),
      atMs: sameClock ? toMonotonicMillis(basis.atMs) : nowMs,
    },
    book:
      book === null || !sameClock
        ? null
        : {
            sequence: book.sequence,
            book: { bid: read(book.bid), ask: read(book.ask), last: read(book.last) },
            atMs: toMonotonicMillis(book.atMs),
          },
    depth: depth === null ? null : usd(depth),
    funding: funding === null ? null : { ...funding, rate: rate(funding.rate), paidAt: funding.paidAt as UtcMillis },
    settlement: samplesOf(settlement, sameClock),
    mark: mark === null ? null : { price: price(mark.price), clamped: mark.clamped },
    stable: stableOf(had.stable ?? null, sameClock, nowMs),
    running:
      running === null ? null : { paidAt: running.paidAt as UtcMillis, samples: samplesOf(running.samples, sameClock) },
    ended: ended.map((one) => ({
      paidAt: one.paidAt as UtcMillis,
      rate: one.rate === null ? null : rate(one.rate),
      price: price(one.price),
    })),
  };
}

function samplesOf({ sum, count, lastAtMs }: SamplesRecord, sameClock: boolean): Samples {
  return {
    sum: new Decimal(sum),
    count,
    lastAtMs: lastAtMs === null || !sameClock ? null : toMonotonicMillis(lastAtMs),
  };
}

function printedSamples({ sum, count, lastAtMs }: Samples): SamplesRecord & Json {
  return { sum: sum.toFixed(), count, lastAtMs };
}

function stableOf(had: StableRecord, sameClock: boolean, nowMs: MonotonicMillis): StablePrice | null {
  if (had === null) return null;
  return { price: price(had.price), atMs: sameClock ? toMonotonicMillis(had.atMs) : nowMs };
}

function printedStable(stable: StablePrice | null): StableRecord {
  return stable === null ? null : { price: printDecimal(stable.price), atMs: stable.atMs };
}

function printed(value: Price | null): string | null {
  return value === null ? null : printDecimal(value);
}

function read(text: string | null): Price | null {
  return text === null ? null : price(text);
}
