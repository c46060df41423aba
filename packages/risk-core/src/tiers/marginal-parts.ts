import { Decimal } from "@ballast/money";

/**
 * Visits the tiers that `amount` (≥ 0) reaches, in order, each with the part of the amount that falls into it: from the
 * tier's `from` up to the next one's. Every marginal table is one sum over these parts, as with income tax, so it has no
 * step anywhere: margin, haircuts, multipliers of a minimum charge. A bound may be decimal text, as a model writes it.
 *
 * `tiers` ascend; an amount below the first `from` reaches none.
 *
 * @method TIERS-1
 */
export function forEachPart<Tier extends { readonly from: Decimal | string }>(
  amount: Decimal,
  tiers: readonly Tier[],
  visit: (part: Decimal, tier: Tier) => void,
): void {
  for (const [at, tier] of tiers.entries()) {
    if (amount.lte(tier.from)) break;
    const end = tiers[at + 1]?.from;
    visit((end === undefined ? amount : Decimal.min(amount, end)).sub(tier.from), tier);
  }
}
