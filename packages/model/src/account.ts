import type { Amount } from "@ballast/money";
import type { AccountId, AssetId, InstrumentId } from "./ids.js";
import type { Position } from "./position.js";

/** Who an account belongs to. House kinds are never margined against users' rules and never liquidated. */
export type AccountKind = "USER" | "MARKET_MAKER" | "INSURANCE_FUND" | "HOUSE";

/** By which model an account is margined: every position for itself (MARGIN-3), or all of them together (MARGIN-9). */
export type MarginMode = "STANDARD" | "PORTFOLIO";

/** The account that pays deficits and takes over what cannot be reduced in the market. */
export const INSURANCE_FUND = "house.insurance-fund" as AccountId;
/** The account of the house itself. */
export const TREASURY = "house.treasury" as AccountId;

/**
 * One collateral pool and its positions, as it stands after some prefix of the ledger.
 * Maps hold no zero balances and no closed positions.
 */
export interface Account {
  readonly id: AccountId;
  readonly kind: AccountKind;
  /** The account this one is a sub-account of; null for a main account. Pools are never shared between them. */
  readonly parent: AccountId | null;
  readonly marginMode: MarginMode;
  /** Wallet balance of each asset; negative is a debt to the pool. */
  readonly balances: ReadonlyMap<AssetId, Amount>;
  readonly positions: ReadonlyMap<InstrumentId, Position>;
}
