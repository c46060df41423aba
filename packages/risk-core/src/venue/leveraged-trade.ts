import { Decimal } from "@ballast/money";

/*
 * The cash of one leveraged trade, as venues and the tools around them count it: fees on both legs, funding, interest on
 * what is borrowed.
 */

export interface LeveragedTrade {
  readonly isLong: boolean;
  /** Positive. */
  readonly quantity: Decimal;
  readonly openPrice: Decimal;
  readonly closePrice: Decimal;
  /** Shares of the traded value. */
  readonly openFee: Decimal;
  readonly closeFee: Decimal;
  /** Received while it was open; negative was paid. */
  readonly funding: Decimal;
  readonly leverage: Decimal;
}

export interface TradeProfit {
  readonly profit: Decimal;
  /** Of what the trade put in: profit ÷ value of the opening leg, fee included, × leverage. */
  readonly profitRatio: Decimal;
}

/**
 * Profit of a closed trade after fees and funding. A fee makes whatever is bought dearer and whatever is sold cheaper.
 *
 * @method TIERS-8
 */
export function tradeProfit(trade: LeveragedTrade): TradeProfit {
  const { isLong, quantity, openPrice, closePrice, openFee, closeFee, funding, leverage } = trade;
  const opened = withFee(quantity.mul(openPrice), openFee, isLong);
  const closed = withFee(quantity.mul(closePrice), closeFee, !isLong);
  const profit = (isLong ? closed.sub(opened) : opened.sub(closed)).add(funding);
  return { profit, profitRatio: profit.div(opened).mul(leverage) };
}

const withFee = (value: Decimal, fee: Decimal, isBuy: boolean): Decimal =>
  isBuy ? value.add(value.mul(fee)) : value.sub(value.mul(fee));

/**
 * What a signed quantity receives at one funding time: a long pays a positive rate, a short receives it.
 *
 * @method TIERS-8
 */
export function fundingReceived(quantity: Decimal, rate: Decimal, markPrice: Decimal): Decimal {
  return quantity.mul(rate).mul(markPrice).neg();
}

/** How a venue counts the time of a loan. Every started period is charged whole. */
export interface InterestRule {
  readonly periodHours: Decimal;
  /** How many hours the rate is quoted for. */
  readonly rateHours: Decimal;
  /** Periods charged for opening the loan. */
  readonly openingPeriods: Decimal;
}

/** The rules as published, by venue. */
export const INTEREST_RULES = {
  binance: { periodHours: new Decimal(1), rateHours: new Decimal(24), openingPeriods: new Decimal(0) },
  kraken: { periodHours: new Decimal(4), rateHours: new Decimal(4), openingPeriods: new Decimal(1) },
} as const satisfies Readonly<Record<string, InterestRule>>;

/**
 * Interest on an amount borrowed for some hours, in the borrowed asset; not rounded.
 *
 * @method TIERS-8
 */
export function loanInterest(rule: InterestRule, borrowed: Decimal, rate: Decimal, hours: Decimal): Decimal {
  const periods = hours.div(rule.periodHours).ceil().add(rule.openingPeriods);
  return borrowed.mul(rate).mul(periods).mul(rule.periodHours).div(rule.rateHours);
}

/**
 * Worth of collateral that must be sold to repay a debt when it fetches only a share (0…1] of its value.
 *
 * @method TIERS-8
 */
export function collateralSoldFor(debt: Decimal, share: Decimal): Decimal {
  return debt.div(share);
}
