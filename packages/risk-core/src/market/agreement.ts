import type { AssetId } from "@ballast/model";
import { Decimal, type Price, type Ratio } from "@ballast/money";
import { medianOf, type WeightedUnits } from "./capped-median.js";
import type { IndexRules, SourceId, SourceRule } from "./index-rules.js";
import type { MonotonicMillis } from "./monotonic-millis.js";
import { productOf, unitsOf } from "./price-units.js";
import type { SourceQuote } from "./source-quote.js";

/** Why a source is not heard. In the order in which a source is asked; the first that holds is the reason. */
export type ExclusionReason =
  | "OWN_BOOK"
  | "MISSING"
  | "OUT_OF_DOMAIN"
  | "STALE"
  | "STUCK"
  | "QUOTE_ASSET_UNPRICED"
  | "DEVIATES";

export interface Exclusion {
  readonly source: SourceId;
  readonly reason: ExclusionReason;
}

/** A source that can be heard: its price in dollars and its weight, counted in units. */
export interface Voice extends WeightedUnits {
  readonly source: SourceRule;
  readonly observedAtMs: MonotonicMillis;
}

/** What the sources say together at one moment. */
export interface Agreement {
  /** Venues and redemptions whose newest quote is a fresh price. */
  readonly fresh: readonly Voice[];
  /** Of all fresh ones; null when there are none. */
  readonly median: bigint | null;
  /** The fresh ones near the median. */
  readonly agreeing: readonly Voice[];
  /** The house's own fresh books. */
  readonly own: readonly Voice[];
  /** Everybody who is not heard, in the order of the rules. */
  readonly excluded: readonly Exclusion[];
}

/** Dollars for one unit of an asset, or null while its own index cannot be used. */
export type PriceOf = (asset: AssetId) => Price | null;

/**
 * Asks every source, and finds those that agree: the fresh ones within `deviationMax` of the median of all fresh ones.
 * The own book never counts towards the median.
 *
 * @param quotes parallel to `rules.sources`
 * @method MARKET-2 MARKET-3 MARKET-5 MARKET-6
 */
export function findAgreement(
  rules: IndexRules,
  quotes: readonly (SourceQuote | null)[],
  nowMs: MonotonicMillis,
  priceOf: PriceOf,
): Agreement {
  const excluded: Exclusion[] = [];
  const fresh: Voice[] = [];
  const own: Voice[] = [];
  for (const [at, source] of rules.sources.entries()) {
    const isOwn = source.role === "own-book";
    const heard = isOwn && rules.ownBook === "excluded" ? "OWN_BOOK" : ask(source, quotes[at] ?? null, nowMs, priceOf);
    if (typeof heard === "string") excluded.push({ source: source.id, reason: heard });
    else (isOwn ? own : fresh).push(heard);
  }
  if (fresh.length === 0) return { fresh, median: null, agreeing: [], own, excluded };
  const median = medianOf(fresh.map(({ units }) => units));
  const farthest = productOf(median, rules.units.deviationMax);
  const agreeing: Voice[] = [];
  for (const voice of fresh) {
    const distance = voice.units - median;
    if (distance <= farthest && -distance <= farthest) agreeing.push(voice);
    else excluded.push({ source: voice.source.id, reason: "DEVIATES" });
  }
  return { fresh, median, agreeing, own, excluded };
}

function ask(
  source: SourceRule,
  quote: SourceQuote | null,
  nowMs: MonotonicMillis,
  priceOf: PriceOf,
): Voice | ExclusionReason {
  if (quote === null) return "MISSING";
  if (quote.units === null) return "OUT_OF_DOMAIN";
  if (nowMs - quote.observedAtMs > source.ageMsMax) return "STALE";
  if (source.unchangedMsMax !== null && nowMs - quote.unchangedSinceMs > source.unchangedMsMax) return "STUCK";
  const { observedAtMs, units } = quote;
  const { weightUnits: weight, quotedIn } = source;
  if (quotedIn === null) return { source, units, weight, observedAtMs };
  const unit = priceOf(quotedIn);
  if (unit === null) return "QUOTE_ASSET_UNPRICED";
  return { source, units: productOf(units, unitsOf(unit)), weight, observedAtMs };
}

/**
 * How far the agreement carries, 0…1: the share of the configured weight that agrees, times how close it stands together
 * (1 when all say the same, 0 when they span the whole band that still counts as agreeing). Rounded down to 4 digits.
 *
 * @method MARKET-10
 */
export function confidenceOf(rules: IndexRules, { agreeing, median }: Agreement): Ratio {
  let [low, high] = [median ?? 0n, median ?? 0n];
  let heard = 0n;
  for (const { units, weight } of agreeing) {
    if (units < low) low = units;
    if (units > high) high = units;
    heard += weight;
  }
  const band = 2n * productOf(median ?? 0n, rules.units.deviationMax);
  const parts = band === 0n ? 0n : (CONFIDENCE_PARTS * heard * (band - (high - low))) / (rules.units.weight * band);
  return new Decimal(parts.toString()).div(CONFIDENCE_PARTS.toString()) as unknown as Ratio;
}

const CONFIDENCE_PARTS = 10_000n;
