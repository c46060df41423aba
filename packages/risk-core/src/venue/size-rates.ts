import { Decimal } from "@ballast/money";

/*
 * Rates that grow with the whole size, the other family beside marginal tiers: here the rate of the last unit is paid by
 * all units, so a large position pays more than proportionally.
 */

/** Deribit's standard margin: rate = base + increment × size. */
export interface LinearRate {
  readonly base: Decimal;
  /** Added to the rate for each unit of the underlying. */
  readonly increment: Decimal;
}

/**
 * Rate for a size in units of the underlying, and the margin that follows at an index price; not rounded.
 *
 * @method TIERS-10
 */
export function linearRateMargin({ base, increment }: LinearRate, size: Decimal, indexPrice: Decimal) {
  const rate = base.add(increment.mul(size.abs()));
  return { rate, margin: size.abs().mul(rate).mul(indexPrice) };
}

/** BitMEX's risk limits: from the base limit on, both rates rise by one step for every `step` of position begun. */
export interface SteppedRate {
  readonly baseLimit: Decimal;
  readonly step: Decimal;
  readonly baseMaintenance: Decimal;
  readonly baseInitial: Decimal;
  readonly stepRate: Decimal;
}

/**
 * Rates for a position of this size. A position exactly at a limit is already in the next row, as the table says "below".
 *
 * @method TIERS-10
 */
export function steppedRates(rule: SteppedRate, position: Decimal) {
  const beyond = position.abs().sub(rule.baseLimit);
  const steps = beyond.lt(0) ? new Decimal(0) : beyond.div(rule.step).floor().add(1);
  const risen = steps.mul(rule.stepRate);
  return { maintenanceRate: rule.baseMaintenance.add(risen), initialRate: rule.baseInitial.add(risen) };
}
