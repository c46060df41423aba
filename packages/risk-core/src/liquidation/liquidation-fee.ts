import type { Instrument } from "@ballast/model";
import { type Amount, Decimal, LEDGER_SCALE, type Price, type Quantity, type Ratio, type Usd } from "@ballast/money";
import { notionalOf } from "../position/exposure.js";

/** A trade on which the house charges a liquidation or takeover fee. */
export interface ChargedTrade {
  readonly instrument: Instrument;
  /** Signed or not: only its size counts. */
  readonly quantity: Quantity;
  readonly price: Price;
  readonly settlementIndex: Price;
  readonly rate: Ratio;
  /** Net value of the account after the trade and before the fee. */
  readonly netValueLeft: Usd;
}

/**
 * The fee on a liquidation trade, in the settlement asset, ≥ 0: rate × notional at the trade's price, and never more
 * than the account's net value leaves, so that no fee makes an account bankrupt. Rounded up; the cap is rounded down.
 *
 * @method LIQUIDATION-3
 */
export function liquidationFee(trade: ChargedTrade): Amount {
  const { instrument, quantity, price, settlementIndex, rate, netValueLeft } = trade;
  if (netValueLeft.lte(0)) return new Decimal(0) as unknown as Amount;
  const asked = notionalOf(instrument, quantity, price, settlementIndex).mul(rate).div(settlementIndex);
  const left = netValueLeft.div(settlementIndex);
  return Decimal.min(
    asked.toDecimalPlaces(LEDGER_SCALE, Decimal.ROUND_CEIL),
    left.toDecimalPlaces(LEDGER_SCALE, Decimal.ROUND_FLOOR),
  ) as unknown as Amount;
}
