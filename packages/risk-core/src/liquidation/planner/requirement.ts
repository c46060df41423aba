import {
  add,
  Decimal,
  magnitude,
  max,
  type Quantity,
  roundAsset,
  roundRequirement,
  scale,
  type Usd,
  ZERO_QUANTITY,
  ZERO_USD,
} from "@ballast/money";
import { type PlannerAccount, spotOf } from "./account.js";
import { type PreparedAccount, prepareAccount } from "./prepared-account.js";
import { cellsNearWorst, lossesOf, type ScannedLosses } from "./scanned-losses.f64.js";

/*
 * The requirement in decimals: what decides whether a plan is accepted. The programme works with floats and tolerances; this
 * does not. The scan in float64 says which cells can be the worst at all; those, and only those, are summed in decimals.
 */

/** The worst cell of one underlying. */
export interface WorstCell {
  readonly underlying: string;
  /** At least zero. */
  readonly loss: Usd;
  /** Null where no cell loses anything. */
  readonly cell: number | null;
}

/** Equity and requirement of an account, part by part. Requirements rounded up, equity down, to 8 digits. */
export interface PlannerRequirement {
  readonly equity: Usd;
  /** core + shortOption + basis. */
  readonly maintenance: Usd;
  /** max(joint, offset × sumWorst); with one underlying its worst cell. */
  readonly core: Usd;
  /** The worst joint cell, at least zero. */
  readonly joint: Usd;
  readonly jointCell: number | null;
  readonly sumWorst: Usd;
  readonly worsts: readonly WorstCell[];
  readonly shortOption: Usd;
  readonly basis: Usd;
}

/** Signed units by column and what trading them has cost. */
export interface Holdings {
  readonly units: readonly Quantity[];
  readonly cost: Usd;
}

/** A requirement with the scan that it was judged by. */
export interface JudgedRequirement {
  readonly requirement: PlannerRequirement;
  readonly holdings: Holdings;
  readonly scanned: ScannedLosses;
}

/** The account as it is: hedges are offers and not held. */
export function holdingsOf({ columns }: PreparedAccount): Holdings {
  return { units: columns.map(({ held }) => held), cost: ZERO_USD };
}

/**
 * Equity and requirement of an account as it stands; hedges are offers and count for nothing.
 *
 * @throws UnplannableAccount when the account contradicts itself.
 * @method LIQUIDATION-14
 */
export function plannerRequirement(account: PlannerAccount): PlannerRequirement {
  const prepared = prepareAccount(account);
  return judge(prepared, holdingsOf(prepared), new Float64Array(prepared.columns.length)).requirement;
}

/** What closing every position whole would cost: spread, fee and impact, rounded up to 8 digits each. */
export function closeAllCost({ positions }: PlannerAccount): Usd {
  return positions.reduce<Usd>(
    (sum, position) => add(sum, tradingCost(position, magnitude(position.quantity))),
    ZERO_USD,
  );
}

/** `halfSpread`·x + `impact`·x², rounded up to 8 digits. */
export function tradingCost(
  { halfSpread, impact }: { readonly halfSpread: Usd; readonly impact: Usd },
  units: Quantity,
): Usd {
  if (units.isZero()) return ZERO_USD;
  return roundRequirement(units.mul(halfSpread.add(impact.mul(units))) as unknown as Usd);
}

/**
 * Equity and requirement with these holdings, `traded` units (unsigned, by column) away from the account as it is.
 *
 * Trades happen at the mark and their cost stands apart, so equity changes by the cost and by nothing else.
 *
 * @method LIQUIDATION-14
 */
export function judge(prepared: PreparedAccount, holdings: Holdings, traded: Float64Array): JudgedRequirement {
  const { account, underlyings, programme, doubt } = prepared;
  const scanned = lossesOf(programme, traded);
  const worsts = underlyings.map((underlying, at) => {
    const cells = cellsNearWorst(scanned.underlyings[at] ?? scanned.joint, doubt);
    return { underlying, ...worstOf(cells, (cell) => exactLoss(prepared, holdings, at, cell)) };
  });
  const joint = worstOf(cellsNearWorst(scanned.joint, doubt), (cell) => exactLoss(prepared, holdings, null, cell));
  const sumWorst = worsts.reduce<Usd>((sum, { loss }) => add(sum, loss), ZERO_USD);
  const core = underlyings.length === 1 ? sumWorst : max(joint.loss, scale(sumWorst, account.rules.offset));
  const parts = {
    core: roundRequirement(core),
    shortOption: roundRequirement(shortOptionCharge(prepared, holdings)),
    basis: roundRequirement(basisCharge(prepared, holdings)),
  };
  const requirement = {
    ...parts,
    equity: equityOf(prepared, holdings.cost),
    maintenance: add(add(parts.core, parts.shortOption), parts.basis),
    joint: roundRequirement(joint.loss),
    jointCell: joint.cell,
    sumWorst: roundRequirement(sumWorst),
    worsts,
  };
  return { requirement, holdings, scanned };
}

/** Loss in one cell in decimals, of one underlying or (null) of all together. */
export function exactLoss(
  { columns, unitLoss }: PreparedAccount,
  { units }: Holdings,
  underlying: number | null,
  cell: number,
): Usd {
  return columns.reduce<Usd>((sum, column, at) => {
    const held = units[at] ?? ZERO_QUANTITY;
    if (held.isZero() || (underlying !== null && column.underlying !== underlying)) return sum;
    return add(sum, unitLoss(at, cell).mul(held.abs()) as Usd);
  }, ZERO_USD);
}

/** The largest loss above zero among these cells. */
function worstOf(cells: readonly number[], lossIn: (cell: number) => Usd): { loss: Usd; cell: number | null } {
  let found: { loss: Usd; cell: number | null } = { loss: ZERO_USD, cell: null };
  for (const cell of cells) {
    const loss = lossIn(cell);
    if (loss.gt(found.loss)) found = { loss, cell };
  }
  return found;
}

/** Cash and marks of the account as it was, less what trading has cost. */
function equityOf({ account }: PreparedAccount, cost: Usd): Usd {
  const marked = account.positions.reduce<Decimal>(
    (sum, { quantity, mark }) => (mark === null ? sum : sum.add(quantity.mul(mark))),
    account.cash,
  );
  return roundAsset(marked.sub(cost) as Usd);
}

/** Every short option, at a share of spot. */
function shortOptionCharge({ account, columns }: PreparedAccount, { units }: Holdings): Usd {
  const byUnderlying = new Map<string, Decimal>();
  for (const [at, { isShortOption, tradable }] of columns.entries()) {
    if (!isShortOption) continue;
    const before = byUnderlying.get(tradable.underlying) ?? new Decimal(0);
    byUnderlying.set(tradable.underlying, before.add((units[at] ?? ZERO_QUANTITY).abs()));
  }
  return [...byUnderlying].reduce<Decimal>(
    (sum, [underlying, short]) => sum.add(short.mul(spotOf(account, underlying)).mul(account.rules.shortOptionRate)),
    new Decimal(0),
  ) as Usd;
}

/** |net delta| of each (underlying, expiry) × spot × (floor + yearly × years). */
function basisCharge({ columns, buckets }: PreparedAccount, { units }: Holdings): Usd {
  const deltas = buckets.map(() => new Decimal(0));
  for (const [at, { bucket, delta }] of columns.entries()) {
    const held = units[at];
    if (held === undefined || held.isZero()) continue;
    deltas[bucket] = (deltas[bucket] ?? new Decimal(0)).add(delta.mul(held));
  }
  return buckets.reduce<Decimal>(
    (sum, { chargeRate }, at) => sum.add(chargeRate.mul((deltas[at] ?? new Decimal(0)).abs())),
    new Decimal(0),
  ) as Usd;
}
