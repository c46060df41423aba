import { Decimal } from "@ballast/money";

/*
 * Binance portfolio margin: one ratio, uniMMR = adjusted equity ÷ maintenance margin, decides what an account may do.
 * Source: the venue's pages on the portfolio margin maintenance ratio and on leverage of coin-margined futures, 2022–2025.
 */

/** What an account has in one asset. */
export interface NetAsset {
  /** Margin asset − margin loan + futures wallet + futures unrealised profit, in the asset; negative is a debt. */
  readonly netQuantity: Decimal;
  readonly indexPrice: Decimal;
  /** Share of the value that counts, 0…1. */
  readonly collateralRate: Decimal;
}

/**
 * Adjusted equity in dollars: for each asset the smaller of its value and its value at the collateral rate, so that a debt
 * counts in full.
 *
 * @method TIERS-9
 */
export function adjustedEquity(assets: readonly NetAsset[]): Decimal {
  return assets.reduce((sum, { netQuantity, indexPrice, collateralRate }) => {
    const value = netQuantity.mul(indexPrice);
    return sum.add(Decimal.min(value.mul(collateralRate), value));
  }, new Decimal(0));
}

const RATIO_PLACES = 8;

/**
 * Adjusted equity ÷ maintenance margin, cut after eight places as the venue reports it. Null for an account that has
 * nothing to maintain.
 *
 * @method TIERS-9
 */
export function uniMmr(equity: Decimal, maintenanceMargin: Decimal): Decimal | null {
  if (maintenanceMargin.isZero()) return null;
  return equity.div(maintenanceMargin).toDecimalPlaces(RATIO_PLACES, Decimal.ROUND_DOWN);
}

/** What portfolio margin accounts may do, by uniMMR above which they may; the last holds for everything else. */
export const PORTFOLIO_MARGIN_BANDS = [
  { above: new Decimal("1.5"), status: "free" },
  { above: new Decimal("1.2"), status: "reminder" },
  { above: new Decimal("1.05"), status: "reduce-only" },
  { above: new Decimal(1), status: "liquidation" },
  { above: null, status: "liquidation and claim" },
] as const;
export type PortfolioMarginStatus = (typeof PORTFOLIO_MARGIN_BANDS)[number]["status"];

/**
 * The band of a uniMMR. A ratio exactly at a bound is in the band below it.
 *
 * @method TIERS-9
 */
export function portfolioMarginStatus(ratio: Decimal): PortfolioMarginStatus {
  const band = PORTFOLIO_MARGIN_BANDS.find(({ above }) => above === null || ratio.gt(above));
  return (band as (typeof PORTFOLIO_MARGIN_BANDS)[number]).status;
}

/**
 * Equity of a margin account in one asset, and what its loan must maintain, both in the asset.
 *
 * @method TIERS-9
 */
export function marginLoan(held: Decimal, loan: Decimal, rate: Decimal) {
  return { equity: held.sub(loan), maintenanceMargin: loan.mul(rate) };
}

/**
 * Initial margin in coin of coin-margined contracts at an order price; not rounded.
 *
 * @method TIERS-9
 */
export function coinInitialMargin(contracts: Decimal, multiplier: Decimal, price: Decimal, leverage: Decimal): Decimal {
  return contracts.abs().mul(multiplier).div(price.mul(leverage));
}
