import { Decimal } from "@ballast/money";
import { type DeductionTier, withDeductions } from "./tier-table.js";

/*
 * Hyperliquid: margin tiers are given as highest leverages, and portfolio margin lends against spot tokens.
 * Source: the venue's documentation, pages on margin tiers, portfolio margin and liquidations, 2026.
 */

/** A tier of the venue: from this notional on, this leverage at most. */
export interface LeverageCap {
  readonly from: Decimal;
  readonly leverageMax: Decimal;
}

/** Maintenance rate of a highest leverage: half of the initial rate. */
export const maintenanceRateOf = (leverageMax: Decimal): Decimal => new Decimal(1).div(leverageMax.mul(2));

/**
 * The maintenance table of a list of leverage caps, with the deductions that keep it continuous.
 *
 * @method TIERS-2
 */
export function maintenanceTiers(caps: readonly LeverageCap[]): readonly DeductionTier[] {
  return withDeductions(caps.map(({ from, leverageMax }) => ({ from, rate: maintenanceRateOf(leverageMax) })));
}

/** A spot token that can be borrowed against. */
export interface Lendable {
  readonly quantity: Decimal;
  readonly price: Decimal;
  /** Share of its value that can be borrowed, 0…1. */
  readonly loanToValue: Decimal;
}

/**
 * Dollars that can be borrowed against tokens: each one's value at its loan-to-value.
 *
 * @method TIERS-11
 */
export function borrowable(collateral: readonly Lendable[]): Decimal {
  return collateral.reduce(
    (sum, { quantity, price, loanToValue }) => sum.add(quantity.mul(price).mul(loanToValue)),
    new Decimal(0),
  );
}

/**
 * What can be borrowed ÷ what is borrowed; below one nothing more can be. Null without a debt.
 *
 * @method TIERS-11
 */
export function healthFactor(collateral: readonly Lendable[], borrowed: Decimal): Decimal | null {
  return borrowed.isZero() ? null : borrowable(collateral).div(borrowed);
}

/**
 * Tokens that must stay for a debt, were they its only collateral: with fewer the health factor falls below one.
 *
 * @method TIERS-11
 */
export function lockedFor(borrowed: Decimal, { price, loanToValue }: Omit<Lendable, "quantity">): Decimal {
  return borrowed.div(price.mul(loanToValue));
}

/** Yearly rate = base + slope × what utilisation exceeds the kink. */
export const BORROW_RATE = { base: new Decimal("0.05"), slope: new Decimal("4.75"), kink: new Decimal("0.8") } as const;

/**
 * Yearly borrow rate of a stablecoin at a utilisation of 0…1.
 *
 * @method TIERS-11
 */
export function borrowRate(utilisation: Decimal, { base, slope, kink } = BORROW_RATE): Decimal {
  return base.add(slope.mul(Decimal.max(utilisation.sub(kink), 0)));
}

/**
 * Totals of a cross account, in dollars: signed values of its positions, the account's value, the leverage of all of them.
 *
 * @method TIERS-11
 */
export function crossAccount(signedValues: readonly Decimal[], accountValue: Decimal, leverage: Decimal) {
  const notional = signedValues.reduce((sum, value) => sum.add(value.abs()), new Decimal(0));
  const net = signedValues.reduce((sum, value) => sum.add(value), new Decimal(0));
  const marginUsed = notional.div(leverage);
  return { notional, cash: accountValue.sub(net), marginUsed, withdrawable: accountValue.sub(marginUsed) };
}
