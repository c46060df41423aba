import { contractValue, type Instrument, type Position } from "@ballast/model";
import { type Amount, add, type Price } from "@ballast/money";

/**
 * What closing the whole position at the mark would add to the balance of the settlement asset; negative is a loss.
 * In the settlement asset, with the ledger's 18 digits.
 *
 * @method COLLATERAL-2
 */
export function unrealisedProfit(instrument: Instrument, position: Position, markPrice: Price): Amount {
  return add(contractValue(instrument, position.quantity, markPrice), position.entryCash);
}
