import { Decimal } from "@ballast/money";
import { type Result, ok, reject } from "@ballast/model";
import { forEachPart } from "../tiers/marginal-parts.js";

/*
 * Tables of rates by size, as venues publish them. A table says "so much of everything, less a fixed deduction", where
 * the deduction is chosen such that nothing jumps between two tiers: amount × rate − deduction is the same number as the
 * marginal sum over the parts of the amount. Both forms are here, because venues print the first and the second is the
 * one that is obviously right; a property holds them together.
 *
 * Some venues print tables with holes or without deductions. Those are tables too: a deduction of zero throughout makes
 * the charge jump at each boundary, and whoever looks for a price at which it is reached must expect that.
 */

/** One row: this rate for amounts from here up to the next row's `from`. */
export interface RateTier {
  readonly from: Decimal;
  readonly rate: Decimal;
}

/** A row with its deduction: an amount in this tier is charged amount × rate − deduction. */
export interface DeductionTier extends RateTier {
  readonly deduction: Decimal;
}

/** A row that also caps leverage: what a collateral can carry depends on the tier that its position would be in. */
export interface LeverageTier {
  readonly from: Decimal;
  /** Largest position of the tier. */
  readonly cap: Decimal;
  readonly leverageMax: Decimal;
}

/** Which tier an amount belongs to that is exactly where one begins. Venues differ, so each preset says it. */
export type Boundary = "tier-that-begins" | "tier-that-ends";

/**
 * The same rows with the deductions that make the charge continuous: zero for the first, then
 * deduction(n) = deduction(n−1) + from(n) × (rate(n) − rate(n−1)). Exact.
 *
 * @method TIERS-2
 */
export function withDeductions<Tier extends RateTier>(tiers: readonly Tier[]): readonly (Tier & DeductionTier)[] {
  let deduction = new Decimal(0);
  return tiers.map((tier, at) => {
    const before = tiers[at - 1];
    if (before !== undefined) deduction = deduction.add(tier.from.mul(tier.rate.sub(before.rate)));
    return { ...tier, deduction };
  });
}

/**
 * Index of the tier that `amount` is in. Below the first `from` that is the first tier; in a hole between two tiers, the
 * lower one.
 *
 * @method TIERS-3
 */
export function tierIndex(amount: Decimal, tiers: readonly { readonly from: Decimal }[], boundary: Boundary): number {
  const reached = tiers.findLastIndex(({ from }) =>
    boundary === "tier-that-begins" ? from.lte(amount) : from.lt(amount),
  );
  return Math.max(reached, 0);
}

/**
 * amount × rate − deduction of the tier that the amount is in. Not rounded.
 *
 * @method TIERS-2
 */
export function chargeOf(amount: Decimal, { rate, deduction }: Pick<DeductionTier, "rate" | "deduction">): Decimal {
  return amount.mul(rate).sub(deduction);
}

/**
 * Sum of each part of `amount` (≥ 0) at the rate of its own tier. Not rounded.
 *
 * @method TIERS-1
 */
export function marginalCharge(amount: Decimal, tiers: readonly RateTier[]): Decimal {
  let charge = new Decimal(0);
  forEachPart(amount, tiers, (part, { rate }) => {
    charge = charge.add(part.mul(rate));
  });
  return charge;
}

/** A collateral that no position of the table can be opened with: the largest tier is smaller than it. */
export interface AboveLastTier {
  readonly code: "COLLATERAL_ABOVE_LAST_TIER";
  readonly collateral: Decimal;
  readonly cap: Decimal;
}

/**
 * The highest leverage at which `collateral` (≥ 0) can open a position: in the first tier whose successor would need more
 * than this collateral at its own highest leverage, the smaller of that tier's leverage and cap ÷ collateral. Without
 * collateral the first tier's leverage; in the last tier its own.
 *
 * @method TIERS-4
 */
export function leverageMaxFor(collateral: Decimal, tiers: readonly LeverageTier[]): Result<Decimal, AboveLastTier> {
  const at = tiers.findIndex((_, index) => {
    const next = tiers[index + 1];
    return next === undefined || next.from.div(next.leverageMax).gt(collateral);
  });
  const tier = tiers[at] as LeverageTier;
  if (collateral.isZero()) return ok((tiers[0] as LeverageTier).leverageMax);
  if (at < tiers.length - 1) return ok(Decimal.min(tier.cap.div(collateral), tier.leverageMax));
  if (collateral.gt(tier.cap)) return reject({ code: "COLLATERAL_ABOVE_LAST_TIER", collateral, cap: tier.cap });
  return ok(tier.leverageMax);
}
