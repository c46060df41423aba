import type { MarketSnapshot } from "@ballast/model";
import type { VenueFill, VenueOrder } from "@ballast/store";

/**
 * Where liquidation orders trade. A venue accepts a client order id once: placing the same order again answers with
 * the fills of the first time, which is what makes a lost answer harmless.
 */
export interface Venue {
  /** Trades an order at the market of a snapshot and answers with all its fills. */
  place(order: VenueOrder, snapshot: MarketSnapshot): Promise<readonly VenueFill[]>;
}
