import type { Candle, History } from "./candles.f64.js";

/*
 * From prices to moves. A move over a hole spans several intervals: it is a fact (the position was carried through it)
 * and yet no observation of one interval. Which of the two matters depends on the question, so the caller says what
 * becomes of it, and the answer says to which moves it was done.
 */

/**
 * What becomes of a move that spans several intervals: kept as it is (a backtest of a position that was carried through
 * the hole), left out (a volatility of one interval), or divided by the square root of its intervals (few observations,
 * none to spare).
 */
export type AcrossHoles = "KEEP" | "LEAVE_OUT" | "SCALE";

/** Log moves in order of time. `endedAtS[i]` is the start of the candle in which move i ended. */
export interface Moves {
  readonly values: Float64Array;
  readonly endedAtS: Float64Array;
  /** The moves over holes, by the candle they ended in, whatever became of them. */
  readonly acrossHoles: readonly { readonly endedAtS: number; readonly intervals: number; readonly logMove: number }[];
}

/**
 * Log moves from close to close, ln(close ÷ previous close).
 *
 * @method ESTIMATE-2
 */
export function logMoves({ candles, intervalS }: History, rule: AcrossHoles): Moves {
  const values: number[] = [];
  const endedAtS: number[] = [];
  const acrossHoles: { endedAtS: number; intervals: number; logMove: number }[] = [];
  for (let at = 1; at < candles.length; at += 1) {
    const [previous, candle] = [candles[at - 1], candles[at]] as [Candle, Candle];
    const logMove = Math.log(candle.close / previous.close);
    const intervals = (candle.openedAtS - previous.openedAtS) / intervalS;
    if (intervals > 1) {
      acrossHoles.push({ endedAtS: candle.openedAtS, intervals, logMove });
      if (rule === "LEAVE_OUT") continue;
    }
    values.push(rule === "SCALE" ? logMove / Math.sqrt(intervals) : logMove);
    endedAtS.push(candle.openedAtS);
  }
  return { values: Float64Array.from(values), endedAtS: Float64Array.from(endedAtS), acrossHoles };
}
