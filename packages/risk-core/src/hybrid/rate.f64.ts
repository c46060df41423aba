import { checkParameter } from "../estimate/checked-series.f64.js";
import { quantile } from "../estimate/quantile.f64.js";
import type { RateRecipe, YoungRule } from "./recipe.js";
import type { VolatilityForecast } from "./volatility-state.f64.js";

/*
 * From volatilities to what a position must bring: a log rate R, and from it the share of notional that a long or a
 * short loses when the price moves by R against it.
 */

/** Both volatilities of one asset for one day. */
export interface Volatilities {
  readonly sigma: number;
  readonly stressedSigma: number;
}

/**
 * The width of a day: the volatility that a tail quantile is multiplied with, (1 − weight)·sigma + weight·stressed.
 *
 * @method HYBRID-6
 */
export function widthOf({ sigma, stressedSigma }: Volatilities, { stressedWeight }: RateRecipe): number {
  return (1 - stressedWeight) * sigma + stressedWeight * stressedSigma;
}

/**
 * Loss of a long, as a share of notional, when the price falls by the log rate: 1 − e^(−R), below one.
 *
 * @method HYBRID-6
 */
export const longRate = (logRate: number): number => -Math.expm1(-logRate);

/**
 * Loss of a short, as a share of notional, when the price rises by the log rate: e^R − 1, above the long's.
 *
 * @method HYBRID-6
 */
export const shortRate = (logRate: number): number => Math.expm1(logRate);

/**
 * The log rate that may be published: at most `speedLimit` times yesterday's; without a yesterday, the rate itself.
 * There is no limit on the way down.
 *
 * @method HYBRID-7
 */
export function limitedLogRate(logRate: number, previous: number | undefined, { speedLimit }: RateRecipe): number {
  return previous === undefined ? logRate : Math.min(logRate, speedLimit * previous);
}

/**
 * The rate as published in steps: rounded up to whole steps, risen at once, fallen only when two steps below. Feed it
 * the unrounded limited rate every day; limiting the rounded rate would hold it at its peak.
 *
 * @param step  of the log rate, for example 0.005
 * @method HYBRID-8
 */
export function steppedLogRate(limited: number, published: number | undefined, step: number): number {
  checkParameter("step", step, Number.MIN_VALUE, 1);
  // A rate that is a whole number of steps but for its last digit must not cost one step more.
  const rounded = Math.ceil(limited / step - 1e-9) * step;
  if (published === undefined || rounded > published) return rounded;
  return rounded <= published - 2 * step + step * 1e-9 ? rounded : published;
}

/** How the log rate grows with the horizon: slower than the square root, which is too kind to short horizons. */
const HORIZON_EXPONENT = 0.45;

/**
 * The log rate of another horizon, from 1 to 120 hours: R·(hours ÷ 24)^0.45.
 *
 * @throws NoEstimate for hours outside 1 to 120, where nothing was measured.
 * @method HYBRID-9
 */
export function horizonLogRate(dayLogRate: number, hours: number): number {
  checkParameter("hours", hours, 1, 120);
  return dayLogRate * (hours / 24) ** HORIZON_EXPONENT;
}

/**
 * The volatilities of a young asset, and whether any of them is borrowed. Stressed: its own, at least the median of the
 * grown peers. Sigma: the peers' median while it has none of its own, then at least that, later its own alone. Null when it
 * has none of its own and there are too few peers to borrow from.
 *
 * @param days    observed of this asset
 * @param peers   the grown assets of the same day
 * @method HYBRID-10
 */
export function volatilitiesOf(
  own: VolatilityForecast,
  days: number,
  peers: readonly Volatilities[],
  rule: YoungRule | undefined,
): { readonly volatilities: Volatilities; readonly isBorrowed: boolean } | null {
  const { sigma, stressedSigma } = own;
  if (rule === undefined || days >= rule.grownDays || peers.length < rule.peersMin) {
    if (sigma === undefined || stressedSigma === undefined) return null;
    return { volatilities: { sigma, stressedSigma }, isBorrowed: false };
  }
  const peersSigma = median(peers.map((peer) => peer.sigma));
  const peersStressed = median(peers.map((peer) => peer.stressedSigma));
  const borrowed = {
    sigma: sigmaOfYoung(sigma, days, peersSigma, rule),
    stressedSigma: Math.max(stressedSigma ?? 0, peersStressed),
  };
  return {
    volatilities: borrowed,
    isBorrowed: borrowed.sigma !== sigma || borrowed.stressedSigma !== stressedSigma,
  };
}

function sigmaOfYoung(own: number | undefined, days: number, peers: number, rule: YoungRule): number {
  if (own === undefined || days < rule.blendedFrom) return peers;
  return days < rule.ownSigmaDays ? Math.max(own, peers) : own;
}

const median = (values: readonly number[]): number => quantile(values, 0.5);
