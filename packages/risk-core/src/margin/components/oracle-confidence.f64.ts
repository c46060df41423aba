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
  const ofColumn = (at: number): number => {
    const column = market.columns[at] as Column;
    const quantity = quantities[at] as number;
    if (quantity === 0 || !units.includes(column.unit) || !rule.of.includes(kindOf(column))) return 0;
    if (column.expiry !== null && quantity > 0 && !rule.longOptions) return 0;
    const confidence = confidenceOf(rule, book, at);
    if (confidence >= rule.threshold) return 0;
    const price = kindOf(column) === "collateral" ? column.terms.mark : (market.spot[column.unit] as number);
    const size = column.terms.inverse && column.terms.kind !== "option" ? 1 : price;
    return (1 - confidence) * rule.scale * Math.abs(quantity) * size * market.quoteInNumeraire;
  };
  let sum = 0;
  for (let at = 0; at < quantities.length; at += 1) sum += ofColumn(at);
  return { value: sum, parts: () => partsByColumn(book, ofColumn) };
}

function confidenceOf(rule: OracleConfidenceRule, { market, quantities }: ScannedBook, at: number): number {
  const column = market.columns[at] as Column;
  let least = Math.min(market.confidence[at] as number, market.expiryConfidence[at] as number);
  if (rule.with !== "none") least = Math.min(least, market.spotConfidence[column.unit] as number);
  for (const [other, { unit, expiry, terms }] of market.columns.entries()) {
    if (quantities[other] === 0 || unit !== column.unit) continue;
    const sameExpiry = rule.optionsBy === "expiry" && expiry !== null && expiry === column.expiry;
    const perpetual = rule.with === "spot-and-perpetuals" && terms.kind === "perpetual";
    if (sameExpiry || perpetual) least = Math.min(least, market.confidence[other] as number);
  }
  return least;
}
