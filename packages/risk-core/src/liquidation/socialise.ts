import { type AccountId, assertInvariant, compareIds } from "@ballast/model";
import { type Amount, amount, Decimal, LEDGER_SCALE, type Usd } from "@ballast/money";

/** One holder and what it is measured by, ≥ 0; at most 18 digits after the point. */
export interface WeightedHolder {
  readonly account: AccountId;
  readonly weight: Usd;
}

/** What one holder pays, above zero. */
export interface LossShare {
  readonly account: AccountId;
  readonly amount: Amount;
}

/**
 * Splits a loss over holders in proportion to their weights, exactly: every share is a whole number of units of
 * 10^-`scale`, the shares add up to the loss, and the units that proportion leaves over go one each to the largest
 * remainders, ties to the lower id. Independent of the order of the holders; a holder without weight pays nothing.
 *
 * In whole numbers throughout, because the products need more digits than our Decimal keeps.
 *
 * @throws InvariantViolation when the loss is below zero or has more than `scale` digits, or when nobody can pay it.
 * @method LIQUIDATION-10
 */
export function socialise(loss: Amount, holders: readonly WeightedHolder[], scale: number): readonly LossShare[] {
  const units = toUnits(loss, scale);
  const weights = [...holders]
    .sort((left, right) => compareIds(left.account, right.account))
    .map(({ account, weight }) => ({ account, weight: toUnits(weight, LEDGER_SCALE) }));
  const total = weights.reduce((sum, { weight }) => sum + weight, 0n);
  if (units === 0n) return [];
  assertInvariant(total > 0n, "LIQUIDATION-10 somebody can pay a socialised loss", { loss: loss.toFixed() });
  const shares = weights.map(({ account, weight }) => ({
    account,
    units: (units * weight) / total,
    remainder: (units * weight) % total,
  }));
  let over = units - shares.reduce((sum, share) => sum + share.units, 0n);
  const favoured = new Set<AccountId>();
  // The sort is stable: among equal remainders the ascending order of ids stays.
  for (const { account } of [...shares].sort((left, right) => order(right.remainder, left.remainder))) {
    if (over === 0n) break;
    favoured.add(account);
    over -= 1n;
  }
  return shares
    .map((share) => ({ account: share.account, units: share.units + (favoured.has(share.account) ? 1n : 0n) }))
    .filter((share) => share.units > 0n)
    .map((share) => ({
      account: share.account,
      amount: amount(new Decimal(share.units.toString()).div(`1e${scale}`)),
    }));
}

function toUnits(value: Decimal, scale: number): bigint {
  const units = value.mul(`1e${scale}`);
  assertInvariant(units.isInteger() && units.gte(0), "LIQUIDATION-10 whole units, none below zero", {
    value: value.toFixed(),
    scale,
  });
  return BigInt(units.toFixed(0));
}

function order(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
