import { assertInvariant, type PositionMargin, type RiskParameters } from "@ballast/model";
import { add, roundAsset, roundRequirement, type Usd, ZERO_USD } from "@ballast/money";
import type { MarkedPosition } from "../position/marked-position.js";
import { tieredRequirement } from "./tiers.js";

/** What all positions together require; the two totals are exact until the summary rounds them. */
export interface MarginRequirement {
  readonly positions: readonly PositionMargin[];
  readonly initial: Usd;
  readonly maintenance: Usd;
}

/**
 * Standard cross margin: the sum over instruments of each one's tiered requirement. A long and a short in different
 * instruments do not offset each other here.
 *
 * The lines are rounded up one by one for the breakdown, the totals once, so the lines may add up to more than the
 * total by less than 1e-8 each.
 *
 * @throws InvariantViolation when an instrument has no tiers.
 * @method MARGIN-2 MARGIN-3
 */
export function standardMargin(positions: readonly MarkedPosition[], parameters: RiskParameters): MarginRequirement {
  let initial: Usd = ZERO_USD;
  let maintenance: Usd = ZERO_USD;
  const lines = positions.map((marked): PositionMargin => {
    const tiers = parameters.marginTiers.get(marked.instrument.id);
    assertInvariant(tiers !== undefined, "MARGIN-2 every instrument has margin tiers", {
      instrument: marked.instrument.id,
      version: parameters.version,
    });
    const requirement = tieredRequirement(marked.notional, tiers);
    initial = add(initial, requirement.initial);
    maintenance = add(maintenance, requirement.maintenance);
    return {
      instrument: marked.instrument.id,
      notional: roundRequirement(marked.notional),
      unrealisedProfit: roundAsset(marked.unrealisedProfitUsd),
      initialMargin: roundRequirement(requirement.initial),
      maintenanceMargin: roundRequirement(requirement.maintenance),
    };
  });
  return { positions: lines, initial, maintenance };
}
