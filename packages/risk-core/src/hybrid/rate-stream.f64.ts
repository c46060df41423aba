import { checkParameter, checkSeries, checkWhole } from "../estimate/checked-series.f64.js";
import { NoEstimate } from "../estimate/no-estimate.js";
import { sortedSample } from "../estimate/quantile.f64.js";
import { limitedLogRate, longRate, shortRate, type Volatilities, volatilitiesOf, widthOf } from "./rate.f64.js";
import type { RateRecipe } from "./recipe.js";
import {
  type DayMove,
  isShut,
  observeDay,
  UNSEEN,
  volatilityForecast,
  type VolatilityState,
} from "./volatility-state.f64.js";

/*
 * The rates of all assets, day by day. Before a day come its rates, made of everything observed earlier; after it comes
 * what happened. The tail is shared: the standardised moves of all assets are one sample that only grows, so that a
 * young asset borrows the tail of the old ones, and a jump of one is a lesson for all.
 *
 * A day without an asset, or on which its price stood still, is not filled: its volatility stays where it was, and
 * `lastDay` of its rate tells how old the forecast is. A move over several days must be observed as what it is; whoever feeds the stream decides (and says)
 * whether to leave it out or to scale it.
 */

/** The rate of one asset for one day. Rates are shares of notional, log rates log moves of one day. */
export interface AssetRate extends Volatilities {
  readonly asset: string;
  /** (1 − weight)·sigma + weight·stressed (HYBRID-6). */
  readonly width: number;
  readonly logRate: number;
  readonly longRate: number;
  readonly shortRate: number;
  /** The log rate that may be published (HYBRID-7). */
  readonly limitedLogRate: number;
  /** True while a volatility of a young asset comes from its peers (HYBRID-10). */
  readonly isBorrowed: boolean;
  /** Days observed of the asset, and the last of them (days since 1970); undefined before the first. */
  readonly days: number;
  readonly lastDay: number | undefined;
}

/** The rates that cover one day. */
export interface DayRates {
  readonly day: number;
  /** The shared tail; undefined while there are too few standardised moves, and then there are no rates. */
  readonly pooledQuantile: number | undefined;
  /** By asset, in the order in which assets were first seen or listed. */
  readonly rates: ReadonlyMap<string, AssetRate>;
}

/** Standardised moves (move ÷ sigma known before it) of one asset, in order of its days since 1970. */
export interface StandardisedHistory {
  readonly days: readonly number[];
  readonly moves: readonly number[];
}

/** A stream of rates. Days only go forward. */
export interface RateStream {
  /** Makes an asset known before its first day, so that it can borrow from its peers. */
  readonly list: (asset: string) => void;
  /** The rates that cover `day`, from everything observed before it. */
  readonly ratesFor: (day: number) => DayRates;
  /** What `day` brought. */
  readonly observe: (day: number, moves: ReadonlyMap<string, DayMove>) => void;
  /** Standardised moves of one asset so far; empty for an asset without any. */
  readonly standardised: (asset: string) => StandardisedHistory;
}

interface AssetHistory {
  volatility: VolatilityState;
  lastDay: number | undefined;
  limited: number | undefined;
  readonly days: number[];
  readonly moves: number[];
}

/**
 * A stream that has observed nothing. To go on after a stop, feed it the history again: nine years of twelve assets take
 * less than a second.
 *
 * @throws NoEstimate (from `observe` and `ratesFor`) for a day that is not after the days observed, and for moves that
 *   are not finite or ranges below zero.
 * @method HYBRID-1
 */
export function rateStream(recipe: RateRecipe): RateStream {
  const assets = new Map<string, AssetHistory>();
  const tail = sortedSample();
  let latest = Number.NEGATIVE_INFINITY;

  const historyOf = (asset: string): AssetHistory => {
    let history = assets.get(asset);
    if (history === undefined) {
      history = { volatility: UNSEEN, lastDay: undefined, limited: undefined, days: [], moves: [] };
      assets.set(asset, history);
    }
    return history;
  };

  const ratesFor = (day: number): DayRates => {
    checkAfter(day, latest);
    const pooledQuantile = tail.count() < recipe.tailFrom ? undefined : tail.quantile(recipe.tail);
    const rates = new Map<string, AssetRate>();
    if (pooledQuantile === undefined) return { day, pooledQuantile, rates };
    const peers = grownPeers(assets, recipe);
    for (const [asset, history] of assets) {
      const { volatility, lastDay } = history;
      const found = volatilitiesOf(volatilityForecast(volatility), volatility.days, peers, recipe.young);
      if (found === null) continue;
      const width = widthOf(found.volatilities, recipe);
      const logRate = pooledQuantile * width;
      const limited = limitedLogRate(logRate, history.limited, recipe);
      rates.set(asset, {
        asset,
        ...found.volatilities,
        width,
        logRate,
        longRate: longRate(logRate),
        shortRate: shortRate(logRate),
        limitedLogRate: limited,
        isBorrowed: found.isBorrowed,
        days: volatility.days,
        lastDay,
      });
    }
    return { day, pooledQuantile, rates };
  };

  const observe = (day: number, moves: ReadonlyMap<string, DayMove>): void => {
    checkAfter(day, latest);
    for (const [asset, { logMove, logRange }] of moves) {
      checkSeries([logMove], 1, asset);
      checkParameter("logRange", logRange, 0, Number.MAX_VALUE);
    }
    // The limit of tomorrow is measured from the rate of today, whether or not somebody asked for it.
    for (const [asset, rate] of ratesFor(day).rates) historyOf(asset).limited = rate.limitedLogRate;
    for (const [asset, move] of moves) {
      if (isShut(move)) continue;
      const history = historyOf(asset);
      const { sigma } = volatilityForecast(history.volatility);
      if (sigma !== undefined) {
        const standardised = move.logMove / sigma;
        history.days.push(day);
        history.moves.push(standardised);
        tail.add(Math.abs(standardised));
      }
      history.volatility = observeDay(history.volatility, move, recipe);
      history.lastDay = day;
    }
    latest = day;
  };

  return {
    list: (asset) => void historyOf(asset),
    ratesFor,
    observe,
    standardised: (asset) => assets.get(asset) ?? { days: [], moves: [] },
  };
}

/** The volatilities of the assets that have their own history of a grown asset. */
function grownPeers(assets: ReadonlyMap<string, AssetHistory>, { young }: RateRecipe): Volatilities[] {
  if (young === undefined) return [];
  const peers: Volatilities[] = [];
  for (const { volatility } of assets.values()) {
    if (volatility.days < young.grownDays) continue;
    const { sigma, stressedSigma } = volatilityForecast(volatility);
    if (sigma !== undefined && stressedSigma !== undefined) peers.push({ sigma, stressedSigma });
  }
  return peers;
}

function checkAfter(day: number, latest: number): void {
  checkWhole("day", day, Number.MIN_SAFE_INTEGER);
  if (day <= latest)
    throw new NoEstimate("PARAMETER_OUT_OF_RANGE", { parameter: "day", least: latest + 1, found: day });
}
