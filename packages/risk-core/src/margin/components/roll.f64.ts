import type { Column } from "../../scenario/columns.js";
import type { ScannedBook } from "../../scenario/scanned-book.js";
import { partsByColumn } from "./contributions.f64.js";
import { type ContractKind, kindOf, priceOf } from "./notional.f64.js";
import type { ScannedFigure } from "./scanned-figure.js";

/** Prices of different expiries move apart: a share of size that grows with time to expiry, at least the floor. */
export interface RollRule {
  readonly kind: "roll";
  readonly of: readonly ContractKind[];
  readonly floor: number;
  readonly perYear: number;
  readonly at: "mark" | "spot" | "units";
}

/** Σ size × max(floor, perYear × years to expiry), ≥ 0. @method ADDON-7 */
export function roll(rule: RollRule, book: ScannedBook, units: readonly number[]): ScannedFigure {
  const ofColumn = (at: number): number => {
    const column = book.market.columns[at] as Column;
    if (!units.includes(column.unit) || !rule.of.includes(kindOf(column))) return 0;
    const share = Math.max(rule.floor, rule.perYear * column.terms.yearsToExpiry);
    return Math.abs(book.quantities[at] as number) * priceOf(column, rule.at, book) * share;
  };
  let sum = 0;
  for (let at = 0; at < book.quantities.length; at += 1) sum += ofColumn(at);
  return { value: sum, parts: () => partsByColumn(book, ofColumn) };
}
