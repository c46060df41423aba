import { impliedVolatility, logRatio, type NoVolatility, type OptionType } from "../pricing/index.js";

/** Both sides of the market in one option, as shares of the forward: a price in coin, or one in dollars ÷ forward. */
export interface OptionQuote {
  readonly type: OptionType;
  readonly strike: number;
  readonly bid: number | null;
  readonly ask: number | null;
}

/** All options of one expiry. */
export interface ExpiryQuotes {
  /** Any number that is the same for all options of the expiry, such as its time stamp. */
  readonly expiry: number;
  /** Years of 365 days, above 0. */
  readonly expiryYears: number;
  readonly forward: number;
  readonly quotes: readonly OptionQuote[];
}

/** What one strike says about volatility; 1.00 is 100 % a year. */
export interface VolPoint {
  readonly strike: number;
  /** ln(strike ÷ forward). */
  readonly logMoneyness: number;
  /** Half way between the volatilities of bid and ask. */
  readonly volatility: number;
  readonly halfSpread: number;
}

/** Why an option says nothing about volatility. */
export type Unusable = "ONE_SIDED" | "CROSSED" | NoVolatility["code"];

export interface UnusableQuote {
  readonly type: OptionType;
  readonly strike: number;
  readonly reason: Unusable;
}

/**
 * The volatilities that an expiry's quotes imply: one point a strike, in ascending order, from the option that is out of
 * the money, or from the other one where that is not usable. An option in the money is mostly intrinsic value, and its
 * spread drowns the rest.
 *
 * Cost: two implied volatilities a strike.
 *
 * @method MARK-6
 */
export function volPoints(expiry: ExpiryQuotes): {
  readonly points: readonly VolPoint[];
  readonly unusable: readonly UnusableQuote[];
} {
  const isOut = ({ type, strike }: OptionQuote): boolean => (type === "call") === strike >= expiry.forward;
  const outFirst = [...expiry.quotes.filter(isOut), ...expiry.quotes.filter((quote) => !isOut(quote))];
  const points = new Map<number, VolPoint>();
  const unusable: UnusableQuote[] = [];
  for (const quote of outFirst) {
    if (points.has(quote.strike)) continue;
    const point = pointOf(expiry, quote);
    if (typeof point === "string") unusable.push({ type: quote.type, strike: quote.strike, reason: point });
    else points.set(quote.strike, point);
  }
  return { points: [...points.values()].sort((left, right) => left.strike - right.strike), unusable };
}

function pointOf({ forward, expiryYears }: ExpiryQuotes, { type, strike, bid, ask }: OptionQuote): VolPoint | Unusable {
  if (bid === null || ask === null || !(bid > 0)) return "ONE_SIDED";
  if (!(ask >= bid)) return "CROSSED";
  const scaled = { type, forward: 1, strike: strike / forward, expiryYears };
  const low = impliedVolatility({ ...scaled, price: bid });
  if (!low.ok) return low.rejection.code;
  const high = impliedVolatility({ ...scaled, price: ask });
  if (!high.ok) return high.rejection.code;
  return {
    strike,
    logMoneyness: logRatio(strike, forward),
    volatility: 0.5 * (low.value + high.value),
    halfSpread: 0.5 * (high.value - low.value),
  };
}
