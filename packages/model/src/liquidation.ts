import type { Price, Quantity, Usd } from "@ballast/money";
import type { AccountId, InstrumentId } from "./ids.js";

/** One order of a liquidation plan. `quantity` is signed as a trade of the account: negative sells. */
export interface LiquidationLeg {
  readonly instrument: InstrumentId;
  readonly quantity: Quantity;
  readonly markPrice: Price;
  /** What the plan expects to trade at: the mark made worse by half the spread and the order's own impact. */
  readonly expectedPrice: Price;
  /** Maintenance margin that the leg releases. */
  readonly released: Usd;
  /** Expected slippage and liquidation fee. */
  readonly cost: Usd;
}

/** What to do with an account that is below maintenance margin. `TAKEOVER` comes with the reason. */
export type LiquidationPlan =
  | {
      readonly kind: "REDUCE";
      readonly legs: readonly LiquidationLeg[];
      readonly equityAfter: Usd;
      readonly maintenanceMarginAfter: Usd;
    }
  | { readonly kind: "TAKEOVER"; readonly because: "EQUITY_TOO_LOW" | "NOT_RESTORABLE" | "DEBT_WITHOUT_POSITIONS" };

/** REDUCE: orders to the venue. TAKEOVER: waits for the waterfall of its tick. CLOSED: done, with an outcome. */
export type CaseStage = "REDUCE" | "TAKEOVER" | "CLOSED";

/** How a case ended. */
export type CaseOutcome =
  | "RECOVERED"
  | "REDUCED"
  | "AUCTIONED"
  | "TAKEN_OVER"
  | "BANKRUPT_FUND"
  | "BANKRUPT_ADL"
  | "BANKRUPT_SOCIALISED";

/** A case is one breach of one account; `epoch` counts the account's breaches from 1. */
export interface LiquidationCaseId {
  readonly account: AccountId;
  readonly epoch: number;
}

/** What a person can stop. ALL is the kill switch; the others are the stages of a case and the house's own work after it. */
export type PausableStage =
  | "ALL"
  | "REDUCE"
  | "AUCTION"
  | "TAKEOVER"
  | "INSURANCE_FUND"
  | "ADL"
  | "SOCIALISED_LOSS"
  | "DISPOSAL"
  | "DEBT_RECOVERY";

/** The same as a list, in the order in which a case meets them. */
export const PAUSABLE_STAGES = [
  "ALL",
  "REDUCE",
  "AUCTION",
  "TAKEOVER",
  "INSURANCE_FUND",
  "ADL",
  "SOCIALISED_LOSS",
  "DISPOSAL",
  "DEBT_RECOVERY",
] as const satisfies readonly PausableStage[];

/** How an order ended. NEVER_ARRIVED: the venue does not know it, and its deadline is over. */
export type OrderOutcome = "FILLED" | "PARTIAL" | "UNFILLED" | "REJECTED" | "NEVER_ARRIVED";

/** How near an account is to a liquidation: told, asked for collateral, its risk-raising orders cancelled. */
export type EarlyStage = "WARNING" | "MARGIN_CALL" | "CANCEL_ORDERS";
