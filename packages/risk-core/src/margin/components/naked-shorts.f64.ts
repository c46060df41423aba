import type { Column } from "../../scenario/columns.js";
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
  let sum = 0;
  const shorts: (() => void)[] = [];
  const parts = new Map<string, number>();
  for (const { unit, first, end, expiry } of market.groups) {
    if (expiry === null || !units.includes(unit)) continue;
    const buckets = new Map<string | number, { net: number; short: number; price: number; columns: number[] }>();
    for (let at = first; at < end; at += 1) {
      const quantity = quantities[at] as number;
      if (quantity === 0) continue;
      const column = market.columns[at] as Column;
      const key = bucketOf(column, rule.netting);
      const bucket = buckets.get(key) ?? { net: 0, short: 0, price: priceOf(column, rule, book), columns: [] };
      bucket.net += quantity;
      bucket.short += Math.max(0, -quantity);
      bucket.columns.push(at);
      buckets.set(key, bucket);
    }
    for (const { net, short, price, columns } of buckets.values()) {
      if (net >= 0) continue;
      sum -= net * price;
      shorts.push(() => {
        for (const at of columns) {
          const sold = Math.max(0, -(quantities[at] as number));
          if (sold > 0) parts.set((market.columns[at] as Column).key, (sold / short) * -net * price);
        }
      });
    }
  }
  return {
    value: sum,
    parts: () => {
      for (const share of shorts) share();
      return parts;
    },
  };
}

function bucketOf({ terms, key }: Column, netting: NakedShortsRule["netting"]): string | number {
  return netting === "strike" ? terms.strike : netting === "kind" ? terms.right : key;
}

function priceOf({ terms, unit }: Column, { at }: NakedShortsRule, { market }: ScannedBook): number {
  if (at === "units") return 1;
  return (at === "forward" ? terms.forward : (market.spot[unit] as number)) * market.quoteInNumeraire;
}
