import { Decimal, ratio, toFloat64 } from "@ballast/money";
import type { CappedMoneynessSkew, Scenario, StaticDiscount, VolatilityShockRule } from "../../scenario/scenario.js";
import type { ContractKind } from "../components/notional.f64.js";
import type { OracleConfidenceRule } from "../components/oracle-confidence.f64.js";
import type { Expression } from "../expression.js";
import type { FigureRule, MarginModel } from "../model.js";
import { account, constant, NO_SHOCK, PLAIN_SCAN, scanOf, times, unit, UNROUNDED } from "./template.js";

/*
 * The models of Derive: the standard manager and the two portfolio managers, as templates over their parameter sets, so
 * that any published set is this code with other numbers. They state margins net (what is left after the requirement);
 * here equity and requirement stand apart, and the net figure is the slack of a level.
 */

const DELTA_ONE: readonly ContractKind[] = ["perpetual", "future"];

/** A volatility shock as both portfolio managers have it. */
export type DeriveVolatilityShock = Pick<
  VolatilityShockRule,
  "up" | "down" | "shortTermPower" | "longTermPower" | "daysFloor" | "upVolatilityFloor"
>;

/** Charged where the confidence in a price is below the threshold. */
interface Doubt {
  readonly threshold: number;
  readonly scale: number;
}

/** The parameters of the second portfolio manager; shares and factors as decimal text. */
export interface DerivePm2Parameters {
  readonly scenarios: readonly Scenario[];
  readonly volatilityShock: DeriveVolatilityShock;
  readonly skew: Omit<CappedMoneynessSkew, "kind">;
  readonly longDiscount: StaticDiscount;
  readonly shortDiscount: StaticDiscount;
  readonly forward: { readonly up: number; readonly down: number; readonly add: number; readonly perYear: number };
  readonly initialFactor: string;
  readonly maintenanceFactor: string;
  readonly peg: { readonly threshold: string; readonly slope: string };
  readonly confidence: Doubt;
  /** Maintenance share, and what initial margin adds to it. */
  readonly perpetual: { readonly maintenance: string; readonly initialExtra: string };
  readonly option: { readonly maintenance: string; readonly initialExtra: string };
  readonly haircuts: {
    readonly maintenance: Readonly<Record<string, number>>;
    readonly initialExtra: Readonly<Record<string, number>>;
  };
}

/**
 * The second portfolio manager. Worst of damped scenarios, skews and the forward contingency, times a factor that grows
 * as the stablecoin slips (initial only), plus contingencies on perpetuals, naked shorts, collateral and doubtful prices.
 */
export function derivePm2(parameters: DerivePm2Parameters): MarginModel {
  const { confidence, forward, haircuts, option, peg, perpetual } = parameters;
  const worst: Expression = { max: ["scan", "forward"] };
  const maintenance: readonly Expression[] = [
    times("perpetuals", constant(perpetual.maintenance)),
    times("nakedShorts", constant(option.maintenance)),
    "collateral",
  ];
  const initial: readonly Expression[] = [
    times("perpetuals", constant(perpetual.initialExtra)),
    times("nakedShorts", constant(option.initialExtra)),
    "collateralExtra",
    "deltaOneDoubt",
    "optionDoubt",
    "collateralDoubt",
  ];
  return {
    id: "derive-pm2",
    version: 1,
    title: "Derive portfolio margin 2",
    sources: ["Derive documentation, portfolio margin 2", "public test vectors of the second portfolio manager"],
    notes: [
      "One underlying for each manager at the source; several underlyings are added here, as separate managers would be.",
      "The documentation prints a volatility multiplier that its own inputs do not give; the test vectors decide.",
      "Open orders are outside the manager at the source and are ignored here.",
    ],
    scan: {
      scenarios: parameters.scenarios,
      volatilityShock: volatilityShockOf(parameters.volatilityShock),
      skew: { kind: "capped-moneyness", ...parameters.skew },
      staticDiscount: { long: parameters.longDiscount, short: parameters.shortDiscount },
      discountOptions: true,
      forwardShocks: { up: forward.up, down: forward.down },
    },
    figures: [
      unit("scan", scanOf("regular", "tail", "skew")),
      unit("regular", scanOf("regular")),
      unit("tail", scanOf("tail")),
      unit("skew", scanOf("skew")),
      unit("forward", { kind: "forward-contingency", add: forward.add, perYear: forward.perYear }),
      unit("worst", { kind: "expression", of: worst }),
      unit("perpetuals", { kind: "notional", of: DELTA_ONE, side: "both", at: "spot" }),
      unit("nakedShorts", { kind: "naked-shorts", netting: "strike", at: "spot" }),
      doubtOf("deltaOneDoubt", DELTA_ONE, confidence),
      doubtOf("optionDoubt", ["option"], confidence),
      account("collateral", { kind: "collateral-haircut", haircuts: haircuts.maintenance }),
      account("collateralExtra", { kind: "collateral-haircut", haircuts: haircuts.initialExtra }),
      account("collateralDoubt", { kind: "collateral-confidence", ...confidence, withSpot: true }),
      account("pegShortfall", { kind: "peg-shortfall", ...peg }),
      account("initialFactor", {
        kind: "expression",
        of: { sum: [constant(parameters.initialFactor), "pegShortfall"] },
      }),
    ],
    levels: [
      {
        name: "initial",
        requirement: { sum: [times("worst", "initialFactor"), ...maintenance, ...initial] },
        ...UNROUNDED,
      },
      {
        name: "maintenance",
        requirement: { sum: [times("worst", constant(parameters.maintenanceFactor)), ...maintenance] },
        ...UNROUNDED,
      },
    ],
    orders: "ignored",
  };
}

/** The parameters of the first portfolio manager. */
export interface DerivePm1Parameters {
  readonly scenarios: readonly Scenario[];
  readonly volatilityShock: DeriveVolatilityShock;
  readonly longDiscount: StaticDiscount;
  readonly forward: { readonly up: number; readonly down: number; readonly add: number; readonly perYear: number };
  readonly initialFactor: string;
  readonly peg: { readonly threshold: string; readonly slope: string };
  readonly confidence: Doubt;
  readonly base: string;
  readonly perpetual: string;
  readonly option: string;
}

/**
 * The first portfolio manager: undiscounted values, one static discount for what is long, static contingencies inside the
 * worst loss, and the whole times a factor for initial margin.
 */
export function derivePm1(parameters: DerivePm1Parameters): MarginModel {
  const { confidence, forward } = parameters;
  return {
    id: "derive-pm1",
    version: 1,
    title: "Derive portfolio margin 1",
    sources: ["Derive documentation, portfolio margin 1", "public test vectors of the first portfolio manager"],
    notes: [
      "One underlying for each manager at the source; several underlyings are added here, as separate managers would be.",
      "Open orders are outside the manager at the source and are ignored here.",
    ],
    scan: {
      scenarios: parameters.scenarios,
      volatilityShock: volatilityShockOf(parameters.volatilityShock),
      skew: null,
      staticDiscount: { long: parameters.longDiscount, short: null },
      discountOptions: false,
      forwardShocks: { up: forward.up, down: forward.down },
    },
    figures: [
      unit("scan", scanOf("regular")),
      unit("forward", { kind: "forward-contingency", add: forward.add, perYear: forward.perYear }),
      unit("base", { kind: "notional", of: ["collateral", "spot"], side: "both", at: "spot" }),
      unit("perpetuals", { kind: "notional", of: DELTA_ONE, side: "both", at: "spot" }),
      unit("nakedShorts", { kind: "naked-shorts", netting: "strike", at: "spot" }),
      unit("static", {
        kind: "expression",
        of: {
          sum: [
            times("base", constant(parameters.base)),
            times("perpetuals", constant(parameters.perpetual)),
            times("nakedShorts", constant(parameters.option)),
          ],
        },
      }),
      unit("loss", { kind: "expression", of: { sum: [{ max: ["scan", "forward"] }, "static"] } }),
      doubtOf("doubt", ["perpetual", "future", "collateral", "spot"], confidence),
      doubtOf("optionDoubt", ["option"], confidence),
      account("pegShortfall", { kind: "peg-shortfall", ...parameters.peg }),
      account("initialFactor", {
        kind: "expression",
        of: { sum: [constant(parameters.initialFactor), "pegShortfall"] },
      }),
    ],
    levels: [
      { name: "initial", requirement: { sum: [times("loss", "initialFactor"), "doubt", "optionDoubt"] }, ...UNROUNDED },
      { name: "maintenance", requirement: "loss", ...UNROUNDED },
    ],
    orders: "ignored",
  };
}

/** The parameters of the standard manager for one market; all shares of spot unless said. */
export interface DeriveSrmParameters {
  readonly option: {
    readonly otmMax: number;
    readonly otmMin: number;
    readonly flatCall: number;
    readonly flatPut: number;
    readonly putOfMark: number;
    readonly putFloor: number;
    readonly unpairedInitial: number;
    readonly unpairedMaintenance: number;
  };
  readonly perpetual: { readonly initial: string; readonly maintenance: string };
  /** Share of a collateral asset's value that counts, and what initial margin multiplies it by. */
  readonly base: Readonly<Record<string, { readonly share: string; readonly initialScale: string }>>;
  readonly confidence: Doubt;
  readonly peg: { readonly threshold: string; readonly slope: string };
}

/** The standard manager: per underlying and expiry, nothing offsets across. */
export function deriveSrm(parameters: DeriveSrmParameters): MarginModel {
  const { base, confidence, option, peg, perpetual } = parameters;
  const { unpairedInitial, unpairedMaintenance, ...isolated } = option;
  const haircuts = (share: (asset: { readonly share: string; readonly initialScale: string }) => Decimal) =>
    Object.fromEntries(Object.entries(base).map(([asset, rule]) => [asset, haircutOf(share(rule))]));
  return {
    id: "derive-srm",
    version: 1,
    title: "Derive standard margin",
    sources: ["Derive documentation, standard margin", "public test vectors of the standard manager"],
    notes: [
      "The text of the maintenance offset clause names the initial quantity; the test vectors decide.",
      "Borrowing rules and per-asset caps are not part of the margin and are not done here.",
    ],
    scan: { ...PLAIN_SCAN, scenarios: [] },
    figures: [
      ...optionFigures(isolated, "initial", unpairedInitial),
      ...optionFigures(isolated, "maintenance", unpairedMaintenance),
      unit("perpetuals", { kind: "notional", of: DELTA_ONE, side: "both", at: "mark" }),
      unit("perpetualsAtSpot", { kind: "notional", of: DELTA_ONE, side: "both", at: "spot" }),
      unit("shortOptions", { kind: "notional", of: ["option"], side: "short", at: "spot" }),
      doubtOf("doubt", ["perpetual", "future", "option", "collateral", "spot"], confidence, SPOT_ALONE),
      account("collateralInitial", {
        kind: "collateral-haircut",
        haircuts: haircuts((rule) => new Decimal(rule.share).mul(rule.initialScale)),
      }),
      account("collateralMaintenance", {
        kind: "collateral-haircut",
        haircuts: haircuts((rule) => new Decimal(rule.share)),
      }),
      account("pegShortfall", { kind: "peg-shortfall", ...peg }),
    ],
    levels: [
      {
        name: "initial",
        requirement: {
          sum: [
            "optionInitial",
            times("perpetuals", constant(perpetual.initial)),
            "collateralInitial",
            "doubt",
            times("pegShortfall", { sum: ["perpetualsAtSpot", "shortOptions"] }),
          ],
        },
        ...UNROUNDED,
      },
      {
        name: "maintenance",
        requirement: {
          sum: ["optionMaintenance", times("perpetuals", constant(perpetual.maintenance)), "collateralMaintenance"],
        },
        ...UNROUNDED,
      },
    ],
    orders: "ignored",
  };
}

/** The option requirement of a level, and its two sides beside it for whoever asks why. */
function optionFigures(
  isolated: Omit<DeriveSrmParameters["option"], "unpairedInitial" | "unpairedMaintenance">,
  requirement: "initial" | "maintenance",
  unpairedCall: number,
): readonly FigureRule[] {
  const level = requirement === "initial" ? "Initial" : "Maintenance";
  const rule = { kind: "option-standard", requirement, ...isolated, unpairedCall } as const;
  return [
    unit(`option${level}`, { ...rule, side: "better" }),
    unit(`isolated${level}`, { ...rule, side: "isolated" }),
    unit(`bounded${level}`, { ...rule, side: "worst-payoff" }),
  ];
}

/** The portfolio managers: a doubt about spot or a perpetual is a doubt about everything on it, longs included. */
const WHOLE_MARKET = { with: "spot-and-perpetuals", optionsBy: "expiry", longOptions: true } as const;
/** The standard manager: each contract by itself and spot, and options only where they are owed. */
const SPOT_ALONE = { with: "spot", optionsBy: "contract", longOptions: false } as const;

function doubtOf(
  name: string,
  of: readonly ContractKind[],
  confidence: Doubt,
  reach: Pick<OracleConfidenceRule, "with" | "optionsBy" | "longOptions"> = WHOLE_MARKET,
): FigureRule {
  return unit(name, { kind: "oracle-confidence", of, ...confidence, ...reach });
}

function volatilityShockOf(shock: DeriveVolatilityShock): VolatilityShockRule {
  return { ...NO_SHOCK, ...shock };
}

function haircutOf(share: Decimal): number {
  return toFloat64(ratio(new Decimal(1).sub(share)));
}
