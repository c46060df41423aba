import type { ScannedBook } from "../../scenario/scanned-book.js";
import { scanLoss } from "./scan-loss.f64.js";
import type { ScannedFigure } from "./scanned-figure.js";

/*
 * Spreads of a clearing house: what a scan forgives because legs offset is charged again for expiries that do not move as
 * one, and forgiven again between commodities that do.
 */

/** Long delta of one expiry against short delta of another pays a share of spot. */
export interface CalendarSpreadRule {
  readonly kind: "calendar-spread";
  readonly share: number;
}

/** Matched delta between expiries of each unit, in units of the underlying, at spot times the share; ≥ 0. @method ADDON-13 */
export function calendarSpread(
  { share }: CalendarSpreadRule,
  book: ScannedBook,
  units: readonly number[],
): ScannedFigure {
  const { market, quantities } = book;
  let sum = 0;
  for (const unit of units) {
    const byExpiry = new Map<number, number>();
    for (const [at, column] of market.columns.entries()) {
      if (column.unit !== unit) continue;
      const years = column.terms.yearsToExpiry;
      byExpiry.set(years, (byExpiry.get(years) ?? 0) + (quantities[at] as number) * (market.delta[at] as number));
    }
    const deltas = [...byExpiry.values()];
    const long = deltas.reduce((total, delta) => total + Math.max(0, delta), 0);
    const short = deltas.reduce((total, delta) => total + Math.max(0, -delta), 0);
    sum += Math.min(long, short) * share * (market.spot[unit] as number) * market.quoteInNumeraire;
  }
  return { value: sum, parts: null };
}

/** Pairs in order of priority: so many deltas of one against so many of the other, and the share of their risk forgiven. */
export interface InterCommodityRule {
  readonly kind: "inter-commodity";
  readonly families: readonly string[];
  readonly pairs: readonly {
    readonly legs: readonly [string, string];
    readonly ratio: readonly [number, number];
    readonly share: number;
  }[];
}

/**
 * The credit for units that offset each other, ≥ 0: for every pair, in order, spreads are formed from deltas of opposite
 * sign that no earlier pair has used, and a share of the risk of those deltas (scan loss per delta) is forgiven.
 *
 * @method ADDON-14
 */
export function interCommodity(rule: InterCommodityRule, book: ScannedBook, units: readonly number[]): ScannedFigure {
  const { market, quantities } = book;
  const left = new Map<string, { delta: number; risk: number }>();
  for (const unit of units) {
    let delta = 0;
    for (const [at, column] of market.columns.entries()) {
      if (column.unit === unit) delta += (quantities[at] as number) * (market.delta[at] as number);
    }
    const scan = scanLoss({ kind: "scan-loss", families: rule.families, gains: null }, book, [unit]).value;
    left.set(market.units[unit] ?? "", { delta, risk: delta === 0 ? 0 : scan / Math.abs(delta) });
  }
  let credit = 0;
  for (const { legs, ratio, share } of rule.pairs) {
    const [one, other] = [left.get(legs[0]), left.get(legs[1])];
    if (one === undefined || other === undefined || one.delta * other.delta >= 0) continue;
    const spreads = Math.min(Math.abs(one.delta) / ratio[0], Math.abs(other.delta) / ratio[1]);
    credit += spreads * (ratio[0] * one.risk + ratio[1] * other.risk) * share;
    one.delta -= Math.sign(one.delta) * spreads * ratio[0];
    other.delta -= Math.sign(other.delta) * spreads * ratio[1];
  }
  return { value: credit, parts: null };
}
