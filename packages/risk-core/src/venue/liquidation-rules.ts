import { Decimal } from "@ballast/money";
import { type LiquidationQuestion, notionalAt, priceInTier } from "./liquidation-price.js";
import { chargeOf } from "./tier-table.js";

/*
 * What venues publish as "the liquidation price" of one position. All of it is `priceInTier`; they differ in what they
 * count as maintenance, which is data:
 *
 *   Binance      rate × notional at the price − deduction of the tier
 *   OKX, Gate    (rate + taker fee) × notional at the price
 *   Bybit        rate × notional at the entry: fixed, whatever the price does
 *   Hyperliquid  rate × notional at the price, the rate being half of one over the market's highest leverage;
 *                in 2023 rate × notional as it stands
 */

export interface LiquidationRule {
  /** Of which notional the rate is taken: that of the answer, or that of the price in the question. */
  readonly maintenanceOf: "answer" | "question";
  readonly countsDeduction: boolean;
  /** The fee of the closing order is kept aside, at the rate of a taker. */
  readonly countsTakerFee: boolean;
}

/** The rules as published, by venue. */
export const LIQUIDATION_RULES = {
  binance: { maintenanceOf: "answer", countsDeduction: true, countsTakerFee: false },
  bybit: { maintenanceOf: "question", countsDeduction: false, countsTakerFee: false },
  gate: { maintenanceOf: "answer", countsDeduction: false, countsTakerFee: true },
  hyperliquid: { maintenanceOf: "answer", countsDeduction: false, countsTakerFee: false },
  "hyperliquid-2023": { maintenanceOf: "question", countsDeduction: false, countsTakerFee: false },
  okx: { maintenanceOf: "answer", countsDeduction: false, countsTakerFee: true },
} as const satisfies Readonly<Record<string, LiquidationRule>>;

/** What a venue's formula is fed with besides the position. */
export interface VenueTier {
  readonly rate: Decimal;
  readonly deduction: Decimal;
  readonly takerFee: Decimal;
}

/**
 * The liquidation price by a venue's formula in a tier that is already chosen; negative or null where none exists.
 *
 * @method TIERS-6
 */
export function venueLiquidationPrice(
  rule: LiquidationRule,
  question: LiquidationQuestion,
  { rate, deduction, takerFee }: VenueTier,
): Decimal | null {
  const tier = {
    rate: rule.countsTakerFee ? rate.add(takerFee) : rate,
    deduction: rule.countsDeduction ? deduction : new Decimal(0),
  };
  if (rule.maintenanceOf === "answer") return priceInTier(question, tier);
  const fixedMaintenance = question.fixedMaintenance.add(chargeOf(notionalAt(question), tier));
  return priceInTier({ ...question, fixedMaintenance }, { rate: new Decimal(0), deduction: new Decimal(0) });
}

/**
 * A stop between entry and liquidation price, `share` of the way back from the latter; never below zero.
 *
 * @method TIERS-6
 */
export function stopBefore(liquidation: Decimal, entry: Decimal, isLong: boolean, share: Decimal): Decimal {
  const back = entry.sub(liquidation).abs().mul(share);
  return Decimal.max(isLong ? liquidation.add(back) : liquidation.sub(back), 0);
}
