import { Decimal, LEDGER_SCALE, plain } from "./decimal.js";
import type { Amount, Quantity, Usd } from "./units.js";

/** Digits after the point of every dollar figure that is stored or shown. */
export const USD_SCALE = 8;

/**
 * Rounds a requirement up (towards more margin) to `USD_SCALE` digits: against the account.
 *
 * @method NUMBERS-3
 */
export function roundRequirement(value: Usd): Usd {
  return plain(value.toDecimalPlaces(USD_SCALE, Decimal.ROUND_CEIL) as Usd);
}

/**
 * Rounds an asset or equity figure down (towards less, a debt towards more debt) to `USD_SCALE` digits: against the account.
 *
 * @method NUMBERS-3
 */
export function roundAsset(value: Usd): Usd {
  return plain(value.toDecimalPlaces(USD_SCALE, Decimal.ROUND_FLOOR) as Usd);
}

/**
 * Rounds an amount to the ledger's 18 digits, down: what the account receives is never more than it is owed.
 *
 * @method NUMBERS-3
 */
export function roundCredit(value: Amount): Amount {
  return plain(value.toDecimalPlaces(LEDGER_SCALE, Decimal.ROUND_FLOOR) as Amount);
}

/**
 * Rounds an amount to the ledger's 18 digits, up: what the account pays is never less than it owes.
 *
 * @method NUMBERS-3
 */
export function roundCharge(value: Amount): Amount {
  return plain(value.toDecimalPlaces(LEDGER_SCALE, Decimal.ROUND_CEIL) as Amount);
}

/**
 * Rounds a quantity towards zero to a whole number of lots; `lot` is positive.
 *
 * @method NUMBERS-4
 */
export function roundToLots(value: Quantity, lot: Quantity): Quantity {
  return plain(value.div(lot).toDecimalPlaces(0, Decimal.ROUND_DOWN).mul(lot) as Quantity);
}
