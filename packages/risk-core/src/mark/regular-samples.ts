import { Decimal, type Ratio, toFloat64 } from "@ballast/money";
import type { MonotonicMillis } from "../market/monotonic-millis.js";

/** A figure looked at every so often: the sum of what was seen, exact. */
export interface Samples {
  readonly sum: Decimal;
  readonly count: number;
  readonly lastAtMs: MonotonicMillis | null;
}

/** How often a window is sampled, and how many of its samples an average needs. */
export interface SamplingRules {
  readonly windowMs: number;
  readonly sampleEveryMs: number;
  /** Share of the samples of a whole window, 0…1. */
  readonly samplesShareMin: Ratio;
}

/** Too few samples for an average that anybody should pay by: a person decides. */
export interface SamplesTooFew {
  readonly code: "SAMPLES_TOO_FEW";
  readonly samples: number;
  readonly required: number;
}

export const NO_SAMPLES: Samples = { sum: new Decimal(0), count: 0, lastAtMs: null };

/** The samples with one more, if the last one is old enough and there is something to see; null is nothing. */
export function sampled(
  { sampleEveryMs }: SamplingRules,
  samples: Samples,
  value: Decimal | null,
  nowMs: MonotonicMillis,
): Samples {
  const due = samples.lastAtMs === null || nowMs - samples.lastAtMs >= sampleEveryMs;
  if (!due || value === null) return samples;
  return { sum: samples.sum.add(value), count: samples.count + 1, lastAtMs: nowMs };
}

/** The mean of the samples, not rounded; null before the first. */
export function meanOf({ sum, count }: Samples): Decimal | null {
  return count === 0 ? null : sum.div(count);
}

/** How many samples an average of the window needs: at least one. */
export function samplesRequired({ windowMs, sampleEveryMs, samplesShareMin }: SamplingRules): number {
  return Math.max(1, Math.ceil(Math.floor(windowMs / sampleEveryMs) * toFloat64(samplesShareMin)));
}
