import type { MarginTier } from "@ballast/model";
import { Decimal, type Usd, ZERO_USD } from "@ballast/money";

/** What one instrument's notional requires, not rounded. */
export interface TieredRequirement {
  readonly initial: Usd;
  readonly maintenance: Usd;
}

/**
 * Initial and maintenance margin of `notional` dollars (≥ 0) in one instrument, by marginal tiers: each rate applies
 * only to the part of the notional inside its tier, as with income tax. Continuous and convex; not rounded.
 *
 * @method MARGIN-2
 */
export function tieredRequirement(notional: Usd, tiers: readonly MarginTier[]): TieredRequirement {
  let initial: Decimal = ZERO_USD;
  let maintenance: Decimal = ZERO_USD;
  for (const [at, tier] of tiers.entries()) {
    if (notional.lte(tier.from)) break;
    const end = tiers[at + 1]?.from;
    const part = (end === undefined ? notional : Decimal.min(notional, end)).sub(tier.from);
    initial = initial.add(part.mul(tier.initialRate));
    maintenance = maintenance.add(part.mul(tier.maintenanceRate));
  }
  return { initial: initial as Usd, maintenance: maintenance as Usd };
}
