import { type Amount, add, negate, type Price, type Quantity, roundCredit, sub, ZERO_AMOUNT } from "@ballast/money";
import { contractValue, type Instrument, type Position } from "@ballast/model";

/*
 * The open contracts of an account carry together what they have cost. When a trade takes some of them away, the same
 * share of the cost leaves with them: an average, so it does not matter which contracts they were. What the closing cash
 * and that share differ by is realised. When the trade takes all of them, all of the cost leaves, and a closed position
 * keeps neither contracts nor cost. A trade through zero closes whole and opens anew at the same price.
 *
 * The share of a cost can have more than 18 digits. The realised amount is then rounded down, and the rest stays with the
 * contracts that are still open: rounding never pays, and nothing is lost.
 */

/**
 * Returns what a trade of `quantity` (signed) at a price realises on a position, in the settlement asset: the closed
 * share of its cost plus the cash of the closing contracts, rounded down to 18 digits. Zero when the trade opens or adds.
 *
 * @param value  what the traded contracts are worth at the price; worked out when the caller does not have it already
 * @method POSITION-3
 */
export function realisedProfit(
  instrument: Instrument,
  position: Position | undefined,
  quantity: Quantity,
  price: Price,
  value: Amount = contractValue(instrument, quantity, price),
): Amount {
  if (position === undefined || !opposes(position.quantity, quantity)) return ZERO_AMOUNT;
  const { quantity: held, entryCash } = position;
  const beyond = quantity.abs().cmp(held.abs());
  if (beyond > 0) return add(entryCash, contractValue(instrument, held, price));
  if (beyond === 0) return sub(entryCash, value);
  const closedCost = entryCash.mul(quantity).div(held).neg() as Amount;
  return roundCredit(add(closedCost, negate(value)));
}

function opposes(held: Quantity, traded: Quantity): boolean {
  return !held.isZero() && held.isNegative() !== traded.isNegative();
}
