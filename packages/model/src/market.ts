import type { Price, Usd } from "@ballast/money";
import type { AssetId, InstrumentId } from "./ids.js";
import type { UtcMillis } from "./time.js";

/** Prices of one moment, as every decision of that moment uses them. */
export interface MarketSnapshot {
  /** Rises by at least one with every snapshot; an older one never replaces a newer one. */
  readonly sequence: number;
  readonly at: UtcMillis;
  /** Dollars for one unit of each collateral asset and underlying. */
  readonly indexPrices: ReadonlyMap<AssetId, Price>;
  readonly markPrices: ReadonlyMap<InstrumentId, Price>;
  /** Dollars of market orders that move the price of an instrument by one per cent. Positive. */
  readonly depths: ReadonlyMap<InstrumentId, Usd>;
  /** Assets whose price is the last good one: nobody takes new risk at it, nobody is liquidated at it. Absent: none. */
  readonly frozen?: ReadonlySet<AssetId>;
  /** What a unit counts for when new risk is judged, never above its index; an asset that is not here counts at that. */
  readonly creditPrices?: ReadonlyMap<AssetId, Price>;
  /** Marks that follow slowly, for judging new risk; an instrument that is not here has its mark. */
  readonly stableMarks?: ReadonlyMap<InstrumentId, Price>;
}
