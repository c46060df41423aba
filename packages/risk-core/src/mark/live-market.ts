import type { AssetId, InstrumentId, MarketSnapshot, UtcMillis } from "@ballast/model";
import { Decimal, min, type Price, type Rate, type Ratio, type Usd } from "@ballast/money";
import { Column, type Places } from "../market/column.js";
import {
  type IndexEvent,
  type IndexPrice,
  type IndexState,
  isUsable,
  reduceIndex,
  silentIndex,
} from "../market/index-price.js";
import type { IndexRules, SourceId } from "../market/index-rules.js";
import type { MonotonicMillis } from "../market/monotonic-millis.js";
import { roundedPrice } from "../market/price-units.js";
import type { SourceTick } from "../market/source-quote.js";
import { type AveragedBasis, noBasis } from "./averaged-basis.js";
import { markDatedFuture } from "./dated-future-mark.js";
import { type EndedFunding, lookAtFunding, type RunningFunding } from "./live-funding.js";
import type { LiveMarketRules, MarkedDatedFuture, MarkedInstrument, MarkedPerpetual } from "./live-market-rules.js";
import type { Mark } from "./mark-forms.js";
import type { OwnBook } from "./own-book.js";
import { fairPerpetual, markPerpetual } from "./perpetual-mark.js";
import { meanOf, NO_SAMPLES, type Samples } from "./regular-samples.js";
import { openShare, sampleSettlement, settlementBlend } from "./settlement.js";
import { followStable, type StablePrice } from "./stable-price.js";

/*
 * The whole market, tick by tick: every index, every mark, every stable price, as one value that an event turns into the
 * next. A tick touches the index it belongs to, the indices that are quoted in that asset, and the marks that follow any of
 * them; everything else is shared with the value before. Time alone touches everything, and is told once a second.
 *
 * While an index is frozen, what follows it keeps its last price.
 */

/** What both clocks say when something happens. Ages come from the first; the second is for expiries and for people. */
export interface Moment {
  readonly nowMs: MonotonicMillis;
  readonly at: UtcMillis;
}

export type MarketEvent = Moment &
  (
    | ({ readonly kind: "tick"; readonly asset: AssetId; readonly source: SourceId } & Omit<SourceTick, "receivedAtMs">)
    /** The own book of an instrument; an older sequence never replaces a newer one. */
    | {
        readonly kind: "book";
        readonly instrument: InstrumentId;
        readonly sequence: number;
        readonly book: OwnBook;
        /** Dollars of market orders that move it by one per cent. */
        readonly depth: Usd;
      }
    /** The funding of the running interval, for perpetuals that are anchored by it. */
    | {
        readonly kind: "funding";
        readonly instrument: InstrumentId;
        readonly rate: Rate;
        readonly paidAt: UtcMillis;
        readonly intervalMs: number;
      }
    | { readonly kind: "clock" }
    | { readonly kind: "person"; readonly asset: AssetId; readonly price: Price }
  );

interface AssetState {
  readonly state: IndexState;
  readonly index: IndexPrice;
  readonly stable: StablePrice | null;
}

interface Book {
  readonly sequence: number;
  readonly book: OwnBook;
  readonly atMs: MonotonicMillis;
}

interface FundingTerm {
  readonly rate: Rate;
  readonly paidAt: UtcMillis;
  readonly intervalMs: number;
}

interface InstrumentState {
  readonly basis: AveragedBasis;
  readonly book: Book | null;
  /** Of the newest book, however old. */
  readonly depth: Usd | null;
  readonly funding: FundingTerm | null;
  readonly settlement: Samples;
  /** The last one that could be made; null before the first. */
  readonly mark: Mark | null;
  /** What follows it slowly. */
  readonly stable: StablePrice | null;
  /** The funding interval of a perpetual that runs; null before the first look at one that is funded. */
  readonly running: RunningFunding | null;
  /** Intervals that have ended and that nobody has taken, the oldest first. */
  readonly ended: readonly EndedFunding[];
}

/** Everything a live market remembers; a value. */
export interface LiveMarket {
  readonly sequence: number;
  readonly moment: Moment;
  /** Parallel to the assets of the rules. */
  readonly assets: readonly AssetState[];
  /** Parallel to the instruments of the rules. */
  readonly instruments: readonly InstrumentState[];
}

/** Prices of one moment, with how far they may be trusted. */
export interface LiveSnapshot extends MarketSnapshot {
  readonly frozen: ReadonlySet<AssetId>;
  readonly indices: ReadonlyMap<AssetId, IndexPrice>;
  /** What one unit counts for as collateral: the least of price, redemption and stable price. */
  readonly creditPrices: ReadonlyMap<AssetId, Price>;
  readonly stablePrices: ReadonlyMap<AssetId, Price>;
  readonly stableMarks: ReadonlyMap<InstrumentId, Price>;
  readonly marks: ReadonlyMap<InstrumentId, Mark>;
}

/** An instrument or asset of an event that the market does not know. */
export class UnknownInMarket extends Error {
  override readonly name = "UnknownInMarket";
  readonly code = "UNKNOWN_IN_MARKET";
  constructor(readonly wanted: AssetId | InstrumentId) {
    super(`expected an asset or instrument of this market; found ${wanted}`);
  }
}

/** A market that has heard nothing yet. */
export function silentMarket(rules: LiveMarketRules, moment: Moment): LiveMarket {
  return {
    sequence: 0,
    moment,
    assets: rules.indices.map((index) => {
      const state = silentIndex(index, moment.nowMs);
      return { ...reduceIndex(index, state, { kind: "clock", nowMs: moment.nowMs }), stable: null };
    }),
    instruments: rules.instruments.map(() => ({
      basis: noBasis(moment.nowMs),
      book: null,
      depth: null,
      funding: null,
      settlement: NO_SAMPLES,
      mark: null,
      stable: null,
      running: null,
      ended: [],
    })),
  };
}

/**
 * The market after one event.
 *
 * @throws UnknownInMarket, UnknownSource, MalformedTick
 * @method MARKET-11
 */
export function reduceMarket(rules: LiveMarketRules, market: LiveMarket, event: MarketEvent): LiveMarket {
  const moment = laterMoment(market.moment, event);
  const next: Draft = {
    sequence: market.sequence + 1,
    moment,
    assets: [...market.assets],
    instruments: [...market.instruments],
  };
  switch (event.kind) {
    case "tick": {
      const { source, sequence, price, ageMs, nowMs: receivedAtMs } = event;
      hearOne(rules, next, event.asset, { kind: "tick", source, sequence, price, ageMs, receivedAtMs });
      break;
    }
    case "person":
      hearOne(rules, next, event.asset, { kind: "person", price: event.price, nowMs: moment.nowMs });
      break;
    case "book": {
      const at = placeIn(rules.instrumentPlaces, event.instrument);
      const state = next.instruments[at] as InstrumentState;
      if (state.book !== null && event.sequence <= state.book.sequence) break;
      const { sequence, book, depth } = event;
      next.instruments[at] = { ...state, depth, book: { sequence, book, atMs: event.nowMs } };
      markAgain(rules, next, at);
      break;
    }
    case "funding": {
      const at = placeIn(rules.instrumentPlaces, event.instrument);
      const { rate, paidAt, intervalMs } = event;
      next.instruments[at] = { ...(next.instruments[at] as InstrumentState), funding: { rate, paidAt, intervalMs } };
      markAgain(rules, next, at);
      break;
    }
    case "clock":
      for (const asset of rules.order) hear(rules, next, asset, { kind: "clock", nowMs: moment.nowMs });
      for (const at of rules.instruments.keys()) markAgain(rules, next, at);
  }
  return next;
}

/** The prices of a market as decisions use them. A frozen index keeps its last price here, and stands in `frozen`. */
export function liveSnapshot(rules: LiveMarketRules, market: LiveMarket): LiveSnapshot {
  const { sequence, moment, assets, instruments } = market;
  const ofAssets = <Value>(read: (row: AssetState) => Value | null) => new Column(rules.assetPlaces, assets, read);
  const ofInstruments = <Value>(read: (row: InstrumentState) => Value | null) =>
    new Column(rules.instrumentPlaces, instruments, read);
  return {
    sequence,
    at: moment.at,
    frozen: new Set(rules.assets.filter((_, place) => !isUsable((assets[place] as AssetState).index.condition))),
    indexPrices: ofAssets(({ index }) => index.price),
    markPrices: ofInstruments(({ mark }) => mark?.price ?? null),
    depths: ofInstruments(({ depth }) => depth),
    indices: ofAssets(({ index }) => index),
    marks: ofInstruments(({ mark }) => mark),
    creditPrices: ofAssets(({ index, stable }) => creditPriceOf(index, stable)),
    stablePrices: ofAssets(({ stable }) => stable?.price ?? null),
    stableMarks: ofInstruments(({ stable }) => stable?.price ?? null),
  };
}

/** A funding that has ended, and whose. */
export interface FundingOf extends EndedFunding {
  readonly instrument: InstrumentId;
}

/**
 * The fundings that have ended and that nobody has taken yet, and the market once they are taken.
 *
 * @method MARK-15
 */
export function takeFundings(
  { instruments: rules }: LiveMarketRules,
  market: LiveMarket,
): { readonly taken: readonly FundingOf[]; readonly market: LiveMarket } {
  const taken = rules.flatMap(({ id }, place) =>
    (market.instruments[place]?.ended ?? []).map((ended) => ({ instrument: id, ...ended })),
  );
  if (taken.length === 0) return { taken, market };
  return { taken, market: { ...market, instruments: market.instruments.map((one) => ({ ...one, ended: [] })) } };
}

/** A market that is being made from the one before. */
interface Draft extends LiveMarket {
  readonly assets: AssetState[];
  readonly instruments: InstrumentState[];
}

/** Tells one index something, and looks again at everything that its price is part of, if that has changed. */
function hearOne(rules: LiveMarketRules, next: Draft, asset: AssetId, told: IndexEvent): void {
  const first = placeIn(rules.assetPlaces, asset);
  const followers = new Set<number>();
  for (const at of rules.cascades[first] ?? []) {
    const changed = hear(rules, next, at, at === first ? told : { kind: "clock", nowMs: next.moment.nowMs });
    if (at === first && !changed) return;
    if (changed) for (const follower of rules.followers[at] ?? []) followers.add(follower);
  }
  for (const follower of followers) markAgain(rules, next, follower);
}

/** Tells one index something; answers whether what others see of it has changed. */
function hear(rules: LiveMarketRules, next: Draft, at: number, told: IndexEvent): boolean {
  const before = next.assets[at] as AssetState;
  const { state, index } = reduceIndex(rules.indices[at] as IndexRules, before.state, told, (unit) =>
    usablePrice(next, placeIn(rules.assetPlaces, unit)),
  );
  const usable = isUsable(index.condition) ? index.price : null;
  const { nowMs } = next.moment;
  const stable = usable === null ? before.stable : followed(rules, before.stable, usable, nowMs);
  next.assets[at] = { state, index, stable };
  const usableBefore = isUsable(before.index.condition) ? before.index.price : null;
  return usable === null || usableBefore === null ? usable !== usableBefore : !usable.eq(usableBefore);
}

/** The price of an asset that decisions may use. */
function usablePrice({ assets }: Draft, at: number): Price | null {
  const { index } = assets[at] as AssetState;
  return isUsable(index.condition) ? index.price : null;
}

/** Makes the mark of an instrument again; it keeps the one it has while its underlying is frozen. */
function markAgain(rules: LiveMarketRules, next: Draft, at: number): void {
  const instrument = rules.instruments[at] as MarkedInstrument;
  const index = usablePrice(next, placeIn(rules.assetPlaces, instrument.underlying));
  if (index === null) return;
  const before = next.instruments[at] as InstrumentState;
  const marked =
    instrument.kind === "perpetual"
      ? perpetualAgain(rules, next, instrument, before, index)
      : datedFutureAgain(rules, next, instrument, before, index);
  const { mark } = marked;
  const stable = mark === null ? before.stable : followed(rules, before.stable, mark.price, next.moment.nowMs);
  next.instruments[at] = { ...marked, stable };
}

/** The stable price after time has passed at `price`; it begins where the price does. */
function followed(
  rules: LiveMarketRules,
  before: StablePrice | null,
  price: Price,
  nowMs: MonotonicMillis,
): StablePrice {
  return before === null ? { price, atMs: nowMs } : followStable(rules.stable, before, price, nowMs);
}

function perpetualAgain(
  rules: LiveMarketRules,
  next: Draft,
  instrument: MarkedPerpetual,
  state: InstrumentState,
  index: Price,
): InstrumentState {
  const anchor =
    instrument.anchor === "funding"
      ? fairOf(state.funding, index, next.moment.at)
      : anchorOf(rules, next, instrument.anchor);
  const book = freshBook(instrument, state, next.moment);
  const { nowMs, at } = next.moment;
  const { mark, basis } = markPerpetual(instrument.rules, state.basis, { index, book, anchor, atMs: nowMs });
  if (instrument.funding === null) return { ...state, mark, basis };
  const markBefore = state.mark?.price ?? null;
  const look = { at, nowMs, markBefore, index, book, depth: state.depth };
  const { running, ended } = lookAtFunding(instrument.funding, state.running, look);
  return { ...state, mark, basis, running, ended: ended === null ? state.ended : [...state.ended, ended] };
}

function datedFutureAgain(
  rules: LiveMarketRules,
  next: Draft,
  instrument: MarkedDatedFuture,
  state: InstrumentState,
  index: Price,
): InstrumentState {
  const { nowMs, at } = next.moment;
  const msToExpiry = instrument.expiresAt - at;
  const settlement = sampleSettlement(instrument.settlement, state.settlement, index, msToExpiry, nowMs);
  const average = meanOf(settlement);
  const open = openShare(msToExpiry, instrument.settlement.windowMs);
  const { mark, basis } = markDatedFuture(instrument.rules, state.basis, {
    index: average === null ? index : roundedPrice(settlementBlend(average as Price, index, open)),
    book: freshBook(instrument, state, next.moment),
    anchor: anchorOf(rules, next, instrument.anchor),
    msToExpiry,
    atMs: nowMs,
  });
  return { ...state, mark, basis, settlement };
}

function freshBook({ bookAgeMsMax }: MarkedInstrument, { book }: InstrumentState, { nowMs }: Moment): OwnBook {
  return book === null || nowMs - book.atMs > bookAgeMsMax ? NO_BOOK : book.book;
}

const NO_BOOK: OwnBook = { bid: null, ask: null, last: null };

function anchorOf(rules: LiveMarketRules, next: Draft, anchor: AssetId | null): Price | null {
  return anchor === null ? null : usablePrice(next, placeIn(rules.assetPlaces, anchor));
}

/** Fair by the funding of the running interval; null once that has been paid. */
function fairOf(funding: FundingTerm | null, index: Price, at: UtcMillis): Price | null {
  if (funding === null || at >= funding.paidAt) return null;
  const remaining = new Decimal(Math.min(funding.paidAt - at, funding.intervalMs)).div(funding.intervalMs);
  return roundedPrice(fairPerpetual(index, funding.rate, remaining as unknown as Ratio));
}

function creditPriceOf({ creditPrice }: IndexPrice, stable: StablePrice | null): Price | null {
  return creditPrice === null || stable === null ? creditPrice : min(creditPrice, stable.price);
}

/** Events that come late do not turn a clock back; the wall clock is believed as it is, it decides no age. */
function laterMoment(before: Moment, { nowMs, at }: Moment): Moment {
  return nowMs >= before.nowMs ? { nowMs, at } : before;
}

function placeIn<Key extends AssetId | InstrumentId>(places: Places<Key>, wanted: Key): number {
  const at = places.get(wanted);
  if (at === undefined) throw new UnknownInMarket(wanted);
  return at;
}

/**
 * Has everything a price that decisions may ask for: an index for every asset, a mark and a depth for every instrument? A
 * market that has not is not published, because whoever meets the gap could not be judged.
 */
export function isComplete(snapshot: LiveSnapshot, { assets, instruments }: LiveMarketRules): boolean {
  return (
    assets.every((asset) => snapshot.indexPrices.has(asset)) &&
    instruments.every(({ id }) => snapshot.markPrices.has(id) && snapshot.depths.has(id))
  );
}
