import type { ScannedBook } from "../../scenario/scanned-book.js";
import type { ScannedFigure } from "./scanned-figure.js";

/** Each expiry's forward moves alone, up or down, by the scan rule's forward shocks. */
export interface ForwardContingencyRule {
  readonly kind: "forward-contingency";
  readonly add: number;
  readonly perYear: number;
}

/**
 * The loss of each expiry from its own forward alone, the worse of up and down, times (add + perYear × years); ≥ 0.
 *
 * @method ADDON-1
 */
export function forwardContingency(
  rule: ForwardContingencyRule,
  book: ScannedBook,
  units: readonly number[],
): ScannedFigure {
  const { market, quantities } = book;
  let sum = 0;
  const losing: { first: number; end: number; moved: Float64Array; weight: number }[] = [];
  for (const { unit, first, end, expiry, yearsToExpiry } of market.groups) {
    if (expiry === null || !units.includes(unit)) continue;
    let up = 0;
    let down = 0;
    for (let column = first; column < end; column += 1) {
      const quantity = quantities[column] as number;
      up += quantity * ((market.forwardUp[column] as number) - (market.base[column] as number));
      down += quantity * ((market.forwardDown[column] as number) - (market.base[column] as number));
    }
    const weight = rule.add + rule.perYear * yearsToExpiry;
    if (Math.min(up, down) >= 0) continue;
    sum -= Math.min(up, down) * weight;
    losing.push({ first, end, moved: up < down ? market.forwardUp : market.forwardDown, weight });
  }
  const parts = () => {
    const shares = new Map<string, number>();
    for (const { first, end, moved, weight: of } of losing) {
      for (let column = first; column < end; column += 1) {
        const loss = (market.base[column] as number) - (moved[column] as number);
        shares.set(market.columns[column]?.key ?? "", (quantities[column] as number) * loss * of);
      }
    }
    return shares;
  };
  return { value: sum, parts };
}
