import type { OptionType } from "../pricing/index.js";
import type { ExpiryQuotes, OptionQuote } from "./vol-points.f64.js";

/*
 * A call bought and a put sold at the same strike is a forward bought, whatever volatility is: C − P = 1 − K/F, in shares of
 * the forward. Quotes that disagree with it by more than it costs to trade the difference away contradict each other or
 * the forward: somebody's feed is stale, a forward is not the one these options are priced on, or there is money lying
 * about. Either way nothing should be marked on them without being looked at.
 *
 * Between the bid and the ask of both options, their fees, and both sides of the future, there is room; only what is beyond
 * it counts as a deviation. The middle of the quotes is reported besides, because a feed goes wrong in the middle first.
 */

/** What trading parity away costs; shares of the forward. */
export interface ParityCosts {
  /** For one option, capped at `optionFeeCap` of its price. */
  readonly optionFee: number;
  readonly optionFeeCap: number;
  /** Half the spread of the future and its fee, together. */
  readonly forwardCost: number;
}

/** One strike where call and put are both quoted on both sides. */
export interface ParityDeviation {
  readonly strike: number;
  /** C − P − (1 − K/F) in the middle of the quotes. */
  readonly middle: number;
  /** What is left beyond all costs: above zero when call − put is too dear, below when too cheap, 0 inside the room. */
  readonly beyondCosts: number;
}

/** All strikes of one expiry. */
export interface ParityReport {
  readonly expiry: number;
  /** In ascending order of strike. */
  readonly deviations: readonly ParityDeviation[];
  /** The forward that the middle of the quotes implies: the median over the strikes; null without a pair. */
  readonly impliedForward: number | null;
  /**
   * Is it to be looked at: more than one strike in ten beyond costs; or the middles lean one way by more than the forward's
   * cost and half of the room between the quotes, in the median, which no spread explains.
   */
  readonly isSuspicious: boolean;
}

const SUSPICIOUS_SHARE = 0.1;
const SUSPICIOUS_LEAN = 0.5;

/**
 * How far an expiry's quotes are from put–call parity.
 *
 * @method MARK-9
 */
export function parityReport({ expiry, forward, quotes }: ExpiryQuotes, costs: ParityCosts): ParityReport {
  const pairs = pairsOf(quotes).sort((left, right) => left.call.strike - right.call.strike);
  const deviations: ParityDeviation[] = [];
  const forwards: number[] = [];
  const rooms: number[] = [];
  for (const { call, put } of pairs) {
    const { strike } = call;
    const fair = 1 - strike / forward;
    const middle = 0.5 * (call.bid + call.ask - put.bid - put.ask);
    const moneyness = strike / forward;
    const dear =
      call.bid - feeOf(call.bid, costs) - put.ask - feeOf(put.ask, costs) - fair - moneyness * costs.forwardCost;
    const cheap =
      call.ask + feeOf(call.ask, costs) - put.bid + feeOf(put.bid, costs) - fair + moneyness * costs.forwardCost;
    deviations.push({ strike, middle: middle - fair, beyondCosts: dear > 0 ? dear : Math.min(0, cheap) });
    if (middle < 1) forwards.push(strike / (1 - middle));
    rooms.push(0.5 * (call.ask - call.bid + put.ask - put.bid));
  }
  const beyond = deviations.filter(({ beyondCosts }) => beyondCosts !== 0).length;
  const lean = Math.abs(medianOf(deviations.map(({ middle }) => middle)) ?? 0);
  const leans = lean > costs.forwardCost + SUSPICIOUS_LEAN * (medianOf(rooms) ?? 0);
  const isSuspicious = leans || beyond > SUSPICIOUS_SHARE * deviations.length;
  return { expiry, deviations, impliedForward: medianOf(forwards), isSuspicious };
}

interface TwoSided {
  readonly strike: number;
  readonly bid: number;
  readonly ask: number;
}

function pairsOf(quotes: readonly OptionQuote[]): { readonly call: TwoSided; readonly put: TwoSided }[] {
  const byType = (wanted: OptionType): ReadonlyMap<number, TwoSided> =>
    new Map(
      quotes.flatMap(({ type, strike, bid, ask }) =>
        type === wanted && bid !== null && ask !== null && bid > 0 && ask >= bid
          ? [[strike, { strike, bid, ask }] as const]
          : [],
      ),
    );
  const puts = byType("put");
  return [...byType("call").values()].flatMap((call) => {
    const put = puts.get(call.strike);
    return put === undefined ? [] : [{ call, put }];
  });
}

function feeOf(price: number, { optionFee, optionFeeCap }: ParityCosts): number {
  return Math.min(optionFee, optionFeeCap * price);
}

function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const ascending = [...values].sort((left, right) => left - right);
  const upper = ascending[ascending.length >> 1] as number;
  return ascending.length % 2 === 1 ? upper : 0.5 * (upper + (ascending[(ascending.length >> 1) - 1] as number));
}
