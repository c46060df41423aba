import { assertInvariant } from "@ballast/model";
import { Decimal, lossFromFloat64, type Quantity, ratio, toFloat64, type Usd } from "@ballast/money";
import { type HedgeOffer, inCanonicalOrder, type PlannerAccount, type PlannerPosition, spotOf } from "./account.js";
import { buildProgramme, type ColumnFigures, type Programme } from "./programme.f64.js";

/*
 * An account made ready once, for the programme and for the exact judgement: positions and hedges as columns in canonical
 * order, with what is asked of each of them again and again.
 */

/** One position or hedge. Units are signed as they are held; a hedge is not held yet. */
export interface Column {
  readonly tradable: PlannerPosition | HedgeOffer;
  readonly isHedge: boolean;
  readonly held: Quantity;
  /** Sign of a trade in it: against the position, or with the hedge. */
  readonly direction: 1 | -1;
  /** Most units that one plan may trade. */
  readonly unitsMax: Quantity;
  readonly underlying: number;
  readonly bucket: number;
  readonly delta: Decimal;
  readonly isShortOption: boolean;
}

/** One underlying and expiry, with the charge for one unit of net delta in it. */
export interface Bucket {
  readonly underlying: string;
  readonly years: Decimal;
  readonly chargeRate: Decimal;
}

export interface PreparedAccount {
  readonly account: PlannerAccount;
  readonly underlyings: readonly string[];
  readonly columns: readonly Column[];
  readonly buckets: readonly Bucket[];
  readonly cells: number;
  /** The programme without a reserve. */
  readonly programme: Programme;
  /** Dollars by which a sum of losses in float64 may differ from the one in decimals. */
  readonly doubt: number;
  /** Loss of one unit of the side that a column has, in one cell, in decimals; rounded up to 8 digits. */
  readonly unitLoss: (column: number, cell: number) => Usd;
}

/** How well float64 knows a sum of losses, as a share of what is summed; and the last digit of a loss in decimals. */
const SUM_PRECISION = 1e-12;
const LOSS_PRECISION = 1e-8;

/**
 * The account in canonical order with its columns.
 *
 * @throws UnplannableAccount when the account contradicts itself.
 */
export function prepareAccount(given: PlannerAccount): PreparedAccount {
  const account = inCanonicalOrder(given);
  const underlyings = [...account.spots.keys()];
  const buckets: Bucket[] = [];
  const bucketNumbers = new Map<string, number>();
  const bucketOf = (underlying: string, years: Decimal): number => {
    const key = `${underlying} ${years.toFixed()}`;
    const known = bucketNumbers.get(key);
    if (known !== undefined) return known;
    const { basisFloor, basisYearly } = account.rules;
    const chargeRate = spotOf(account, underlying).mul(basisFloor.add(basisYearly.mul(years)));
    bucketNumbers.set(key, buckets.length);
    return buckets.push({ underlying, years, chargeRate }) - 1;
  };
  const columns = [
    ...account.positions.map((position) => positionColumn(position, underlyings, bucketOf)),
    ...account.hedges.map((hedge) => hedgeColumn(hedge, underlyings, bucketOf)),
  ];
  const cells = columns[0]?.tradable.profits.length ?? 0;
  const programme = programmeOf(account, columns, buckets, cells);
  return {
    account,
    underlyings,
    columns,
    buckets,
    cells,
    programme,
    doubt: doubtOf(columns),
    unitLoss: unitLosses(columns, cells),
  };
}

type BucketOf = (underlying: string, years: Decimal) => number;

function positionColumn(position: PlannerPosition, underlyings: readonly string[], bucketOf: BucketOf): Column {
  const { quantity, unitsMax, underlying, years, delta, kind } = position;
  const whole = quantity.abs() as Quantity;
  return {
    tradable: position,
    isHedge: false,
    held: quantity,
    direction: quantity.gt(0) ? -1 : 1,
    unitsMax: unitsMax === null || unitsMax.gt(whole) ? whole : unitsMax,
    underlying: underlyings.indexOf(underlying),
    bucket: bucketOf(underlying, years),
    delta: new Decimal(delta),
    isShortOption: kind === "OPTION" && quantity.lt(0),
  };
}

const PERPETUAL = ratio("0");

function hedgeColumn(hedge: HedgeOffer, underlyings: readonly string[], bucketOf: BucketOf): Column {
  const { underlying, direction, unitsMax, delta } = hedge;
  return {
    tradable: hedge,
    isHedge: true,
    held: new Decimal(0) as unknown as Quantity,
    direction,
    unitsMax,
    underlying: underlyings.indexOf(underlying),
    bucket: bucketOf(underlying, PERPETUAL),
    delta: new Decimal(delta),
    isShortOption: false,
  };
}

function programmeOf(
  account: PlannerAccount,
  columns: readonly Column[],
  buckets: readonly Bucket[],
  cells: number,
): Programme {
  const { rules, cash } = account;
  const dollars = (value: Decimal) => toFloat64(value as Usd);
  return buildProgramme({
    cells,
    segments: rules.segments,
    target: toFloat64(rules.target),
    offset: toFloat64(rules.offset),
    guard: toFloat64(rules.guard),
    costShareMax: toFloat64(rules.costShareMax),
    cash: toFloat64(cash),
    underlyings: account.spots.size,
    bucketRates: buckets.map(({ chargeRate }) => dollars(chargeRate)),
    columns: columns.map(
      ({ tradable, held, direction, unitsMax, underlying, bucket, isShortOption }): ColumnFigures => {
        const mark = "mark" in tradable ? tradable.mark : null;
        return {
          underlying,
          bucket,
          direction,
          unitsMax: toFloat64(unitsMax),
          halfSpread: toFloat64(tradable.halfSpread),
          impact: toFloat64(tradable.impact),
          delta: tradable.delta,
          charge: isShortOption ? dollars(spotOf(account, tradable.underlying).mul(rules.shortOptionRate)) : 0,
          held: toFloat64(held),
          mark: mark === null ? 0 : toFloat64(mark),
          profits: tradable.profits,
        };
      },
    ),
  });
}

function doubtOf(columns: readonly Column[]): number {
  let doubt = 0;
  for (const { tradable, held, isHedge, unitsMax } of columns) {
    const units = toFloat64((isHedge ? unitsMax : held).abs() as Quantity);
    let largest = 0;
    for (const profit of tradable.profits) largest = Math.max(largest, Math.abs(profit));
    doubt += units * (largest * SUM_PRECISION + LOSS_PRECISION);
  }
  return doubt;
}

/** Crosses the losses of one unit over into decimals, each when it is first asked for. */
function unitLosses(columns: readonly Column[], cells: number): PreparedAccount["unitLoss"] {
  const crossed = new Map<number, Usd>();
  return (column, cell) => {
    const key = column * cells + cell;
    const known = crossed.get(key);
    if (known !== undefined) return known;
    const found = columns[column];
    const profit = found?.tradable.profits[cell];
    assertInvariant(found !== undefined && profit !== undefined, "LIQUIDATION-14 cells are those of the account", {
      column,
      cell,
    });
    const side = found.isHedge ? found.direction : -found.direction;
    const loss = lossFromFloat64(-side * profit);
    crossed.set(key, loss);
    return loss;
  };
}
