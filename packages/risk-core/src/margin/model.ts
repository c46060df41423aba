import type { BookViewsRule } from "./components/book-views.f64.js";
import type { ClosingCostRule } from "./components/closing-cost.f64.js";
import type { CollateralConfidenceRule, CollateralHaircutRule } from "./components/collateral.f64.js";
import type { DebtRule } from "./components/debt.f64.js";
import type { DeltaShockRule, NetDeltaRule, WeightedDeltaRule } from "./components/delta.f64.js";
import type { ForwardContingencyRule } from "./components/forward-contingency.f64.js";
import type { NakedShortsRule } from "./components/naked-shorts.f64.js";
import type { NotionalRule } from "./components/notional.f64.js";
import type { OptionStandardRule } from "./components/option-standard.f64.js";
import type { OracleConfidenceRule } from "./components/oracle-confidence.f64.js";
import type { PegShortfallRule } from "./components/peg-shortfall.js";
import type { RollRule } from "./components/roll.f64.js";
import type { ScanLossRule } from "./components/scan-loss.f64.js";
import type { CalendarSpreadRule, InterCommodityRule } from "./components/spreads.f64.js";
import type { SizeRateRule, TieredRule } from "./components/tiered.js";
import type { Expression, RoundingSide } from "./expression.js";
import type { ScanRule } from "../scenario/scenario.js";

/*
 * A margin model is data: a scan rule, figures, and levels that put the figures together. One engine
 * (`assess-portfolio.ts`) runs every model, ours and other venues', so that a difference between two models is a
 * difference between two documents.
 *
 *   scan      prices × volatilities × what counts          → cells [units × scenarios]
 *   figures   named numbers: components read the scanned book, expressions read other figures
 *   levels    initial, maintenance, … : an expression each, rounded once, and what the equity is compared with
 */
export interface MarginModel {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  /** Where the rules come from. */
  readonly sources: readonly string[];
  /** What the sources do not state and this model therefore does not do; contradictions and how they are read. */
  readonly notes: readonly string[];
  readonly scan: ScanRule;
  readonly figures: readonly FigureRule[];
  /** The first is what opening needs, the last what staying open needs. None asks for less than the one after it. */
  readonly levels: readonly LevelRule[];
  readonly orders: OrderTreatment;
}

/**
 * `ignored`: the source excludes orders. `filled-where-losing`: in each scenario an order counts if filling it there loses.
 */
export type OrderTreatment = "ignored" | "filled-where-losing";

/** A named figure, of every unit by itself or of the account. An account's expression sees the sum over the units. */
export interface FigureRule {
  readonly name: string;
  readonly scope: "unit" | "account";
  readonly rule: ComponentRule | { readonly kind: "expression"; readonly of: Expression };
}

/** Everything that reads the scanned book; one file of `components/` each. */
export type ComponentRule =
  | ScanLossRule
  | ForwardContingencyRule
  | NotionalRule
  | NakedShortsRule
  | OptionStandardRule
  | OracleConfidenceRule
  | CollateralHaircutRule
  | CollateralConfidenceRule
  | PegShortfallRule
  | RollRule
  | NetDeltaRule
  | WeightedDeltaRule
  | DeltaShockRule
  | DebtRule
  | ClosingCostRule
  | BookViewsRule
  | CalendarSpreadRule
  | InterCommodityRule
  | TieredRule
  | SizeRateRule;

export interface LevelRule {
  readonly name: string;
  readonly requirement: Expression;
  /** Digits after the point of the requirement, and the side; ours rounds up. */
  readonly scale: number;
  readonly side: RoundingSide;
}
