import { Decimal } from "@ballast/money";
import type { Portfolio } from "../../portfolio/portfolio.js";

/** How far the quote has fallen below its peg, as a factor: max(0, threshold − price) × slope. */
export interface PegShortfallRule {
  readonly kind: "peg-shortfall";
  readonly threshold: string;
  readonly slope: string;
}

/** A factor ≥ 0, no amount: expressions multiply a size or a loss by it. @method ADDON-6 */
export function pegShortfall({ threshold, slope }: PegShortfallRule, { quotePrice }: Portfolio): Decimal {
  return Decimal.max(0, new Decimal(threshold).sub(quotePrice)).mul(slope);
}
