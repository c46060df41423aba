import type { ScannedBook } from "../../scenario/scanned-book.js";
import type { ScannedFigure } from "./scanned-figure.js";

/** What is owed, asset by asset, without haircut; rates belong to the expression. */
export interface DebtRule {
  readonly kind: "debt";
}

/** The value of all negative balances, as a size ≥ 0. @method ADDON-10 */
export function debt(_rule: DebtRule, { balances }: ScannedBook): ScannedFigure {
  let sum = 0;
  for (const { value } of balances) sum += Math.max(0, -value);
  return {
    value: sum,
    parts: () => new Map(balances.map(({ asset, value }) => [`collateral:${asset}`, Math.max(0, -value)])),
  };
}
