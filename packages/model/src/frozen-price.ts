import type { Account } from "./account.js";
import { type AssetId, compareIds, type InstrumentId } from "./ids.js";
import type { Instrument } from "./instrument.js";
import type { MarketSnapshot } from "./market.js";

/**
 * The first asset, by id, whose frozen price an account's margin depends on: one that it holds or owes, or that a position
 * of it follows or is paid in. Null when its margin can be believed.
 *
 * Cost: nothing while no price is frozen.
 *
 * @method DECISION-6
 */
export function frozenPriceOf(
  account: Account,
  { frozen }: MarketSnapshot,
  instruments: ReadonlyMap<InstrumentId, Instrument>,
): AssetId | null {
  if (frozen === undefined || frozen.size === 0) return null;
  const assets = [...account.balances.keys()];
  for (const id of account.positions.keys()) {
    const instrument = instruments.get(id);
    if (instrument !== undefined) assets.push(instrument.underlying, instrument.settlementAsset);
  }
  return assets.filter((asset) => frozen.has(asset)).sort(compareIds)[0] ?? null;
}
