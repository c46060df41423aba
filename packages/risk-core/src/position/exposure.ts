import type { Instrument } from "@ballast/model";
import { exposure, magnitude, type Price, type Quantity, type Usd } from "@ballast/money";

/**
 * The size of `quantity` contracts in dollars, never below zero, not rounded.
 *
 * Inverse: |quantity| × contract size, exactly, because the contract *is* dollars; no price is involved. Linear:
 * |quantity| × contract size × mark × index of the settlement asset, which need not be one.
 *
 * @method MARGIN-1
 */
export function notionalOf(instrument: Instrument, quantity: Quantity, markPrice: Price, settlementIndex: Price): Usd {
  const size = magnitude(quantity);
  return instrument.payoff === "inverse"
    ? (size.mul(instrument.contractSize) as unknown as Usd)
    : (exposure(size, instrument.contractSize, markPrice).mul(settlementIndex) as Usd);
}
