import { assertInvariant, compareIds } from "@ballast/model";

/** Somebody with a claim to, or a burden of, a part of a whole. */
export interface Weighted {
  /** Unique among those who share. */
  readonly id: string;
  /** ≥ 0. */
  readonly weight: bigint;
}

/**
 * Splits `total` whole units in proportion to weights, exactly: everybody gets the units of proportion rounded down, and those
 * left over go one each to the largest remainders, ties to the lower id. Shares add up to `total`; nobody without weight gets
 * any; nobody gets more than its weight while `total` is at most their sum. Whatever the order of the rows.
 *
 * @returns shares by id, in ascending order of id; those of zero included
 * @throws InvariantViolation when `total` is below zero, or above zero with nobody to take it.
 */
export function apportion(total: bigint, shared: readonly Weighted[]): ReadonlyMap<string, bigint> {
  const rows = [...shared].sort((left, right) => compareIds(left.id, right.id));
  const sum = rows.reduce((weights, { weight }) => weights + weight, 0n);
  assertInvariant(
    total >= 0n && (total === 0n || sum > 0n),
    "LIQUIDATION-10 somebody can pay what is shared out",
    () => ({
      total: String(total),
    }),
  );
  if (total === 0n) return new Map(rows.map(({ id }) => [id, 0n]));
  const parts = rows.map(({ id, weight }) => ({
    id,
    units: (total * weight) / sum,
    remainder: (total * weight) % sum,
  }));
  let over = total - parts.reduce((units, part) => units + part.units, 0n);
  const shares = new Map(parts.map(({ id, units }) => [id, units]));
  // The sort is stable: among equal remainders the ascending order of ids stays.
  for (const { id, units } of [...parts].sort((left, right) =>
    left.remainder < right.remainder ? 1 : left.remainder > right.remainder ? -1 : 0,
  )) {
    if (over === 0n) break;
    shares.set(id, units + 1n);
    over -= 1n;
  }
  return shares;
}
