import type { MarginTier } from "@ballast/model";
import { type Decimal, type Usd, ZERO_USD } from "@ballast/money";
import { forEachPart } from "../tiers/marginal-parts.js";

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
  forEachPart(notional, tiers, (part, tier) => {
    initial = initial.add(part.mul(tier.initialRate));
    maintenance = maintenance.add(part.mul(tier.maintenanceRate));
  });
  return { initial: initial as Usd, maintenance: maintenance as Usd };
}
