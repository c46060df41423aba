import { Decimal } from "@ballast/money";

/*
 * Synthetix v3 perpetuals: a fill price that moves with the market's skew, and a liquidation that takes only so much in a
 * window of time. Source: the protocol's public tests.
 */

/**
 * Price of filling a signed size: the mean of the oracle price × (1 + skew ÷ scale) before and after it.
 *
 * @method TIERS-29
 */
export function fillPrice(price: Decimal, skew: Decimal, size: Decimal, skewScale: Decimal): Decimal {
  const before = skew.div(skewScale).add(1);
  const after = skew.add(size).div(skewScale).add(1);
  return before.add(after).div(2).mul(price);
}

export interface LiquidationWindow {
  readonly makerFee: Decimal;
  readonly takerFee: Decimal;
  readonly skewScale: Decimal;
  readonly multiplier: Decimal;
  readonly seconds: Decimal;
}

/**
 * Size that liquidations of one market may take in a window.
 *
 * @method TIERS-29
 */
export function windowCapacity({ makerFee, takerFee, skewScale, multiplier, seconds }: LiquidationWindow): Decimal {
  return makerFee.add(takerFee).mul(skewScale).mul(multiplier).mul(seconds);
}

/** What was liquidated, and when in seconds. */
export interface PastLiquidation {
  readonly at: Decimal;
  readonly size: Decimal;
}

/**
 * Size that may be liquidated now: what the capacity leaves beside everything taken since a window ago.
 *
 * @method TIERS-29
 */
export function liquidatableNow(
  window: LiquidationWindow,
  past: readonly PastLiquidation[],
  now: Decimal,
  size: Decimal,
): Decimal {
  const taken = past
    .filter(({ at }) => now.sub(at).lte(window.seconds))
    .reduce((sum, each) => sum.add(each.size), new Decimal(0));
  return Decimal.min(size, Decimal.max(windowCapacity(window).sub(taken), 0));
}

/** Whole units. */
export interface KeeperReward {
  readonly flagReward: Decimal;
  readonly executionCost: Decimal;
  readonly collateral: Decimal;
  readonly rewardMin: Decimal;
  readonly profitRatioMin: Decimal;
  readonly rewardMax: Decimal;
  /** Most of the account's collateral that a reward may be. */
  readonly collateralShareMax: Decimal;
}

/**
 * What a keeper is paid: the reward and its cost, at least a minimum above the cost, at most a maximum and a share of the
 * account's collateral. Rounded down to whole units.
 *
 * @method TIERS-29
 */
export function keeperReward(rule: KeeperReward): Decimal {
  const { flagReward, executionCost, collateral } = rule;
  const least = Decimal.max(rule.rewardMin.add(executionCost), executionCost.mul(rule.profitRatioMin.add(1)));
  const most = Decimal.min(rule.rewardMax, collateral.mul(rule.collateralShareMax));
  return Decimal.min(Decimal.max(flagReward.add(executionCost), least), most).floor();
}
