import type { MarginalTier } from "../expression.js";
import type { MarginModel } from "../model.js";
import {
  account,
  constant,
  expression,
  largest,
  NO_SHOCK,
  PLAIN_SCAN,
  sum,
  times,
  unit,
  UNROUNDED,
} from "./template.js";
import type { Scenario } from "../../scenario/scenario.js";

/*
 * OKX portfolio margin, the published parts: stress, extreme move, basis, the cost of reducing as a floor, and borrowing.
 */

/** Parameters of each risk unit, by underlying, and of the account. */
export interface OkxPortfolioParameters {
  readonly units: Readonly<Record<string, OkxUnit>>;
  /** Marginal multiples of the reduction cost, like income tax. */
  readonly reductionTiers: readonly MarginalTier[];
  readonly extremeShare: string;
  readonly initialOverMaintenance: string;
  readonly borrow: { readonly maintenance: string; readonly initial: string };
}

export interface OkxUnit {
  readonly moves: readonly number[];
  readonly extremeMove: number;
  /** Basis charge and reduction cost, as shares of |delta|. */
  readonly basis: number;
  readonly reduction: number;
}

/** Tiers of BTC and ETH units before 2025-01-15, as published. */
export const OKX_REDUCTION_TIERS: readonly MarginalTier[] = [
  { from: "0", multiple: "1" },
  { from: "10000", multiple: "2" },
  { from: "70000", multiple: "4" },
  { from: "170000", multiple: "6" },
  { from: "300000", multiple: "8" },
  { from: "470000", multiple: "10" },
  { from: "700000", multiple: "12" },
];

/** The published parameters of January 2025 for the two units that a recorded response fixes. */
export const OKX_2025: OkxPortfolioParameters = {
  units: {
    BTC: { moves: [0.04, 0.08, 0.12], extremeMove: 0.24, basis: 0.002, reduction: 0.0045 },
    LTC: { moves: [0.06, 0.12, 0.18], extremeMove: 0.36, basis: 0.008, reduction: 0.007 },
  },
  reductionTiers: OKX_REDUCTION_TIERS,
  extremeShare: "0.5",
  initialOverMaintenance: "1.3",
  borrow: { maintenance: "0.02", initial: "0.1" },
};

/** One model for all units: the scenario of a unit names that unit's own move at each step. */
export function okxPortfolio(parameters: OkxPortfolioParameters): MarginModel {
  const units = Object.entries(parameters.units);
  const rates = (of: (unit: OkxUnit) => number) => Object.fromEntries(units.map(([name, rules]) => [name, of(rules)]));
  return {
    id: "okx-pm",
    version: 1,
    title: "OKX portfolio margin, the published parts",
    sources: ["OKX help: portfolio margin mode", "OKX API v5: account/position-builder"],
    notes: [
      "MR2 (time value), MR3 (volatility term), MR5 (rates) and MR9 (stablecoin hedge) are named but not defined by the sources: not computed, zero.",
      "Volatility shocks are not published; options are scanned at their own volatility.",
      "Rates of basis and reduction are those that a recorded response implies, for the units it holds.",
    ],
    scan: { ...PLAIN_SCAN, volatilityShock: NO_SHOCK, scenarios: scenariosOf(units) },
    figures: [
      unit("mr1", { kind: "scan-loss", families: ["stress"], gains: null }),
      unit("extreme", { kind: "scan-loss", families: ["extreme"], gains: null }),
      unit("mr6", expression(times("extreme", constant(parameters.extremeShare)))),
      unit("mr4", { kind: "weighted-delta", rates: rates(({ basis }) => basis) }),
      unit("reduction", { kind: "weighted-delta", rates: rates(({ reduction }) => reduction) }),
      unit("mr7", expression({ marginal: { of: "reduction", tiers: parameters.reductionTiers } })),
      unit("mmr", expression(largest(sum(largest("mr1", "mr6"), "mr4"), "mr7"))),
      unit("imr", expression(times("mmr", constant(parameters.initialOverMaintenance)))),
      account("debt", { kind: "debt" }),
      account("borrowMmr", expression(times("debt", constant(parameters.borrow.maintenance)))),
      account("borrowImr", expression(times("debt", constant(parameters.borrow.initial)))),
    ],
    levels: [
      { name: "initial", requirement: sum("imr", "borrowImr"), ...UNROUNDED },
      { name: "maintenance", requirement: sum("mmr", "borrowMmr"), ...UNROUNDED },
    ],
    orders: "ignored",
  };
}

function scenariosOf(units: readonly (readonly [string, OkxUnit])[]): readonly Scenario[] {
  const steps = Math.max(0, ...units.map(([, { moves }]) => moves.length));
  const scenario = (id: string, family: string, moveOf: (unit: OkxUnit) => number): Scenario => ({
    id,
    family,
    price: { factors: Object.fromEntries(units.map(([name, rules]) => [name, 1 + moveOf(rules)])) },
    volatility: "same",
    damping: 1,
    deadband: 0,
  });
  const at = (step: number, side: number) => (unit: OkxUnit) => side * (unit.moves[step - 1] ?? 0);
  const sides = [-1, 1] as const;
  return [
    scenario("stress 0", "stress", () => 0),
    ...Array.from({ length: steps }, (_, step) =>
      sides.map((side) => scenario(`stress ${side > 0 ? "+" : "-"}${step + 1}`, "stress", at(step + 1, side))),
    ).flat(),
    ...sides.map((side) =>
      scenario(`extreme ${side > 0 ? "+" : "-"}`, "extreme", ({ extremeMove }) => side * extremeMove),
    ),
  ];
}
