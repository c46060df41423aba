import type { Column } from "../../scenario/columns.js";
import type { ScannedBook } from "../../scenario/scanned-book.js";
import { partsByColumn } from "./contributions.f64.js";
import type { ScannedFigure } from "./scanned-figure.js";

/** Size without sign, of these kinds of contract, at one of three prices; rates belong to the expression. */
export interface NotionalRule {
  readonly kind: "notional";
  readonly of: readonly ContractKind[];
  readonly side: "both" | "long" | "short";
  /** `mark` is the contract's own price (a forward for options), `spot` the underlying's, `units` counts without price. */
  readonly at: "mark" | "spot" | "units";
}

export type ContractKind = "spot" | "perpetual" | "future" | "option" | "collateral";

/**
 * The notional of the chosen contracts, ≥ 0, in the numeraire (or in units).
 *
 * @method ADDON-2
 */
export function notional(rule: NotionalRule, book: ScannedBook, units: readonly number[]): ScannedFigure {
  const ofColumn = (at: number): number => {
    const column = book.market.columns[at] as Column;
    if (!units.includes(column.unit) || !rule.of.includes(kindOf(column))) return 0;
    const quantity = book.quantities[at] as number;
    if ((rule.side === "long" && quantity < 0) || (rule.side === "short" && quantity > 0)) return 0;
    return Math.abs(quantity) * priceOf(column, rule.at, book);
  };
  let sum = 0;
  for (const { unit, first, end, expiry } of book.market.groups) {
    if (!units.includes(unit) || (expiry !== null && !rule.of.includes("option"))) continue;
    for (let at = first; at < end; at += 1) sum += ofColumn(at);
  }
  return { value: sum, parts: () => partsByColumn(book, ofColumn) };
}

/** What a column is to the add-ons. */
export function kindOf({ contract, terms }: Column): ContractKind {
  return contract === null ? "collateral" : terms.kind;
}

/** The price of one unit of a column; one dollar of an inverse contract is a dollar. */
export function priceOf({ terms, unit }: Column, at: NotionalRule["at"], { market }: ScannedBook): number {
  if (at === "units") return terms.inverse && terms.kind !== "option" ? 1 / terms.mark : 1;
  const dollars =
    terms.inverse && terms.kind !== "option" ? 1 : at === "mark" ? terms.mark : (market.spot[unit] as number);
  return dollars * market.quoteInNumeraire;
}
