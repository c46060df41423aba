import { type Account, type AssetId, compareIds, type MarketSnapshot, type RiskParameters } from "@ballast/model";
import { type Amount, add, type Price, roundAsset, type Usd, valueOf, ZERO_AMOUNT, ZERO_USD } from "@ballast/money";
import { indexPriceOf } from "../mark/prices.js";
import type { MarkedPosition } from "../position/marked-position.js";
import { haircutValue } from "./haircut.js";

/** What an account has in one asset, for the breakdown. Amounts in the asset, values in dollars, rounded down. */
export interface CollateralLine {
  readonly asset: AssetId;
  readonly balance: Amount;
  /** Of all positions settled in this asset. */
  readonly unrealisedProfit: Amount;
  /** Balance plus unrealised profit; negative is a debt. */
  readonly net: Amount;
  readonly indexPrice: Price;
  /** What it counts for in equity: after haircut, or the whole debt. */
  readonly haircutValue: Usd;
  /** The same without haircut. */
  readonly value: Usd;
}

/** The collateral of one account; the three totals are exact until the summary rounds them. */
export interface Collateral {
  readonly lines: readonly CollateralLine[];
  readonly equity: Usd;
  readonly netValue: Usd;
  readonly equityWithoutProfit: Usd;
}

/**
 * Values an account's collateral asset by asset, in ascending order of asset id.
 *
 * Unrealised profit is netted with the balance of its settlement asset *before* the haircut, so that a profit and the
 * debt it will repay cancel exactly. `equityWithoutProfit` leaves out every single position's profit above zero but
 * counts every loss: a profit is not money until its counterparty has paid it.
 *
 * @param counted what a net value of an asset counts for in equity
 *
 * @throws MissingPrice when the index of an asset is absent.
 * @method COLLATERAL-3 COLLATERAL-4 COLLATERAL-5 COLLATERAL-6
 */
export function valueCollateral(
  account: Account,
  positions: readonly MarkedPosition[],
  market: MarketSnapshot,
  counted: (asset: AssetId, value: Usd) => Usd,
): Collateral {
  const profits = sumByAsset(positions, (profit) => profit);
  const losses = sumByAsset(positions, (profit) => (profit.gt(0) ? ZERO_AMOUNT : profit));
  const lines: CollateralLine[] = [];
  let equity: Usd = ZERO_USD;
  let netValue: Usd = ZERO_USD;
  let equityWithoutProfit: Usd = ZERO_USD;
  for (const asset of [...new Set([...account.balances.keys(), ...profits.keys()])].sort(compareIds)) {
    const balance = account.balances.get(asset) ?? ZERO_AMOUNT;
    const profit = profits.get(asset) ?? ZERO_AMOUNT;
    const loss = losses.get(asset) ?? ZERO_AMOUNT;
    const indexPrice = indexPriceOf(market, asset);
    const net = add(balance, profit);
    const value = valueOf(net, indexPrice);
    const countedValue = counted(asset, value);
    equity = add(equity, countedValue);
    netValue = add(netValue, value);
    equityWithoutProfit = add(equityWithoutProfit, counted(asset, valueOf(add(balance, loss), indexPrice)));
    lines.push({
      asset,
      balance,
      unrealisedProfit: profit,
      net,
      indexPrice,
      haircutValue: roundAsset(countedValue),
      value: roundAsset(value),
    });
  }
  return { lines, equity, netValue, equityWithoutProfit };
}

/** What collateral counts for after the haircuts of these parameters. @method COLLATERAL-4 */
export function afterHaircuts({ haircuts }: RiskParameters): (asset: AssetId, value: Usd) => Usd {
  return (asset, value) => haircutValue(value, haircuts.get(asset));
}

function sumByAsset(
  positions: readonly MarkedPosition[],
  counted: (profit: Amount) => Amount,
): ReadonlyMap<AssetId, Amount> {
  const sums = new Map<AssetId, Amount>();
  for (const { instrument, unrealisedProfit } of positions) {
    const asset = instrument.settlementAsset;
    sums.set(asset, add(sums.get(asset) ?? ZERO_AMOUNT, counted(unrealisedProfit)));
  }
  return sums;
}
