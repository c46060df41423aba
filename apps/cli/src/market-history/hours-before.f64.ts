import { settledVolatility } from "@ballast/risk-core";
import type { Closes } from "./closes.f64.js";
import { DAY_S } from "./daily-candles.f64.js";

/**
 * What a liquidation policy is to know on a day: daily volatility of each asset over the days before the last one
 * (LIQUIDATION-20), from hourly closes before that day. Left out: assets without two days of them.
 */
export function volatilityBefore(
  { times, of }: Closes,
  assets: readonly string[],
  day: number,
): readonly { readonly asset: string; readonly dailyVolatility: number }[] {
  return assets.flatMap((asset) => {
    const closes = (of.get(asset) ?? []).filter(
      (close, at): close is number => close !== undefined && (times[at] ?? Infinity) < day * DAY_S,
    );
    const returns = closes.slice(1).map((close, at) => Math.log(close / (closes[at] as number)));
    return returns.length < HOURS_MIN ? [] : [{ asset, dailyVolatility: settledVolatility(returns) }];
  });
}

const HOURS_MIN = 48;
