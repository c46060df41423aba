import type { Amount } from "./units.js";

/** Money that still has its own currency: `asset` is an asset id, `amount` is signed and in whole units of it. */
export interface AssetAmount {
  readonly asset: string;
  readonly amount: Amount;
}
