import { type Amount, magnitude, type Price, type Quantity, type Ratio, roundCharge, scale } from "@ballast/money";
import { contractValue, type Instrument } from "@ballast/model";

/**
 * Returns the fee of a fill in the settlement asset: rate × value traded, rounded up to 18 digits. `quantity` may have
 * either sign. A negative rate is a rebate, and rounding up makes it the smaller one.
 *
 * @method LEDGER-4
 */
export function fillFee(instrument: Instrument, quantity: Quantity, price: Price, rate: Ratio): Amount {
  return roundCharge(scale(magnitude(contractValue(instrument, quantity, price)), rate));
}
