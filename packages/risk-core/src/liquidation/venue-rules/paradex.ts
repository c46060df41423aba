import { Decimal } from "@ballast/money";

/*
 * Paradex: how much of an account is liquidated, which orders go first, and when a loss is shared. Source: the venue's
 * documentation of its risk system, pages on liquidations, deleveraging and socialised losses.
 */

/** A position of a market. */
export interface LiquidatedPosition {
  readonly market: string;
  readonly size: Decimal;
  readonly entryPrice: Decimal;
  readonly markPrice: Decimal;
}

export interface ShareRules {
  readonly maintenanceFraction: Decimal;
  /** Penalty, a share of the maintenance margin of what is closed. */
  readonly penaltyShare: Decimal;
  /** Maintenance margin over account value that a liquidation brings it under. */
  readonly targetRatio: Decimal;
  readonly shareStep: Decimal;
}

/** What closing one share of every position would leave. */
export interface ShareOutcome {
  readonly share: Decimal;
  readonly maintenanceMargin: Decimal;
  readonly penalty: Decimal;
  readonly accountValue: Decimal;
  /** Maintenance margin over account value; null when nothing is left. */
  readonly marginRatio: Decimal | null;
}

/** Unrealised profit, maintenance margin and value of an account. */
export function accountFigures(collateral: Decimal, positions: readonly LiquidatedPosition[], fraction: Decimal) {
  const sum = (of: (position: LiquidatedPosition) => Decimal) =>
    positions.reduce<Decimal>((total, position) => total.add(of(position)), new Decimal(0));
  const unrealisedProfit = sum(({ size, entryPrice, markPrice }) => size.mul(markPrice.sub(entryPrice)));
  const maintenanceMargin = sum(({ size, markPrice }) => size.abs().mul(markPrice)).mul(fraction);
  return { unrealisedProfit, maintenanceMargin, accountValue: collateral.add(unrealisedProfit) };
}

/**
 * Every multiple of the step below the whole, with what it would leave. Closing at the mark leaves the value as it is but for the
 * penalty.
 *
 * @method LIQUIDATION-28
 */
export function shareTable(
  maintenanceMargin: Decimal,
  accountValue: Decimal,
  rules: ShareRules,
): readonly ShareOutcome[] {
  const outcomes: ShareOutcome[] = [];
  for (let share = rules.shareStep; share.lt(1); share = share.add(rules.shareStep)) {
    const left = maintenanceMargin.mul(new Decimal(1).sub(share));
    const penalty = maintenanceMargin.mul(share).mul(rules.penaltyShare);
    const value = accountValue.sub(penalty);
    outcomes.push({
      share,
      maintenanceMargin: left,
      penalty,
      accountValue: value,
      marginRatio: value.gt(0) ? left.div(value) : null,
    });
  }
  return outcomes;
}

/**
 * The smallest share that brings the margin ratio under the target; the whole when none does.
 *
 * @method LIQUIDATION-28
 */
export function liquidatedShare(table: readonly ShareOutcome[], targetRatio: Decimal): Decimal {
  return table.find(({ marginRatio }) => marginRatio !== null && marginRatio.lt(targetRatio))?.share ?? new Decimal(1);
}

/** An open order; `size` above zero. */
export interface OpenOrder {
  readonly id: string;
  readonly isBuy: boolean;
  readonly size: Decimal;
  readonly price: Decimal;
}

/**
 * Orders that are cancelled when an account falls below initial margin: all that would make the position larger, and of those
 * against it the most passive ones, until what is left is no larger than the position.
 *
 * @method LIQUIDATION-28
 */
export function ordersToCancel(position: Decimal, orders: readonly OpenOrder[]): readonly string[] {
  const isLong = position.gt(0);
  const growing = position.isZero() ? orders : orders.filter(({ isBuy }) => isBuy === isLong);
  const offsetting = orders
    .filter((order) => !growing.includes(order))
    // The most passive sell has the highest price, the most passive buy the lowest.
    .sort((left, right) => (isLong ? right.price.cmp(left.price) : left.price.cmp(right.price)));
  let total = offsetting.reduce<Decimal>((sum, { size }) => sum.add(size), new Decimal(0));
  const passive = offsetting.filter(({ size }) => {
    if (total.lte(position.abs())) return false;
    total = total.sub(size);
    return true;
  });
  return [...growing, ...passive].map(({ id }) => id);
}

/**
 * Value of the insurance fund with a position it took over, and the share of every withdrawal that a shortfall costs: shortfall ÷
 * (deposits + shortfall); zero while the fund is worth something.
 *
 * @method LIQUIDATION-28
 */
export function fundValue(cash: Decimal, { size, entryPrice, markPrice }: Omit<LiquidatedPosition, "market">) {
  const unrealisedProfit = size.mul(markPrice.sub(entryPrice));
  return { unrealisedProfit, value: cash.add(unrealisedProfit) };
}
