import { type AssetId, assetId, type InstrumentId, instrumentId, toUtcMillis } from "@ballast/model";
import { price, usd } from "@ballast/money";
import { sourceId } from "../market/index-rules.js";
import { toMonotonicMillis } from "../market/monotonic-millis.js";
import { rulesText, type SourceText } from "../market/testing.js";
import {
  type LiveMarket,
  type LiveSnapshot,
  liveSnapshot,
  type MarketEvent,
  type Moment,
  reduceMarket,
  silentMarket,
} from "./live-market.js";
import { loadLiveMarketRules } from "./live-market-document.js";
import type { LiveMarketRules } from "./live-market-rules.js";

/*
 * For tests only: a live market of one coin, one stablecoin, the perpetuals of other venues, and three contracts.
 */

export const T0 = 1_780_000_000_000;
export const BTC = assetId("BTC");
export const USDT = assetId("USDT");
export const OUTSIDE = assetId("BTC-PERPETUALS");
export const PERPETUAL = instrumentId("BTC_USDC-PERPETUAL");
export const FUNDED = instrumentId("BTC-PERPETUAL");
export const FUTURE = instrumentId("BTC_USDC-26JUN26");

const venues = (names: readonly string[], quotedIn: string | null = null): readonly SourceText[] =>
  names.map((id) => ({ id, quotedIn }));
const perpetual = { bookAgeMsMax: 5_000, clampWidth: "0.02", memoryMs: 150_000 };

/** Paid every hour, and looked at every minute. */
export const FUNDING = {
  impact: "20000",
  windowMs: 3_600_000,
  sampleEveryMs: 60_000,
  samplesShareMin: "0.5",
  interestRate: "0.0001",
  dampener: "0.0005",
  intervalShare: "1",
  staticRate: "0",
  rateMax: "0.0075",
};

/** The rules as a document. */
export const MARKET_DOCUMENT = {
  indices: {
    BTC: rulesText([...venues(["a", "b"], "USDT"), ...venues(["c", "d"])]),
    USDT: rulesText(venues(["a", "b", "c"])),
    "BTC-PERPETUALS": rulesText(venues(["a", "b", "c"])),
  },
  instruments: [
    { kind: "perpetual", id: PERPETUAL, underlying: "BTC", anchor: "BTC-PERPETUALS", ...perpetual, funding: null },
    { kind: "perpetual", id: FUNDED, underlying: "BTC", anchor: "funding", ...perpetual, funding: FUNDING },
    {
      kind: "dated-future",
      id: FUTURE,
      underlying: "BTC",
      anchor: null,
      ...perpetual,
      clampWidthPerYear: "0.3",
      expiresAt: new Date(T0 + 3_600_000).toISOString(),
      settlement: { windowMs: 1_800_000, sampleEveryMs: 4_000, samplesShareMin: "0.8" },
    },
  ],
  stable: { perSecondMax: "0.0001", stepMsMax: 600_000 },
};

export const MARKET_RULES: LiveMarketRules = loadLiveMarketRules(MARKET_DOCUMENT);

/** Without its moment, an event is told at the market's own. */
export type Untimed<Event> = Event extends unknown ? Omit<Event, "nowMs" | "at"> : never;

/** A market that is told what its sources say, as a person would tell it. */
export class ToldMarket {
  passedMs = 0;
  market: LiveMarket;
  private sequence = 0;

  constructor(private readonly rules: LiveMarketRules = MARKET_RULES) {
    this.market = silentMarket(rules, this.moment);
  }

  /** Every named source says its price at this moment. */
  say(asset: AssetId, prices: Readonly<Record<string, string>>): this {
    for (const [source, text] of Object.entries(prices)) {
      this.apply({
        kind: "tick",
        asset,
        source: sourceId(source),
        sequence: ++this.sequence,
        price: price(text),
        ageMs: 0,
      });
    }
    return this;
  }

  /** Bid, ask and last of an instrument are all at this level. */
  book(instrument: InstrumentId, level: string, sequence = ++this.sequence): this {
    const side = price(level);
    const book = { bid: side, ask: side, last: side };
    return this.apply({ kind: "book", instrument, sequence, book, depth: usd("1000000") });
  }

  pass(ms: number): this {
    this.passedMs += ms;
    return this.apply({ kind: "clock" });
  }

  apply(event: Untimed<MarketEvent>): this {
    this.market = reduceMarket(this.rules, this.market, { ...event, ...this.moment } as MarketEvent);
    return this;
  }

  get snapshot(): LiveSnapshot {
    return liveSnapshot(this.rules, this.market);
  }

  mark(instrument: InstrumentId): string | undefined {
    return this.snapshot.markPrices.get(instrument)?.toFixed();
  }

  get moment(): Moment {
    return { nowMs: toMonotonicMillis(this.passedMs), at: toUtcMillis(T0 + this.passedMs) };
  }
}

/** All four sources of the coin at one level. */
export const four = (level: string) => ({ a: level, b: level, c: level, d: level });
export const three = (level: string) => ({ a: level, b: level, c: level });

/** The coin at 100,000 everywhere, the stablecoin at one. */
export const opened = (): ToldMarket =>
  new ToldMarket().say(USDT, three("1")).say(BTC, four("100000")).say(OUTSIDE, three("100000"));
