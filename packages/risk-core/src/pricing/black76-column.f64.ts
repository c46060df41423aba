import {
  black76Call,
  black76Put,
  callFromTails,
  callFromTimeValue,
  putFromTails,
  putFromTimeValue,
  SERIES_DEVIATION_MAX,
  timeValueBySeries,
} from "./black76.f64.js";
import { exponential, logRatio } from "./elementary.f64.js";
import { scaledTail } from "./normal.f64.js";

/*
 * Many options at once: the same operations as `black76Call` and `black76Put` in the same order, one step at a time over
 * a block of options instead of all steps over one option. The answers are the same bits.
 *
 * One function that holds all the steps is too large for the engine to inline, so each step becomes a call that puts its
 * floats on the heap. A short loop over one step is inlined whole, and neighbouring options fill the processor's
 * pipelines. A block stays in the first-level cache.
 */

const BLOCK = 256;
/** ln(F/K) ÷ s. */
const DISTANCE = new Float64Array(BLOCK);
/** F·e^{−d1²/2}. */
const SCALE = new Float64Array(BLOCK);
/** Y(|d1|) and Y(|d2|). */
const TAIL1 = new Float64Array(BLOCK);
const TAIL2 = new Float64Array(BLOCK);

/** Options by column, all of one length. Domain and limits of each row: those of `black76Call`. */
export interface OptionColumns {
  readonly forwards: Float64Array;
  readonly strikes: Float64Array;
  /** σ√T. */
  readonly deviations: Float64Array;
  /** 1 for a put, 0 for a call. */
  readonly puts: Uint8Array;
}

/**
 * Undiscounted Black-76 values of all rows, bit for bit those of `black76Call` and `black76Put`.
 *
 * Cost: about 50 ns a row, no allocation.
 *
 * @param out one value a row, overwritten
 * @method PRICING-3
 */
export function black76Column(columns: OptionColumns, out: Float64Array): void {
  const rows = columns.forwards.length;
  for (let from = 0; from < rows; from += BLOCK) {
    const length = Math.min(BLOCK, rows - from);
    measureDistances(columns, from, length);
    scaleByDensity(columns, from, length);
    takeTails(columns, from, length);
    combine(columns, out, from, length);
  }
}

function measureDistances({ forwards, strikes, deviations }: OptionColumns, from: number, length: number): void {
  for (let at = 0; at < length; at++) {
    const row = from + at;
    DISTANCE[at] = logRatio(forwards[row] as number, strikes[row] as number) / (deviations[row] as number);
  }
}

function scaleByDensity({ forwards, deviations }: OptionColumns, from: number, length: number): void {
  for (let at = 0; at < length; at++) {
    const d1 = (DISTANCE[at] as number) + 0.5 * (deviations[from + at] as number);
    SCALE[at] = (forwards[from + at] as number) * exponential(-0.5 * (d1 * d1));
  }
}

function takeTails({ deviations }: OptionColumns, from: number, length: number): void {
  for (let at = 0; at < length; at++) {
    const h = DISTANCE[at] as number;
    const t = 0.5 * (deviations[from + at] as number);
    TAIL1[at] = scaledTail(Math.abs(h + t));
    TAIL2[at] = scaledTail(Math.abs(h - t));
  }
}

function combine(
  { forwards, strikes, deviations, puts }: OptionColumns,
  out: Float64Array,
  from: number,
  length: number,
) {
  for (let at = 0; at < length; at++) {
    const row = from + at;
    const forward = forwards[row] as number;
    const strike = strikes[row] as number;
    const deviation = deviations[row] as number;
    const isPut = puts[row] !== 0;
    const h = DISTANCE[at] as number;
    const t = 0.5 * deviation;
    const scale = SCALE[at] as number;
    if (!(forward > 0 && strike > 0 && deviation > 0)) {
      // A limit: what the steps before made of it is not used.
      out[row] = isPut ? black76Put(forward, strike, deviation) : black76Call(forward, strike, deviation);
    } else if (deviation < SERIES_DEVIATION_MAX) {
      const timeValue = timeValueBySeries(scale, Math.abs(h), t);
      out[row] = isPut
        ? putFromTimeValue(forward, strike, h, timeValue)
        : callFromTimeValue(forward, strike, h, timeValue);
    } else {
      const tail1 = TAIL1[at] as number;
      const tail2 = TAIL2[at] as number;
      out[row] = isPut
        ? putFromTails(forward, strike, h + t, h - t, scale, tail1, tail2)
        : callFromTails(forward, strike, h + t, h - t, scale, tail1, tail2);
    }
  }
}
