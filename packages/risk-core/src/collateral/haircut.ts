import type { HaircutTier } from "@ballast/model";
import { type Decimal, type Usd, ZERO_USD } from "@ballast/money";
import { forEachPart } from "../tiers/marginal-parts.js";

/**
 * What `value` dollars of an asset count for after its marginal haircuts: each tier takes its share only from the part
 * of the value above its `from`, so the result has no step anywhere. Not rounded.
 *
 * A value of zero or less comes back as it is: a debt is never haircut. Without tiers nothing counts.
 *
 * @method COLLATERAL-4 COLLATERAL-5
 */
export function haircutValue(value: Usd, tiers: readonly HaircutTier[] | undefined): Usd {
  if (value.lte(0)) return value;
  let counted: Decimal = ZERO_USD;
  forEachPart(value, tiers ?? [], (part, tier) => {
    counted = counted.add(part.sub(part.mul(tier.haircut)));
  });
  return counted as Usd;
}
