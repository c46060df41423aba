import type { Column } from "../../scenario/columns.js";
import type { ScannedBook } from "../../scenario/scanned-book.js";
import { partsByColumn } from "./contributions.f64.js";
import { type ContractKind, kindOf } from "./notional.f64.js";
import type { ScannedFigure } from "./scanned-figure.js";

/** Charged where the confidence in a price is below the threshold. */
export interface OracleConfidenceRule {
  readonly kind: "oracle-confidence";
  readonly of: readonly ContractKind[];
  readonly threshold: number;
  readonly scale: number;
  /** Whose doubts count beside the contract's own: nobody's, the underlying's spot, or that and every perpetual held. */
  readonly with: "none" | "spot" | "spot-and-perpetuals";
  /** Options: the least confidence of their whole expiry (forward, and every option held there), or each its own. */
  readonly optionsBy: "expiry" | "contract";
  /** Are options that are held long charged as well? */
  readonly longOptions: boolean;
}

/**
 * (1 − confidence) × scale × size at spot, for everything whose confidence is below the threshold; ≥ 0. The confidence is
 * the least of the contract's own, its expiry's, and those of `with`. Exactly at the threshold is free.
 *
 * @method ADDON-4
 */
export function oracleConfidence(
  rule: OracleConfidenceRule,
  book: ScannedBook,
  units: readonly number[],
): ScannedFigure {
  const { market, quantities } = book;
  if (market.leastConfidence >= rule.threshold) return { value: 0, parts: null };
  const confidence = confidences(rule, book);
  const ofColumn = (at: number): number => {
    const column = market.columns[at] as Column;
    const quantity = quantities[at] as number;
    if (quantity === 0 || !units.includes(column.unit) || !rule.of.includes(kindOf(column))) return 0;
    if (column.expiry !== null && quantity > 0 && !rule.longOptions) return 0;
    const trusted = confidence[at] as number;
    if (trusted >= rule.threshold) return 0;
    const price = kindOf(column) === "collateral" ? column.terms.mark : (market.spot[column.unit] as number);
    const size = column.terms.inverse && column.terms.kind !== "option" ? 1 : price;
    return (1 - trusted) * rule.scale * Math.abs(quantity) * size * market.quoteInNumeraire;
  };
  let sum = 0;
  for (let at = 0; at < quantities.length; at += 1) sum += ofColumn(at);
  return { value: sum, parts: () => partsByColumn(book, ofColumn) };
}

/** The least confidence that counts for each column, shape [columns]. */
function confidences(rule: OracleConfidenceRule, { market, quantities }: ScannedBook): Float64Array {
  const least = market.confidence.map((own, at) => Math.min(own, market.expiryConfidence[at] as number));
  if (rule.optionsBy === "expiry") {
    for (const { first, end, expiry } of market.groups) {
      if (expiry === null) continue;
      let held = 1;
      for (let at = first; at < end; at += 1) if (quantities[at] !== 0) held = Math.min(held, least[at] as number);
      for (let at = first; at < end; at += 1) least[at] = Math.min(least[at] as number, held);
    }
  }
  if (rule.with === "none") return least;
  const ofUnit = market.spotConfidence.slice();
  if (rule.with === "spot-and-perpetuals") {
    for (const [at, { unit, terms }] of market.columns.entries()) {
      if (terms.kind !== "perpetual" || quantities[at] === 0) continue;
      ofUnit[unit] = Math.min(ofUnit[unit] as number, market.confidence[at] as number);
    }
  }
  return least.map((own, at) => Math.min(own, ofUnit[(market.columns[at] as Column).unit] as number));
}
