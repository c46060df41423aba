import type { Usd } from "@ballast/money";
import type { InstrumentId } from "./ids.js";

/** What an account has against what it must have, at one snapshot under one parameter version. */
export interface MarginSummary {
  /** Collateral after haircuts, plus unrealised profit; rounded down. */
  readonly equity: Usd;
  /** The same without haircuts: what would be left if everything were exchanged at the index; rounded down. */
  readonly netValue: Usd;
  /** Equity with unrealised profit above zero left out: what a withdrawal may count on; rounded down. */
  readonly equityWithoutProfit: Usd;
  /** Needed to open, increase or withdraw; rounded up. Never below `maintenanceMargin`. */
  readonly initialMargin: Usd;
  /** Needed to stay open; rounded up. */
  readonly maintenanceMargin: Usd;
}

/**
 * HEALTHY: equity covers initial margin. MARGIN_CALL: only maintenance margin. LIQUIDATABLE: not even that.
 * BANKRUPT: what is owed exceeds everything the account holds.
 */
export type HealthState = "HEALTHY" | "MARGIN_CALL" | "LIQUIDATABLE" | "BANKRUPT";

/** One position's share of the requirement, for the breakdown. */
export interface PositionMargin {
  readonly instrument: InstrumentId;
  readonly notional: Usd;
  readonly unrealisedProfit: Usd;
  readonly initialMargin: Usd;
  readonly maintenanceMargin: Usd;
}

/** The verdict on one account at one snapshot. */
export interface AccountHealth {
  readonly state: HealthState;
  readonly summary: MarginSummary;
}
