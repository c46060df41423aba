import { type AccountId, assertInvariant } from "@ballast/model";
import { type Amount, amount, Decimal, LEDGER_SCALE, type Usd } from "@ballast/money";
import { apportion } from "./apportion.js";

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
  const shares = apportion(
    toUnits(loss, scale),
    holders.map(({ account, weight }) => ({ id: account, weight: toUnits(weight, LEDGER_SCALE) })),
  );
  return [...shares]
    .filter(([, units]) => units > 0n)
    .map(([account, units]) => ({
      account: account as AccountId,
      amount: amount(new Decimal(units.toString()).div(`1e${scale}`)),
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
