import type { Price, Quantity, Ratio, Usd } from "@ballast/money";
import {
  closeAllCost,
  type HedgeOffer,
  type PlannerAccount,
  type PlannerPosition,
  plannerRequirement,
  planReduction,
} from "@ballast/risk-core";
import { decimalAt, listAt, numberAt, objectAt, objectsAt, textAt } from "../inputs.js";
import { computed, type Evaluator, type Evaluators, type JsonObject } from "../parity-case.js";

/** Cheapest plans that restore an account, and the least shortfall where none does. */
export const PLANNER: Evaluators = { planner: plan };

function plan({ inputs }: Parameters<Evaluator>[0]) {
  const account = readAccount(inputs);
  const before = plannerRequirement(account);
  const { outcome, optimum } = planReduction(account);
  const text = (figure: Usd) => figure.toFixed();
  return computed({
    equity: text(before.equity),
    maintenance: text(before.maintenance),
    core: text(before.core),
    joint: text(before.joint),
    sumWorst: text(before.sumWorst),
    shortOption: text(before.shortOption),
    basis: text(before.basis),
    closeAllCost: text(closeAllCost(account)),
    feasible: outcome === "RESTORES" || outcome === "NOT_NEEDED",
    optimalCost: optimum?.phase === "LEAST_COST" ? optimum.cost : null,
    minShortfall: optimum?.phase === "LEAST_SHORTFALL" ? optimum.shortfall : null,
  });
}

function readAccount(input: JsonObject): PlannerAccount {
  const spots = objectAt(input, "underlyings");
  const ratioAt = (key: string) => decimalAt(input, key) as unknown as Ratio;
  return {
    cash: decimalAt(input, "cash") as unknown as Usd,
    spots: new Map(
      Object.keys(spots).map((name) => [name, decimalAt(objectAt(spots, name), "spot") as unknown as Price]),
    ),
    positions: objectsAt(input, "legs").map(readPosition),
    hedges: objectsAt(input, "hedges").map(readHedge),
    rules: {
      ...CHARGES,
      target: ratioAt("tau"),
      offset: ratioAt("theta"),
      costShareMax: ratioAt("phi"),
      guard: ratioAt("guard"),
      segments: numberAt(input, "segments"),
    },
  };
}

/** Charges that the file states once, in words, for all its cases. */
const CHARGES = {
  shortOptionRate: decimalAt({ rate: "0.003" }, "rate") as unknown as Ratio,
  basisFloor: decimalAt({ rate: "0.002" }, "rate") as unknown as Ratio,
  basisYearly: decimalAt({ rate: "0.02" }, "rate") as unknown as Ratio,
};

function readTradable(leg: JsonObject) {
  return {
    id: textAt(leg, "id"),
    underlying: textAt(leg, "underlying"),
    halfSpread: decimalAt(leg, "half") as unknown as Usd,
    impact: decimalAt(leg, "k") as unknown as Usd,
    delta: numberAt(leg, "delta"),
    profits: Float64Array.from(listAt(leg, "pnl"), (_, cell) =>
      numberAt({ cell: listAt(leg, "pnl")[cell] ?? null }, "cell"),
    ),
    lotSize: null,
  };
}

function readPosition(leg: JsonObject): PlannerPosition {
  return {
    ...readTradable(leg),
    kind: textAt(leg, "kind") === "option" ? "OPTION" : "LINEAR",
    years: decimalAt(leg, "T") as unknown as Ratio,
    quantity: decimalAt(leg, "qty") as unknown as Quantity,
    mark: decimalAt(leg, "mark") as unknown as Price,
    unitsMax: null,
  };
}

function readHedge(leg: JsonObject): HedgeOffer {
  return {
    ...readTradable(leg),
    direction: numberAt(leg, "direction") > 0 ? 1 : -1,
    unitsMax: decimalAt(leg, "cap") as unknown as Quantity,
  };
}
