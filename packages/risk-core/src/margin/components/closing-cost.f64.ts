import type { ScannedBook } from "../../scenario/scanned-book.js";
import { netDeltas } from "./delta.f64.js";
import type { ScannedFigure } from "./scanned-figure.js";

/**
 * What it costs to close the net delta of a unit in the stated depth: half the spread, and impact that grows with size.
 * The same model plans a liquidation, so that the margin pays for what the liquidation will cost.
 */
export interface ClosingCostRule {
  readonly kind: "closing-cost";
  readonly halfSpread: number;
  /** Relative move that the depth stands for: 0.01, since depth is the money that moves a price by one per cent. */
  readonly impactPerDepth: number;
  /** Share of the delta that is charged where nobody has measured the depth. */
  readonly withoutDepth: number;
}

/**
 * Σ N × (halfSpread + impactPerDepth × N ÷ (2 × depth)), N the net delta of a unit at spot without sign; ≥ 0. Quadratic in
 * size, so concentration pays by itself and there is no step.
 *
 * @method ADDON-11
 */
export function closingCost(rule: ClosingCostRule, book: ScannedBook, units: readonly number[]): ScannedFigure {
  const { market } = book;
  const costs = units.map((unit) => {
    const net = netDeltas(book, unit);
    const dollars = Math.abs(net.sum) * (market.spot[unit] as number);
    const depth = market.depth[unit] as number;
    const cost = dollars * closingShare(rule, dollars, depth) * market.quoteInNumeraire;
    return { net, cost };
  });
  const parts = new Map<string, number>();
  for (const { net, cost } of costs) {
    for (const [key, own] of net.byColumn) parts.set(key, net.sum === 0 ? 0 : (own / net.sum) * cost);
  }
  return { value: costs.reduce((sum, { cost }) => sum + cost, 0), parts: () => parts };
}

/** What trading so many dollars costs, as a share of them: half the spread, and the impact. A depth of NaN is unknown. */
export function closingShare(
  { halfSpread, impactPerDepth, withoutDepth }: ClosingCostRule,
  dollars: number,
  depth: number,
): number {
  return halfSpread + (Number.isNaN(depth) ? withoutDepth : (impactPerDepth * dollars) / (2 * depth));
}
