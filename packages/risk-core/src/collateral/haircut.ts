import type { HaircutTier } from "@ballast/model";
import { Decimal, type Usd, ZERO_USD } from "@ballast/money";

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
  for (const [at, tier] of (tiers ?? []).entries()) {
    if (value.lte(tier.from)) break;
    const end = tiers?.[at + 1]?.from;
    const part = (end === undefined ? value : Decimal.min(value, end)).sub(tier.from);
    counted = counted.add(part.sub(part.mul(tier.haircut)));
  }
  return counted as Usd;
}
