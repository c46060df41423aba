import { assertInvariant, compareIds } from "@ballast/model";
import type { Price, Quantity, Ratio, Usd } from "@ballast/money";

/*
 * What the planner is told about an account. Money and quantities are decimals; what comes out of a scan (the profit of one
 * unit in each cell, its delta) is float64, as everywhere.
 */

/** Something that can be traded, per unit. */
interface Tradable {
  /** Stable and unique in the account: ids decide the order of every sum and every tie. */
  readonly id: string;
  readonly underlying: string;
  /** Trading x units costs `halfSpread`·x + `impact`·x² dollars; both ≥ 0. */
  readonly halfSpread: Usd;
  readonly impact: Usd;
  /** Delta of +1 unit. */
  readonly delta: number;
  /** Profit of +1 unit in each cell, in dollars; every tradable of the account has the same cells. */
  readonly profits: Float64Array;
  /** Trades are whole multiples of this; null: any quantity of 18 digits. */
  readonly lotSize: Quantity | null;
}

/** A position that a plan may make smaller. */
export interface PlannerPosition extends Tradable {
  readonly kind: "OPTION" | "LINEAR";
  /** Years to expiry, 0 for a perpetual. */
  readonly years: Ratio;
  /** Signed units, not zero. */
  readonly quantity: Quantity;
  /** Value of one unit that stands in equity: the mark of an option, 0 for a contract whose profit is in cash already. */
  readonly mark: Price | null;
  /** At most so many units in this step (a share of visible depth); null: the whole position. */
  readonly unitsMax: Quantity | null;
}

/** A hedge that a plan may open, in a perpetual. */
export interface HedgeOffer extends Tradable {
  /** 1 buys, −1 sells. */
  readonly direction: 1 | -1;
  /** Units at most, above zero. */
  readonly unitsMax: Quantity;
}

/** Clause numbers of the method stand beside each figure. */
export interface PlannerRules {
  /** Equity after the plan over maintenance margin after it, above 1. */
  readonly target: Ratio;
  /** Share of the sum of worst cells that no offset between underlyings goes below, 0…1. */
  readonly offset: Ratio;
  /** Charge for each short option, a share of spot. */
  readonly shortOptionRate: Ratio;
  /** Basis charge on net delta of one expiry: `basisFloor` + `basisYearly` × years, a share of spot. */
  readonly basisFloor: Ratio;
  readonly basisYearly: Ratio;
  /** Slippage and fees may take this share of equity at most, 0…1. */
  readonly costShareMax: Ratio;
  /** A cell may rise to this share of the worst cell, 0…1; 0: no losing cell may rise. */
  readonly guard: Ratio;
  /** Chords that stand for each cost parabola, 1…64. */
  readonly segments: number;
}

/** One account, with everything that a plan depends on. */
export interface PlannerAccount {
  /** Equity apart from the marks of the positions. */
  readonly cash: Usd;
  /** Spot of each underlying that a position or hedge names. */
  readonly spots: ReadonlyMap<string, Price>;
  readonly positions: readonly PlannerPosition[];
  readonly hedges: readonly HedgeOffer[];
  readonly rules: PlannerRules;
}

/** An account that no plan can be made for, because what was said about it contradicts itself. */
export class UnplannableAccount extends Error {
  override readonly name = "UnplannableAccount";
  readonly code = "PLANNER_ACCOUNT_INVALID";
  constructor(
    readonly path: string,
    readonly expected: string,
  ) {
    super(`${path}: expected ${expected}`);
  }
}

/**
 * The account with positions, hedges and underlyings in ascending order of id (code points). The order is decided before
 * anything is summed, so that permuted input gives the same bits.
 *
 * @throws UnplannableAccount
 * @method LIQUIDATION-16
 */
export function inCanonicalOrder(account: PlannerAccount): PlannerAccount {
  refuseNonsense(account);
  const byId = <Each extends { readonly id: string }>(list: readonly Each[]) =>
    [...list].sort((left, right) => compareIds(left.id, right.id));
  const used = new Set([...account.positions, ...account.hedges].map(({ underlying }) => underlying));
  return {
    ...account,
    spots: new Map(
      [...account.spots]
        .filter(([underlying]) => used.has(underlying))
        .sort(([left], [right]) => compareIds(left, right)),
    ),
    positions: byId(account.positions),
    hedges: byId(account.hedges),
  };
}

function refuseNonsense({ spots, positions, hedges, rules }: PlannerAccount): void {
  const { target, offset, costShareMax, guard, segments } = rules;
  if (!target.gt(1)) refuse("rules.target", "more than 1");
  for (const [name, share] of Object.entries({ offset, costShareMax, guard })) {
    if (!(share.gte(0) && share.lte(1))) refuse(`rules.${name}`, "a share from 0 to 1");
  }
  for (const name of ["shortOptionRate", "basisFloor", "basisYearly"] as const) {
    if (!rules[name].gte(0)) refuse(`rules.${name}`, "0 or more");
  }
  if (!(Number.isInteger(segments) && segments >= 1 && segments <= 64)) {
    refuse("rules.segments", "a whole number from 1 to 64");
  }
  const cells = (positions[0] ?? hedges[0])?.profits.length ?? 0;
  const ids = new Set<string>();
  for (const each of [...positions, ...hedges]) {
    const { id, profits } = each;
    if (ids.has(id)) refuse(id, "an id that no other position or hedge has");
    ids.add(id);
    if (spots.get(each.underlying)?.gt(0) !== true) refuse(`${id}.underlying`, "one with a spot above zero");
    if (!(each.halfSpread.gte(0) && each.impact.gte(0))) refuse(`${id}.halfSpread, impact`, "costs of 0 or more");
    if (!Number.isFinite(each.delta)) refuse(`${id}.delta`, "a finite number");
    if (profits.length !== cells || cells === 0 || !profits.every(Number.isFinite)) {
      refuse(`${id}.profits`, `${cells} finite numbers, as many as every other position has`);
    }
    if (each.lotSize !== null && !each.lotSize.gt(0)) refuse(`${id}.lotSize`, "a lot above zero, or null");
    if (each.unitsMax !== null && !each.unitsMax.gte(0)) refuse(`${id}.unitsMax`, "0 or more, or null");
  }
  for (const { id, quantity, years } of positions) {
    if (quantity.isZero()) refuse(`${id}.quantity`, "a quantity other than zero");
    if (!years.gte(0)) refuse(`${id}.years`, "0 or more");
  }
}

function refuse(path: string, expected: string): never {
  throw new UnplannableAccount(path, expected);
}

/** The spot of an underlying, which `inCanonicalOrder` has seen to be there. */
export function spotOf({ spots }: PlannerAccount, underlying: string): Price {
  const spot = spots.get(underlying);
  assertInvariant(spot !== undefined, "LIQUIDATION-16 every underlying has a spot", { underlying });
  return spot;
}
