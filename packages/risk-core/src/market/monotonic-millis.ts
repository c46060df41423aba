declare const monotonicMillis: unique symbol;

/**
 * Milliseconds on a clock that only runs forward, from an origin that means nothing. Ages are differences of these, so a
 * wall clock that is set back or forward makes no price older or younger.
 */
export type MonotonicMillis = number & { readonly [monotonicMillis]: "monotonic-millis" };

/** A number that is no point on a clock that runs forward. */
export class MalformedMonotonicTime extends Error {
  override readonly name = "MalformedMonotonicTime";
  readonly code = "MONOTONIC_TIME_MALFORMED";
  constructor(readonly received: number) {
    super(`expected finite milliseconds, at most 2^53 in size; found ${received}`);
  }
}

/** Returns the number as a point in time. @throws MalformedMonotonicTime unless it is finite and at most 2^53 in size. */
export function toMonotonicMillis(millis: number): MonotonicMillis {
  if (!Number.isFinite(millis) || Math.abs(millis) > Number.MAX_SAFE_INTEGER) throw new MalformedMonotonicTime(millis);
  return millis as MonotonicMillis;
}
