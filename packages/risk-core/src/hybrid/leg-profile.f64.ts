import { checkParameter, checkSeries } from "../estimate/checked-series.f64.js";

/*
 * What a leg loses when its underlying has gone a share of its rate, all the way from a rise by the whole rate (share −1)
 * through standing still (0) to a fall by the whole rate (1), straight between the shares that were scanned.
 *
 * Shares count price and not logarithm, (1 − e^(−x)) ÷ (1 − e^(−R)) of a fall and (e^x − 1) ÷ (e^R − 1) of a rise, so that
 * a linear leg is straight on either side. It is straight through the middle as well once its gains are turned: a gain
 * is taken from the rate of its own direction to the rate of the other, × e^R on a fall and × e^(−R) on a rise. A long
 * gains w·(e^R − 1) on a rise, which turned is the w·(1 − e^(−R)) that it loses on a fall.
 *
 * Two facts make profiles worth having. A loss more in any scenario lowers no point of them. And what two positions on
 * one underlying lose together is at no share more than the sum of what they lose apart; turned it may be, where one
 * gains what the other loses on a fall, because there the gain counted for more than itself (HYBRID-25).
 */

/** What an account loses on one underlying at its rate; positive is a loss, in one unit for the whole book. */
export interface BookLeg {
  readonly underlying: string;
  /** The worst when the underlying falls by its rate; negative is a gain. */
  readonly lossOnFall: number;
  /** The same for a rise. */
  readonly lossOnRise: number;
  /** The log rate R that was scanned, at the horizon of the losses (HYBRID-6, HYBRID-9). */
  readonly logRate: number;
  /** The worst at smaller moves and where prices stand still; a linear leg needs none. */
  readonly inside?: readonly InsideLoss[];
}

/** What a leg loses at a share of its rate. */
export interface InsideLoss {
  /** Between −1 and 1, both excluded; falls are positive. */
  readonly share: number;
  readonly loss: number;
}

/** The losses of a leg over the shares −1 to 1, straight between its points. */
export interface LegProfile {
  /** e^R and e^(−R): what a gain on a fall, and on a rise, counts for at the rate of the other direction. */
  readonly turnOnFall: number;
  readonly turnOnRise: number;
  /** Ascending: −1, what was scanned inside, 0 among it, and 1. */
  readonly shares: readonly number[];
  /** At those shares; at 0 never below zero: where nothing moves, nothing is gained. */
  readonly losses: readonly number[];
  /** The same with gains turned to the rate of the other direction. */
  readonly turned: readonly number[];
  /** The largest loss, ≥ 0: what the leg must bring alone. */
  readonly margin: number;
}

/** A move of e^20 is no scan any more, and its gains would be no numbers. */
const LOG_RATE_MAX = 20;
/** The largest share that is not the whole. */
const SHARE_INSIDE = 1 - Number.EPSILON;

/**
 * The profile of a leg.
 *
 * @throws NoEstimate for losses that are not finite, a rate that is no rate and shares that are not inside.
 * @method HYBRID-27
 */
export function legProfile({ underlying, lossOnFall, lossOnRise, logRate, inside = [] }: BookLeg): LegProfile {
  checkParameter("logRate", logRate, 0, LOG_RATE_MAX);
  for (const { share } of inside) checkParameter("share", share, -SHARE_INSIDE, SHARE_INSIDE);
  const ascending = [
    { share: -1, loss: lossOnRise },
    ...[...inside, STANDING_STILL].toSorted((left, right) => left.share - right.share),
    { share: 1, loss: lossOnFall },
  ];
  const shares: number[] = [];
  const losses: number[] = [];
  for (const { share, loss } of ascending) {
    const last = shares.length - 1;
    if (shares[last] === share) {
      losses[last] = Math.max(losses[last] as number, loss);
    } else {
      shares.push(share);
      losses.push(loss);
    }
  }
  checkSeries(losses, 2, underlying);
  const [turnOnFall, turnOnRise] = [Math.exp(logRate), Math.exp(-logRate)];
  const turned = losses.map((loss, at) =>
    loss >= 0 ? loss : loss * ((shares[at] as number) > 0 ? turnOnFall : turnOnRise),
  );
  return { turnOnFall, turnOnRise, shares, losses, turned, margin: Math.max(...losses) };
}

const STANDING_STILL: InsideLoss = { share: 0, loss: 0 };

/** What the leg loses at a share, its gains turned. */
export function turnedLossAt({ shares, turned }: LegProfile, share: number): number {
  return valueAt(shares, turned, share);
}

/** The most that the leg loses at any share from one to another. */
export function worstLossBetween({ shares, losses }: LegProfile, one: number, other: number): number {
  const [least, most] = one < other ? [one, other] : [other, one];
  let worst = Math.max(valueAt(shares, losses, least), valueAt(shares, losses, most));
  for (let at = 0; at < shares.length; at += 1) {
    const share = shares[at] as number;
    if (share > least && share < most) worst = Math.max(worst, losses[at] as number);
  }
  return worst;
}

/**
 * What the leg must be said to lose either way, whichever way that is split: the highest line between a rise and a fall,
 * gains turned, as it passes the middle. Zero for a linear leg.
 */
export function eitherWayLoss({ shares, turned }: LegProfile): number {
  let most = 0;
  for (let rise = 0; rise < shares.length && (shares[rise] as number) <= 0; rise += 1) {
    for (let fall = shares.length - 1; fall >= rise && (shares[fall] as number) >= 0; fall -= 1) {
      const width = (shares[fall] as number) - (shares[rise] as number);
      const share = width === 0 ? 0 : (shares[fall] as number) / width;
      most = Math.max(most, (turned[rise] as number) * share + (turned[fall] as number) * (1 - share));
    }
  }
  return most;
}

/** On the straight line between the two points around a share; exactly the point's where the share is one. */
function valueAt(shares: readonly number[], values: readonly number[], share: number): number {
  let after = 1;
  while (after < shares.length - 1 && (shares[after] as number) < share) after += 1;
  const [left, right] = [shares[after - 1] as number, shares[after] as number];
  const [from, to] = [values[after - 1] as number, values[after] as number];
  return share === right ? to : from + ((to - from) * (share - left)) / (right - left);
}
