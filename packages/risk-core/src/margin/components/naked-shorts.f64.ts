import type { Column, MarketColumns } from "../../scenario/columns.js";
import type { ScannedBook } from "../../scenario/scanned-book.js";
import type { ScannedFigure } from "./scanned-figure.js";

/** Which options of one expiry are added before what is short is counted, and what one is worth. */
export interface NakedShortsRule {
  readonly kind: "naked-shorts";
  /** `strike`: per strike and expiry, calls with puts. `kind`: per expiry and kind. `contract`: none at all. */
  readonly netting: "strike" | "kind" | "contract";
  readonly at: "spot" | "forward" | "units";
}

/**
 * Options sold and not covered, at the price, ≥ 0.
 *
 * @method ADDON-3
 */
export function nakedShorts(rule: NakedShortsRule, book: ScannedBook, units: readonly number[]): ScannedFigure {
  const { market, quantities } = book;
  const { bucketAt, priceOf } = bucketsOf(market, rule);
  const net = new Float64Array(priceOf.length);
  const isTouched = new Uint8Array(priceOf.length);
  const touched: number[] = [];
  for (const { unit, first, end, expiry } of market.groups) {
    if (expiry === null || !units.includes(unit)) continue;
    for (let at = first; at < end; at += 1) {
      const quantity = quantities[at] as number;
      if (quantity === 0) continue;
      const bucket = bucketAt[at] as number;
      if (isTouched[bucket] === 0) touched.push(bucket);
      isTouched[bucket] = 1;
      net[bucket] = (net[bucket] as number) + quantity;
    }
  }
  let sum = 0;
  for (const bucket of touched) {
    if ((net[bucket] as number) < 0) sum -= (net[bucket] as number) * (priceOf[bucket] as number);
  }
  return { value: sum, parts: () => partsOfBuckets(book, bucketAt, net, priceOf) };
}

/** A bucket that is short is shared by what was sold in it. */
function partsOfBuckets(
  { market, quantities }: ScannedBook,
  bucketAt: Int32Array,
  net: Float64Array,
  priceOf: Float64Array,
): ReadonlyMap<string, number> {
  const soldIn = new Float64Array(net.length);
  for (const [at, bucket] of bucketAt.entries()) {
    if (bucket >= 0) soldIn[bucket] = (soldIn[bucket] as number) + Math.max(0, -(quantities[at] as number));
  }
  const parts = new Map<string, number>();
  for (const [at, { key }] of market.columns.entries()) {
    const bucket = bucketAt[at] as number;
    const sold = Math.max(0, -(quantities[at] as number));
    if (bucket < 0 || sold === 0 || (net[bucket] as number) >= 0) continue;
    parts.set(key, (sold / (soldIn[bucket] as number)) * -(net[bucket] as number) * (priceOf[bucket] as number));
  }
  return parts;
}

/** The bucket of each column, −1 for what is no option, and the price of each bucket. */
interface Buckets {
  readonly bucketAt: Int32Array;
  readonly priceOf: Float64Array;
}

const BUCKETS = new WeakMap<MarketColumns, Map<string, Buckets>>();

/** Buckets belong to the market, so they are looked up once for all its books. */
function bucketsOf(market: MarketColumns, { netting, at: priced }: NakedShortsRule): Buckets {
  const known = BUCKETS.get(market) ?? new Map<string, Buckets>();
  BUCKETS.set(market, known);
  const rule = `${netting} at ${priced}`;
  let buckets = known.get(rule);
  if (buckets === undefined) {
    const numbers = new Map<string, number>();
    const prices: number[] = [];
    const bucketAt = new Int32Array(market.columns.length).fill(-1);
    for (const [group, { first, end, expiry }] of market.groups.entries()) {
      if (expiry === null) continue;
      for (let at = first; at < end; at += 1) {
        const column = market.columns[at] as Column;
        const name = `${group} ${bucketOf(column, netting)}`;
        const bucket = numbers.get(name) ?? prices.push(priceIn(column, priced, market)) - 1;
        numbers.set(name, bucket);
        bucketAt[at] = bucket;
      }
    }
    buckets = { bucketAt, priceOf: Float64Array.from(prices) };
    known.set(rule, buckets);
  }
  return buckets;
}

function bucketOf({ terms, key }: Column, netting: NakedShortsRule["netting"]): string | number {
  return netting === "strike" ? terms.strike : netting === "kind" ? terms.right : key;
}

function priceIn({ terms, unit }: Column, at: NakedShortsRule["at"], market: MarketColumns): number {
  if (at === "units") return 1;
  return (at === "forward" ? terms.forward : (market.spot[unit] as number)) * market.quoteInNumeraire;
}
