import { parseTime, type QuoteRound, type QuotesRequest } from "@ballast/api-contract";
import { assetId, instrumentId, ok, type Rejection, reject, type Result, toUtcMillis } from "@ballast/model";
import { price, usd } from "@ballast/money";
import {
  type LiveMarket,
  type LiveMarketRules,
  type MarketEvent,
  type Moment,
  reduceMarket,
  sourceId,
  toMonotonicMillis,
  UnknownInMarket,
  UnknownSource,
} from "@ballast/risk-core";

/** When something was heard, on both clocks. */
export function momentOf({ elapsedMs, at }: Pick<QuoteRound, "elapsedMs" | "at">): Moment {
  return { nowMs: toMonotonicMillis(elapsedMs), at: toUtcMillis(parseTime(at)) };
}

/** The events of a push, moment by moment: what sources say, what the own books are, and that time has passed. */
export function* eventsOf({ rounds }: QuotesRequest): Generator<MarketEvent> {
  for (const round of rounds) yield* eventsOfRound(round);
}

function* eventsOfRound(round: QuoteRound): Generator<MarketEvent> {
  const moment = momentOf(round);
  for (const { asset, source, sequence, price: text, ageMs } of round.ticks) {
    yield {
      kind: "tick",
      ...moment,
      asset: assetId(asset),
      source: sourceId(source),
      sequence,
      price: price(text),
      ageMs,
    };
  }
  const side = (text: string | null) => (text === null ? null : price(text));
  for (const { instrument, sequence, bid, ask, last, depth } of round.books) {
    yield {
      kind: "book",
      ...moment,
      instrument: instrumentId(instrument),
      sequence,
      book: { bid: side(bid), ask: side(ask), last: side(last) },
      depth: usd(depth),
    };
  }
  yield { kind: "clock", ...moment };
}

/** The market after these events. Rejects with ASSET_UNKNOWN, INSTRUMENT_UNKNOWN, SOURCE_UNKNOWN, and then nothing happened. */
export function movedBy(
  rules: LiveMarketRules,
  before: LiveMarket,
  events: Iterable<MarketEvent>,
): Result<LiveMarket, Rejection> {
  let market = before;
  for (const event of events) {
    try {
      market = reduceMarket(rules, market, event);
    } catch (fault) {
      if (fault instanceof UnknownSource && event.kind === "tick") {
        return reject({ code: "SOURCE_UNKNOWN", asset: event.asset, source: event.source });
      }
      if (!(fault instanceof UnknownInMarket)) throw fault;
      return "asset" in event
        ? reject({ code: "ASSET_UNKNOWN", asset: event.asset })
        : reject({ code: "INSTRUMENT_UNKNOWN", instrument: instrumentId(fault.wanted) });
    }
  }
  return ok(market);
}
