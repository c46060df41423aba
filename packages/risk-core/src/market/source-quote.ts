import type { Price } from "@ballast/money";
import type { SourceRule } from "./index-rules.js";
import { type MonotonicMillis, toMonotonicMillis } from "./monotonic-millis.js";
import { unitsOf } from "./price-units.js";

/** What a source says, as it arrives. */
export interface SourceTick {
  /** Rises with every tick of the source, over its restarts too; whole. */
  readonly sequence: number;
  readonly price: Price;
  readonly receivedAtMs: MonotonicMillis;
  /** How old the price already was on arrival: a late tick says so. At least 0. */
  readonly ageMs: number;
}

/** The newest thing a source has said. */
export interface SourceQuote {
  readonly sequence: number;
  /** In units; null where the newest thing said is not a price: not finite, not above zero, or where the feed stops. */
  readonly units: bigint | null;
  /** When it was true, not when it arrived. */
  readonly observedAtMs: MonotonicMillis;
  /** Since when the source has said this same price. */
  readonly unchangedSinceMs: MonotonicMillis;
  /** Ticks that came after a newer one and changed nothing, so far. */
  readonly ignored: number;
}

/** A tick that no feed may send; the adapter that made it has a bug. */
export class MalformedTick extends Error {
  override readonly name = "MalformedTick";
  readonly code = "TICK_MALFORMED";
  constructor(
    readonly field: "sequence" | "ageMs",
    readonly received: number,
  ) {
    super(`expected ${field === "sequence" ? "a whole sequence" : "an age of at least 0 ms"}; found ${received}`);
  }
}

/**
 * The newest thing the source has said, after a tick: an older or repeated sequence never replaces a newer one, whenever
 * it arrives. What is no price replaces the price before it all the same, because the source no longer stands behind that.
 *
 * @throws MalformedTick when the sequence is not whole, or the age not a number of at least 0.
 * @method MARKET-1 MARKET-2
 */
export function hear(rule: SourceRule, before: SourceQuote | null, tick: SourceTick): SourceQuote {
  if (!Number.isSafeInteger(tick.sequence)) throw new MalformedTick("sequence", tick.sequence);
  if (!(tick.ageMs >= 0)) throw new MalformedTick("ageMs", tick.ageMs);
  if (before !== null && tick.sequence <= before.sequence) return { ...before, ignored: before.ignored + 1 };
  const observedAtMs = toMonotonicMillis(tick.receivedAtMs - tick.ageMs);
  const units = isInDomain(tick.price, rule) ? unitsOf(tick.price) : null;
  const repeats = before !== null && units !== null && units === before.units;
  return {
    sequence: tick.sequence,
    units,
    observedAtMs,
    unchangedSinceMs: repeats ? before.unchangedSinceMs : observedAtMs,
    ignored: before?.ignored ?? 0,
  };
}

/** Strictly inside the ends of the feed: at an end the feed has stopped, and the market may be anywhere beyond. */
function isInDomain(price: Price, { priceMin, priceMax }: SourceRule): boolean {
  return price.isFinite() && price.gt(0) && price.gt(priceMin) && price.lt(priceMax);
}
