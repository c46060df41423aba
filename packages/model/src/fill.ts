import type { Price, Quantity, Ratio } from "@ballast/money";
import type { AccountId, InstrumentId } from "./ids.js";
import type { UtcMillis } from "./time.js";

/**
 * A match between two accounts, submitted for clearing. `quantity` is positive: the buyer gains it, the seller gives it.
 * Fee rates are a share of notional and may be negative (a rebate, paid by the house).
 */
export interface Fill {
  /** Unique for ever; the idempotency key of its journal. */
  readonly id: string;
  readonly instrument: InstrumentId;
  readonly buyer: AccountId;
  readonly seller: AccountId;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly buyerFeeRate: Ratio;
  readonly sellerFeeRate: Ratio;
  readonly at: UtcMillis;
}
