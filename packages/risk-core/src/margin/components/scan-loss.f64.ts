import type { Scenario } from "../../scenario/scenario.js";
import type { ScannedBook } from "../../scenario/scanned-book.js";
import { contributionsInScenario } from "./contributions.f64.js";
import type { ScannedFigure } from "./scanned-figure.js";

/** The scenarios of these families: of one unit by itself, or the same scenario for all units together. */
export interface ScanLossRule {
  readonly kind: "scan-loss";
  readonly families: readonly string[];
  /**
   * Where several units are scanned together, how much of a unit's gain may set off another's loss: this share, and no
   * more than the cap in the quote. Null: all of it. A loss always counts in full.
   */
  readonly gains: Readonly<Record<string, { readonly share: number; readonly cap: number }>> | null;
}

/**
 * The largest loss of a unit over the scenarios of the families, ≥ 0; the first scenario on a tie.
 *
 * @param units the units scanned together: one, or all of them for a joint scan
 * @method SCENARIO-9
 */
export function scanLoss(
  { families, gains }: ScanLossRule,
  book: ScannedBook,
  units: readonly number[],
): ScannedFigure {
  const { scenarios } = book.market.rule;
  let worst = 0;
  let binding = -1;
  for (let s = 0; s < scenarios.length; s += 1) {
    if (!families.includes((scenarios[s] as Scenario).family)) continue;
    let profit = 0;
    for (const unit of units) profit += counted(gains, book, unit, book.cells[unit * scenarios.length + s] as number);
    if (binding < 0 || profit < worst) [worst, binding] = [profit, s];
  }
  if (binding < 0 || worst >= 0) return { value: 0, parts: null };
  return { value: -worst, parts: () => contributionsInScenario(book, units, binding) };
}

/** What a unit's result in one scenario counts for beside the others. @method SCENARIO-11 */
export function counted(gains: ScanLossRule["gains"], { market }: ScannedBook, unit: number, profit: number): number {
  const rule = profit > 0 ? gains?.[market.units[unit] ?? ""] : undefined;
  return rule === undefined ? profit : Math.min(profit * rule.share, rule.cap * market.quoteInNumeraire);
}
