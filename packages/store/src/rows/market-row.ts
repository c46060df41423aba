import type { AssetId, InstrumentId, MarketSnapshot, UtcMillis } from "@ballast/model";
import { type Price, price, type Usd, usd } from "@ballast/money";
import { fromBigint } from "./integers.js";

export interface MarketPriceRow {
  readonly sequence: string;
  readonly at: UtcMillis;
  readonly frozen: readonly AssetId[];
  readonly kind: "INDEX" | "CREDIT" | "MARK" | "STABLE" | "DEPTH" | null;
  readonly of: string | null;
  readonly price: string | null;
}

/** A snapshot from its price rows (one row without a price when it has none); null without rows. */
export function marketSnapshot(rows: readonly MarketPriceRow[]): MarketSnapshot | null {
  const first = rows[0];
  if (first === undefined) return null;
  const indexPrices = new Map<AssetId, Price>();
  const creditPrices = new Map<AssetId, Price>();
  const markPrices = new Map<InstrumentId, Price>();
  const stableMarks = new Map<InstrumentId, Price>();
  const depths = new Map<InstrumentId, Usd>();
  for (const row of rows) {
    if (row.kind === null || row.of === null || row.price === null) continue;
    if (row.kind === "INDEX") indexPrices.set(row.of as AssetId, price(row.price));
    else if (row.kind === "CREDIT") creditPrices.set(row.of as AssetId, price(row.price));
    else if (row.kind === "MARK") markPrices.set(row.of as InstrumentId, price(row.price));
    else if (row.kind === "STABLE") stableMarks.set(row.of as InstrumentId, price(row.price));
    else depths.set(row.of as InstrumentId, usd(row.price));
  }
  return {
    sequence: fromBigint(first.sequence),
    at: first.at,
    indexPrices,
    markPrices,
    depths,
    ...(first.frozen.length === 0 ? {} : { frozen: new Set(first.frozen) }),
    ...(creditPrices.size === 0 ? {} : { creditPrices }),
    ...(stableMarks.size === 0 ? {} : { stableMarks }),
  };
}
