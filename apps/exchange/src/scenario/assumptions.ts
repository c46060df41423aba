import { assetId, type InstrumentId, instrumentId, toUtcMillis, type UtcMillis } from "@ballast/model";
import { type Price, price, type Ratio, ratio, type Usd, usd } from "@ballast/money";

/*
 * What a scenario file does not say and the run needs. These are assumptions, not facts: plausible round figures, the
 * same for every scenario.
 */

export const USDC = assetId("USDC");

/** One USDC is one dollar throughout. (It traded within a few per mille of that in March 2020.) */
export const USDC_INDEX: Price = price("1");

/** A dated future trades above the perpetual's mark by this share a year, shrinking to nothing at expiry. */
export const ANNUAL_BASIS: Ratio = ratio("0.04");

/** Milliseconds of a year of 365 days. */
export const YEAR_MS = 365 * 24 * 3_600_000;

/**
 * Dollars of market orders that move an instrument by one per cent in a quiet hour. A few per cent of what the
 * large venues showed then, because the exchange played here is small: half of its own open interest at first.
 */
export const QUIET_DEPTH: ReadonlyMap<InstrumentId, Usd> = new Map([
  [instrumentId("BTC_USDC-PERPETUAL"), usd("5000000")],
  [instrumentId("ETH_USDC-PERPETUAL"), usd("2000000")],
  [instrumentId("BTC-PERPETUAL"), usd("4000000")],
  [instrumentId("ETH-PERPETUAL"), usd("1500000")],
  [instrumentId("BTC_USDC-26JUN20"), usd("1000000")],
]);

/** An hour whose range is up to this share of its open is quiet; the depth falls in proportion beyond it. */
export const QUIET_RANGE: Ratio = ratio("0.02");

/** However wild the hour, this share of the quiet depth stays. */
export const DEPTH_FLOOR: Ratio = ratio("0.15");

/** Digits that derived prices and depths are rounded to, half-even. */
export const PRICE_SCALE = 6;
export const DEPTH_SCALE = 2;

/** The venues that the exchange hears, each of every asset: those of the house's standard rules. */
export const VENUES = ["venue-a", "venue-b", "venue-c", "venue-d", "venue-e"] as const;

/** How far a venue stands from the market, either way, as a share: three basis points. */
export const VENUE_NOISE = 0.0003;

/** Milliseconds from one moment that the exchange tells to the next. */
export const ROUND_MS = 60_000;

/** Half the spread of an own book, as a share. */
export const BOOK_HALF_SPREAD: Ratio = ratio("0.0001");

/** The book of a perpetual runs ahead of the venues by this share of the move of the last twenty minutes … */
export const BOOK_LEAD: Ratio = ratio("0.05");

/** … and by no more than this. */
export const BOOK_LEAD_MAX: Ratio = ratio("0.003");

/** What the scenario plays: which asset each instrument follows, and until when. */
export interface PlayedInstrument {
  readonly id: InstrumentId;
  readonly underlying: "BTC" | "ETH";
  readonly expiresAt: UtcMillis | null;
}

export const PLAYED_INSTRUMENTS: readonly PlayedInstrument[] = [
  { id: instrumentId("BTC_USDC-PERPETUAL"), underlying: "BTC", expiresAt: null },
  { id: instrumentId("ETH_USDC-PERPETUAL"), underlying: "ETH", expiresAt: null },
  { id: instrumentId("BTC-PERPETUAL"), underlying: "BTC", expiresAt: null },
  { id: instrumentId("ETH-PERPETUAL"), underlying: "ETH", expiresAt: null },
  { id: instrumentId("BTC_USDC-26JUN20"), underlying: "BTC", expiresAt: toUtcMillis(1_593_158_400_000) },
];
