import {
  type Candle,
  type DayMove,
  type DayRates,
  type RateRecipe,
  type RateStream,
  rateStream,
} from "@ballast/risk-core";
import { DAY_S } from "./daily-candles.f64.js";

/** What the days of a history brought, by day since 1970 and asset. The first candle of an asset has no move. */
export type DayMoves = ReadonlyMap<number, ReadonlyMap<string, DayMove>>;

/** A move over missing days, and the day it ended on. It was observed as it is, as one day. */
export interface MoveOverHole {
  readonly asset: string;
  readonly day: number;
  readonly days: number;
}

/** The moves of all assets, in order of days, with those that span missing days named. */
export function dayMovesOf(candles: ReadonlyMap<string, readonly Candle[]>): {
  readonly moves: DayMoves;
  readonly overHoles: readonly MoveOverHole[];
} {
  const byDay = new Map<number, Map<string, DayMove>>();
  const overHoles: MoveOverHole[] = [];
  for (const [asset, series] of candles) {
    series.forEach((candle, at) => {
      const previous = series[at - 1];
      if (previous === undefined) return;
      const day = candle.openedAtS / DAY_S;
      const days = (candle.openedAtS - previous.openedAtS) / DAY_S;
      if (days !== 1) overHoles.push({ asset, day, days });
      const moves = byDay.get(day) ?? new Map<string, DayMove>();
      if (moves.size === 0) byDay.set(day, moves);
      moves.set(asset, {
        logMove: Math.log(candle.close / previous.close),
        logRange: Math.log(candle.high / candle.low),
      });
    });
  }
  const ordered = [...byDay.keys()].sort((left, right) => left - right);
  return { moves: new Map(ordered.map((day) => [day, byDay.get(day) as Map<string, DayMove>])), overHoles };
}

/**
 * Plays a history through the rate stream of a recipe: before each day its rates, which know the days before it only,
 * then the day itself. `onDay` sees the stream as it is before the day.
 */
export function replayRates(
  moves: DayMoves,
  recipe: RateRecipe,
  onDay: (rates: DayRates, brought: ReadonlyMap<string, DayMove>, stream: RateStream) => void,
): RateStream {
  const stream = rateStream(recipe);
  for (const [day, brought] of moves) {
    onDay(stream.ratesFor(day), brought, stream);
    stream.observe(day, brought);
  }
  return stream;
}
