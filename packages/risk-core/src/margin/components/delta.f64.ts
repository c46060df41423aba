import type { Column } from "../../scenario/columns.js";
import type { ScannedBook } from "../../scenario/scanned-book.js";
import type { ScannedFigure } from "./scanned-figure.js";

/** The net delta of a unit without sign, at spot or in units of the underlying; rates belong to the expression. */
export interface NetDeltaRule {
  readonly kind: "net-delta";
  readonly at: "spot" | "units";
}

/** A share of each unit's net delta at spot; a unit without a rate pays nothing. */
export interface WeightedDeltaRule {
  readonly kind: "weighted-delta";
  readonly rates: Readonly<Record<string, number>>;
}

/** Net |delta|, ≥ 0. @method ADDON-8 */
export function netDelta({ at }: NetDeltaRule, book: ScannedBook, units: readonly number[]): ScannedFigure {
  return overUnits(book, units, (unit) => (at === "units" ? 1 : spotOf(book, unit)));
}

/** Net |delta| at spot times the rate of its unit, ≥ 0. @method ADDON-8 */
export function weightedDelta(
  { rates }: WeightedDeltaRule,
  book: ScannedBook,
  units: readonly number[],
): ScannedFigure {
  return overUnits(book, units, (unit) => (rates[book.market.units[unit] ?? ""] ?? 0) * spotOf(book, unit));
}

/** Spot in the numeraire. */
function spotOf({ market }: ScannedBook, unit: number): number {
  return (market.spot[unit] as number) * market.quoteInNumeraire;
}

/** The net delta of a unit, signed, in units of the underlying, and what each column adds to it. */
export function netDeltas(
  { market, quantities }: ScannedBook,
  unit: number,
): { readonly sum: number; readonly byColumn: ReadonlyMap<string, number> } {
  let sum = 0;
  const byColumn = new Map<string, number>();
  for (const [at, { unit: of, key }] of market.columns.entries()) {
    const own = (quantities[at] as number) * (market.delta[at] as number);
    if (of !== unit || own === 0) continue;
    sum += own;
    byColumn.set(key, own);
  }
  return { sum, byColumn };
}

function overUnits(book: ScannedBook, units: readonly number[], priceOf: (unit: number) => number): ScannedFigure {
  let value = 0;
  const parts = new Map<string, number>();
  for (const unit of units) {
    const { sum, byColumn } = netDeltas(book, unit);
    const price = priceOf(unit);
    value += Math.abs(sum) * price;
    for (const [key, own] of byColumn) parts.set(key, own * Math.sign(sum) * price);
  }
  return { value, parts: () => parts };
}

/**
 * A large one-sided delta cannot be closed at the mark. Everything in units of the underlying but `threshold`, which is
 * in the quote.
 */
export interface DeltaShockRule {
  readonly kind: "delta-shock";
  readonly threshold: number;
  readonly perUnit: number;
  readonly shareMax: number;
}

/**
 * |Δ*| × min(perUnit × max(|Δ*| − threshold, 0), shareMax) at spot, ≥ 0, where Δ* is the delta of futures and short options
 * and long options may only reduce it.
 *
 * @method ADDON-9
 */
export function deltaShock(rule: DeltaShockRule, book: ScannedBook, units: readonly number[]): ScannedFigure {
  const { market, quantities } = book;
  let sum = 0;
  for (const unit of units) {
    let longOptions = 0;
    let others = 0;
    for (const [at, column] of (market.columns as readonly Column[]).entries()) {
      if (column.unit !== unit) continue;
      const own = (quantities[at] as number) * (market.delta[at] as number);
      if (column.expiry !== null && (quantities[at] as number) > 0) longOptions += own;
      else others += own;
    }
    const spot = market.spot[unit] as number;
    const net = longOptions + others;
    const delta = others < 0 ? Math.min(Math.max(net, others), 0) : Math.max(Math.min(net, others), 0);
    const excess = Math.max(0, Math.abs(delta) - rule.threshold / spot);
    sum += Math.abs(delta) * Math.min(rule.perUnit * excess, rule.shareMax) * spot * market.quoteInNumeraire;
  }
  return { value: sum, parts: null };
}
