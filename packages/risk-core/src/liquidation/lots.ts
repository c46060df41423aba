import type { Instrument } from "@ballast/model";
import { Decimal, ONE, type Price, type Quantity, type Usd } from "@ballast/money";
import { notionalOf } from "../position/exposure.js";

/** How many whole lots are in a quantity, whatever its sign: a whole number ≥ 0. */
export function wholeLots(quantity: Quantity, lotSize: Quantity): Decimal {
  return quantity.abs().div(lotSize).toDecimalPlaces(0, Decimal.ROUND_DOWN);
}

/** How many whole lots `dollars` of an instrument are at a price, its settlement asset counted at an index of one. */
export function lotsWorth(dollars: Usd, instrument: Instrument, at: Price): Decimal {
  const perLot = notionalOf(instrument, instrument.lotSize, at, ONE as unknown as Price);
  return dollars.div(perLot).toDecimalPlaces(0, Decimal.ROUND_DOWN);
}
