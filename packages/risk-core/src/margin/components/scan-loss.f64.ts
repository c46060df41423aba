import type { ScannedBook } from "../../scenario/scanned-book.js";
import { contributionsInScenario } from "./contributions.f64.js";
import type { ScannedFigure } from "./scanned-figure.js";

/** The scenarios of these families; across units either each by its own worst, or the same scenario for all. */
export interface ScanLossRule {
  readonly kind: "scan-loss";
  readonly families: readonly string[];
}

/**
 * The largest loss of a unit over the scenarios of the families, ≥ 0; the first scenario on a tie.
 *
 * @param units the units scanned together: one, or all of them for a joint scan
 * @method SCENARIO-9
 */
export function scanLoss({ families }: ScanLossRule, book: ScannedBook, units: readonly number[]): ScannedFigure {
  const { scenarios } = book.market.rule;
  let worst = 0;
  let binding = -1;
  for (const [s, { family }] of scenarios.entries()) {
    if (!families.includes(family)) continue;
    let profit = 0;
    for (const unit of units) profit += book.cells[unit * scenarios.length + s] as number;
    if (binding < 0 || profit < worst) [worst, binding] = [profit, s];
  }
  if (binding < 0 || worst >= 0) return { value: 0, parts: null };
  return { value: -worst, parts: () => contributionsInScenario(book, units, binding) };
}
