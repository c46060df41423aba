import type { AssetId } from "./ids.js";

/** A money asset that accounts hold as collateral. */
export interface Asset {
  readonly id: AssetId;
  /** Digits after the point in which people deposit and withdraw it; 0 to 18. */
  readonly scale: number;
}
