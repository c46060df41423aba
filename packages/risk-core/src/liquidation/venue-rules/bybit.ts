import type { Decimal } from "@ballast/money";

/*
 * Bybit: when auto-deleveraging of an insurance pool begins and ends. Source: the venue's API documentation, page on the
 * auto-deleveraging alert. Its rule says "below −30 %", its example begins at exactly −30 %: the example is followed.
 */

/** The state of a pool as the venue publishes it. */
export interface InsurancePool {
  readonly balance: Decimal;
  /** Profit or loss of the worst symbol since its peak of eight hours, over that peak of the pool. */
  readonly profitRatio: Decimal;
  /** Balance above which the drawdown rule applies. */
  readonly triggerThreshold: Decimal;
  readonly triggerRatio: Decimal;
  readonly stopRatio: Decimal;
}

/** Why deleveraging begins; null when it does not. */
export type PoolTrigger = "POOL_EMPTY" | "DRAWDOWN" | null;

/**
 * Does deleveraging begin? When the pool is empty, or when it is above the threshold and has fallen by the trigger ratio.
 *
 * @method LIQUIDATION-28
 */
export function poolTrigger({ balance, profitRatio, triggerThreshold, triggerRatio }: InsurancePool): PoolTrigger {
  if (balance.lte(0)) return "POOL_EMPTY";
  return balance.gt(triggerThreshold) && profitRatio.lte(triggerRatio) ? "DRAWDOWN" : null;
}

/**
 * Does deleveraging that began for a reason end? It has a lower end than beginning, so that it does not flicker.
 *
 * @method LIQUIDATION-28
 */
export function poolRecovered({ balance, profitRatio, stopRatio }: InsurancePool, began: PoolTrigger): boolean {
  if (began === "POOL_EMPTY") return balance.gt(0);
  return profitRatio.gt(stopRatio);
}
