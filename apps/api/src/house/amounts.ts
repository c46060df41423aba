import type { AssetAmountBody } from "@ballast/api-contract";
import { type Amount, printDecimal } from "@ballast/money";

/** Amounts by asset as a list for the wire, in the order of the map. */
export function amounts(byAsset: ReadonlyMap<string, Amount>): AssetAmountBody[] {
  return [...byAsset].map(([asset, amount]) => ({ asset, amount: printDecimal(amount) }));
}
