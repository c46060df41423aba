import { checkParameter, checkWhole } from "./checked-series.f64.js";

/*
 * Price history as it arrives is not a series of returns: days are missing, a venue halts and prints one price for
 * hours, a candle is broken, a weekend or a delisting leaves a hole that looks like one big move. An estimator that
 * fills such holes without a word understates volatility (a filled hole is a return of zero) or overstates it (three
 * days of moves in one return). Here nothing is filled. Broken candles are left out, holes stay holes, and everything
 * that was met is handed back as findings, so that whoever uses the estimate can show or refuse it.
 */

/** One candle. Prices in the quote currency; `openedAtS` is the start of the interval in Unix seconds, UTC. */
export interface Candle {
  readonly openedAtS: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** Something in the history that an estimate should not pass over in silence. */
export type HistoryFinding =
  /** No candle for `intervals` intervals after the candle that opened at `afterS`. */
  | { readonly kind: "MISSING"; readonly afterS: number; readonly intervals: number }
  /** `intervals` candles in a row at one price: a halted market, or a feed that repeats itself. */
  | { readonly kind: "HALTED"; readonly fromS: number; readonly intervals: number }
  /** The market opened far from its last close: ln(open ÷ previous close). */
  | { readonly kind: "WIDE_GAP"; readonly atS: number; readonly logGap: number }
  /** A candle that cannot be one; left out. */
  | { readonly kind: "BROKEN"; readonly atS: number; readonly because: string }
  /** A candle that does not come after the one before it, or off the grid of its interval; left out. */
  | { readonly kind: "OUT_OF_ORDER"; readonly atS: number; readonly afterS: number };

/** Candles that are in order and can be relied on, and what was found on the way. */
export interface History {
  readonly intervalS: number;
  readonly candles: readonly Candle[];
  readonly findings: readonly HistoryFinding[];
}

/** What counts as a halt and as a gap. */
export interface HistoryRules {
  /** So many candles in a row at one price are a halt. */
  readonly haltedIntervals: number;
  /** |ln(open ÷ previous close)| from here on is a wide gap. */
  readonly wideLogGap: number;
}

/** Two candles at one price are a halt (one happens in a thin hour); a tenth between close and open is a wide gap. */
export const HISTORY_RULES: HistoryRules = { haltedIntervals: 2, wideLogGap: 0.1 };

/**
 * The usable candles of a history, in order of time, with everything that was missing, halted, broken or out of order.
 *
 * @param intervalS  seconds from one candle to the next, 86,400 for days
 *
 * @throws NoEstimate when the interval or a rule is out of range.
 * @method ESTIMATE-1
 */
export function readHistory(
  candles: readonly Candle[],
  intervalS: number,
  rules: HistoryRules = HISTORY_RULES,
): History {
  checkWhole("intervalS", intervalS, 1);
  checkWhole("haltedIntervals", rules.haltedIntervals, 1);
  checkParameter("wideLogGap", rules.wideLogGap, 0, Number.MAX_VALUE);

  const usable: Candle[] = [];
  const findings: HistoryFinding[] = [];
  let halted: Candle[] = [];
  const endHalt = (): void => {
    const from = halted[0];
    if (from !== undefined && halted.length >= rules.haltedIntervals) {
      findings.push({ kind: "HALTED", fromS: from.openedAtS, intervals: halted.length });
    }
    halted = [];
  };

  for (const candle of candles) {
    const because = brokenBecause(candle);
    if (because !== undefined) {
      findings.push({ kind: "BROKEN", atS: candle.openedAtS, because });
      continue;
    }
    const previous = usable.at(-1);
    if (previous !== undefined) {
      const intervals = (candle.openedAtS - previous.openedAtS) / intervalS;
      if (intervals < 1 || !Number.isInteger(intervals)) {
        findings.push({ kind: "OUT_OF_ORDER", atS: candle.openedAtS, afterS: previous.openedAtS });
        continue;
      }
      if (intervals > 1) findings.push({ kind: "MISSING", afterS: previous.openedAtS, intervals: intervals - 1 });
      const logGap = Math.log(candle.open / previous.close);
      if (Math.abs(logGap) >= rules.wideLogGap) findings.push({ kind: "WIDE_GAP", atS: candle.openedAtS, logGap });
      if (intervals > 1 || halted.at(-1)?.close !== candle.close) endHalt();
    }
    if (candle.high === candle.low) halted.push(candle);
    else endHalt();
    usable.push(candle);
  }
  endHalt();
  return { intervalS, candles: usable, findings };
}

function brokenBecause({ openedAtS, open, high, low, close }: Candle): string | undefined {
  if (!Number.isFinite(openedAtS)) return "its time is not a number";
  if (![open, high, low, close].every((price) => Number.isFinite(price) && price > 0)) {
    return "a price is not a number above zero";
  }
  if (high < low) return "its high is below its low";
  if (open > high || close > high) return "it opened or closed above its high";
  if (open < low || close < low) return "it opened or closed below its low";
  return undefined;
}
