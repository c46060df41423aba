import type { Amount, Quantity } from "@ballast/money";
import type { InstrumentId } from "./ids.js";

/**
 * An open position. `quantity` is signed contracts. `entryCash` is what the open contracts have cost, in the settlement
 * asset, signed as cash: opening a linear long at p makes it −q·size·p. Unrealised profit at a mark is
 * `contractValue(quantity, mark) + entryCash`. A closed position has neither.
 */
export interface Position {
  readonly instrument: InstrumentId;
  readonly quantity: Quantity;
  readonly entryCash: Amount;
}
