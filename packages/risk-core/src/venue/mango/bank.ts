import { Decimal } from "@ballast/money";

/*
 * Mango's banks: weights that move gradually to announced ones, the borrow curve, and the price that follows the oracle only
 * so fast.
 */

/** A change of weights announced ahead: from one moment to another they move along a line. */
export interface WeightShift {
  readonly start: Decimal;
  readonly end: Decimal;
  readonly from: Decimal;
  readonly to: Decimal;
}

/**
 * A weight at a moment of its shift.
 *
 * @method TIERS-28
 */
export function shiftedWeight({ start, end, from, to }: WeightShift, now: Decimal): Decimal {
  if (now.lte(start)) return from;
  if (now.gte(end)) return to;
  return from.add(to.sub(from).mul(now.sub(start)).div(end.sub(start)));
}

/** Points of a rate curve, utilisation ascending. */
export type RateCurve = readonly (readonly [utilisation: Decimal, rate: Decimal])[];

/**
 * The rate on straight lines between the curve's points, flat outside them.
 *
 * @method TIERS-28
 */
export function rateOnCurve(curve: RateCurve, utilisation: Decimal): Decimal {
  const at = curve.findIndex(([point]) => utilisation.lte(point));
  const [last, next, before] = [curve.at(-1), curve[at], curve[at - 1]];
  if (next === undefined) return (last as RateCurve[number])[1];
  if (before === undefined) return next[1];
  const share = utilisation.sub(before[0]).div(next[0].sub(before[0]));
  return before[1].add(next[1].sub(before[1]).mul(share));
}

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/**
 * Growth of a balance that earns a yearly rate for so many equal steps, each added at its end.
 *
 * @method TIERS-28
 */
export function growthOver(rate: Decimal, stepSeconds: Decimal, steps: Decimal): Decimal {
  return rate.mul(stepSeconds).div(YEAR_SECONDS).add(1).pow(steps);
}

/** When a bank was last looked at. */
export interface UtilisationClock {
  readonly average: Decimal;
  readonly rateUpdated: Decimal;
  readonly indexUpdated: Decimal;
}

/**
 * Average utilisation since the rate was last changed, by time; the present one when no time has passed.
 *
 * @method TIERS-28
 */
export function averageUtilisation(
  { average, rateUpdated, indexUpdated }: UtilisationClock,
  present: Decimal,
  now: Decimal,
) {
  const elapsed = now.sub(rateUpdated);
  if (elapsed.lte(0)) return present;
  return average
    .mul(indexUpdated.sub(rateUpdated))
    .add(present.mul(now.sub(indexUpdated)))
    .div(elapsed);
}

/** A price that follows the oracle slowly, and slower the further it is from where the oracle was a day ago. */
export interface StablePrice {
  readonly price: Decimal;
  readonly updated: number;
  /** Hourly averages of the last day, each within some per cent of the one before. */
  readonly delayed: readonly Decimal[];
  readonly slot: number;
  /** Oracle × seconds, and seconds, of the hour that is running. */
  readonly weighted: Decimal;
  readonly seconds: number;
}

const SLOTS = 24;
const SLOT_SECONDS = 3600;
const DELAYED_CHANGE_MAX = new Decimal("0.06");
const CHANGE_A_SECOND_MAX = new Decimal("0.0003");
const UPDATE_SECONDS_MIN = 10;
const UPDATE_SECONDS_MAX = 600;

export const stablePriceAt = (price: Decimal, time: number): StablePrice => ({
  price,
  updated: time,
  delayed: Array.from({ length: SLOTS }, () => price),
  slot: Math.floor(time / SLOT_SECONDS) % SLOTS,
  weighted: new Decimal(0),
  seconds: 0,
});

/**
 * The stable price after an oracle price at a time in seconds. Updates that come too soon change nothing.
 *
 * @method TIERS-28
 */
export function nextStablePrice(state: StablePrice, oracle: Decimal, now: number): StablePrice {
  const elapsed = now - state.updated;
  if (elapsed < UPDATE_SECONDS_MIN) return state;
  const counted = withDelayed(
    { ...state, updated: now, weighted: state.weighted.add(oracle.mul(elapsed)), seconds: state.seconds + elapsed },
    now,
  );
  const before = state.price;
  const delayed = counted.delayed[counted.slot] as Decimal;
  const nearness = Decimal.min(before, delayed).div(Decimal.max(before, delayed));
  const change = CHANGE_A_SECOND_MAX.mul(nearness).mul(nearness).mul(Math.min(elapsed, UPDATE_SECONDS_MAX));
  return { ...counted, price: within(oracle, before, change) };
}

/** Writes the slots that have been left since the last update, and starts a new one. */
function withDelayed(state: StablePrice, now: number): StablePrice {
  const slot = Math.floor(now / SLOT_SECONDS) % SLOTS;
  if (slot === state.slot) return state;
  const average = state.weighted.div(state.seconds);
  const previous = state.delayed[(state.slot + SLOTS - 1) % SLOTS] as Decimal;
  const value = within(average, previous, DELAYED_CHANGE_MAX);
  const left = (slot - state.slot + SLOTS) % SLOTS;
  const delayed = state.delayed.map((old, at) => ((at - state.slot + SLOTS) % SLOTS < left ? value : old));
  return { ...state, delayed, slot, weighted: new Decimal(0), seconds: 0 };
}

/** `wanted`, but not further than a share away from `from`. */
const within = (wanted: Decimal, from: Decimal, share: Decimal): Decimal =>
  Decimal.max(Decimal.min(wanted, from.mul(share.add(1))), from.mul(new Decimal(1).sub(share)));
