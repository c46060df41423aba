declare const utcMillis: unique symbol;

/** Milliseconds since 1970-01-01T00:00:00Z. Never a bare number, never read from a clock in a pure package. */
export type UtcMillis = number & { readonly [utcMillis]: "utc-millis" };

/** A number that is not a point in time this house handles. */
export class MalformedTime extends Error {
  override readonly name = "MalformedTime";
  readonly code = "TIME_MALFORMED";
  constructor(received: unknown) {
    const found = typeof received === "number" ? received : typeof received;
    super(`expected whole milliseconds between 1970 and 2200; found ${found}`);
  }
}

const YEAR_2200 = 7_258_118_400_000;

/** Returns the number as a time. @throws MalformedTime unless it is a whole number between 1970 and 2200. */
export function toUtcMillis(millis: number): UtcMillis {
  if (!Number.isSafeInteger(millis) || millis < 0 || millis > YEAR_2200) throw new MalformedTime(millis);
  return millis as UtcMillis;
}
