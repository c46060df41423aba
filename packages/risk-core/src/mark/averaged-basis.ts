import type { MonotonicMillis } from "../market/monotonic-millis.js";

/*
 * How far a market has stood from its index, averaged over time.
 *
 * A basis is averaged and not a price, so that the average does not lag when the index moves; and a sample is clamped
 * before it is averaged, so that no single one is remembered beyond its time. What counts over an interval is the basis
 * that stood during it, not the one that ends it: somebody who moves a quiet book for an instant, just when it is looked at,
 * has then moved it for an instant.
 *
 * The weight of an interval is its length ÷ (length + memory): rational, so that it is the same whole number everywhere,
 * and never more than one. An interval cut in two counts for a little more than the whole, never for less.
 */

/** An average of a basis, as a share of the index in units of 10^-21; signed. */
export interface AveragedBasis {
  readonly average: bigint;
  /** What stands now and will count once time has passed; null where there is no market. */
  readonly standing: bigint | null;
  readonly atMs: MonotonicMillis;
}

/** No basis yet. */
export function noBasis(atMs: MonotonicMillis): AveragedBasis {
  return { average: 0n, standing: null, atMs };
}

/**
 * The average after time has passed with the standing basis, and with `sample` standing from now on.
 *
 * @param sample what the market says now, a share of the index in units; clamped to ±`clamp`; null where there is none
 * @param memoryMs the time after which half of the average is new; above zero
 * @method MARK-2
 */
export function observeBasis(
  basis: AveragedBasis,
  sample: bigint | null,
  clamp: bigint,
  memoryMs: number,
  nowMs: MonotonicMillis,
): AveragedBasis {
  const { average, atMs } = averagedUntil(basis, memoryMs, nowMs);
  const standing = sample === null ? null : sample > clamp ? clamp : sample < -clamp ? -clamp : sample;
  return { average, standing, atMs };
}

/** The average after time has passed; an earlier time than the last changes nothing. */
export function averagedUntil(basis: AveragedBasis, memoryMs: number, nowMs: MonotonicMillis): AveragedBasis {
  const passed = BigInt(Math.floor((nowMs - basis.atMs) * MICROS));
  if (passed <= 0n) return basis;
  const { average, standing } = basis;
  if (standing === null) return { ...basis, atMs: nowMs };
  const memory = BigInt(Math.ceil(memoryMs * MICROS));
  return { average: average + ((standing - average) * passed) / (passed + memory), standing, atMs: nowMs };
}

const MICROS = 1_000;
