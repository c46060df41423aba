import { parkinsonVariance } from "../estimate/range-volatility.f64.js";
import { quantile } from "../estimate/quantile.f64.js";
import type { RateRecipe } from "./recipe.js";

/*
 * The volatility of one asset, day by day: one filter with capped shocks and the worst year so far.
 *
 * A plain exponential filter believes every day: one day of +390 % raised it 36-fold, and margin with it. Capping what
 * a day may count for bounds the rise of the next day by construction, and costs little, because the days after a real
 * turn of the market are large too and lift the filter one after the other. What the filter forgets afterwards the
 * worst year keeps.
 *
 * The state is plain data: whoever stores it may stop and go on later, and gets the same digits.
 */

/** What one day brought, in logs: ln(close ÷ previous close), and ln(high ÷ low). */
export interface DayMove {
  readonly logMove: number;
  readonly logRange: number;
}

/** Everything that the forecasts of the following days need of the past. */
export interface VolatilityState {
  /** Days observed. */
  readonly days: number;
  /** The day variances themselves, until there are enough to start the filter. */
  readonly starting: readonly number[];
  /** The filter; undefined until it has started. */
  readonly variance: number | undefined;
  /** Capped variances of the last `stressedWindow` days, oldest first. */
  readonly recent: readonly number[];
  /** The largest mean of them so far. */
  readonly stressedVariance: number | undefined;
}

/** The forecast for the next day, known before it: volatilities of the log move; undefined while history is too short. */
export interface VolatilityForecast {
  readonly sigma: number | undefined;
  readonly stressedSigma: number | undefined;
}

/** An asset of which nothing is known. */
export const UNSEEN: VolatilityState = {
  days: 0,
  starting: [],
  variance: undefined,
  recent: [],
  stressedVariance: undefined,
};

/**
 * The forecast that the state stands for.
 *
 * @method HYBRID-3 HYBRID-4
 */
export function volatilityForecast({ variance, stressedVariance }: VolatilityState): VolatilityForecast {
  return {
    sigma: variance === undefined ? undefined : Math.sqrt(variance),
    stressedSigma: stressedVariance === undefined ? undefined : Math.sqrt(stressedVariance),
  };
}

/**
 * Did the price stand still all day? Then the market was shut, and the day says nothing about how far it moves when it is
 * open. Counted as calm days, a halt of some months would shrink sigma until the first move afterwards looked like
 * thousands of it.
 *
 * @method HYBRID-1
 */
export const isShut = ({ logMove, logRange }: DayMove): boolean => logMove === 0 && logRange === 0;

/**
 * The state after one more day; the same state after a day on which the market was shut.
 *
 * The filter starts when `startDays` days are there and then runs over them from the first one, so that the first
 * forecast has seen as many days as it seems to.
 *
 * @method HYBRID-2 HYBRID-3 HYBRID-4
 */
export function observeDay(state: VolatilityState, day: DayMove, recipe: RateRecipe): VolatilityState {
  if (isShut(day)) return state;
  const dayVariance = varianceOf(day, recipe);
  if (state.variance !== undefined) return filtered(state, state.variance, dayVariance, recipe);
  const starting = [...state.starting, dayVariance];
  const days = starting.length;
  if (days < recipe.startDays) return { ...state, days, starting };
  let started: VolatilityState = { ...UNSEEN, variance: recipe.startMultiple * quantile(starting, 0.5) };
  for (const first of starting) started = filtered(started, started.variance as number, first, recipe);
  return started;
}

function varianceOf({ logMove, logRange }: DayMove, { closeShare }: RateRecipe): number {
  return closeShare * logMove * logMove + (1 - closeShare) * parkinsonVariance(logRange);
}

function filtered(state: VolatilityState, variance: number, dayVariance: number, recipe: RateRecipe): VolatilityState {
  const capped = Math.min(dayVariance, recipe.cap * recipe.cap * variance);
  const recent = [...state.recent, capped].slice(-recipe.stressedWindow);
  const days = state.days + 1;
  return {
    days,
    starting: [],
    variance: recipe.memory * variance + (1 - recipe.memory) * capped,
    recent,
    stressedVariance: days < recipe.stressedFrom ? undefined : Math.max(state.stressedVariance ?? 0, mean(recent)),
  };
}

function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
