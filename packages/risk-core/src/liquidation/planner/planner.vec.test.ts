import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { Decimal, type Price, type Quantity, ratio, type Ratio, type Usd } from "@ballast/money";
import type { PlannerAccount } from "./account.js";
import { hedgesFor } from "./hedges.js";
import { planReduction } from "./plan-reduction.js";
import { closeAllCost, plannerRequirement } from "./requirement.js";

interface GivenTradable {
  readonly id: string;
  readonly underlying: string;
  readonly half: number;
  readonly k: number;
  readonly delta: number;
  readonly pnl: readonly number[];
}

interface Given {
  readonly tau: number;
  readonly theta: number;
  readonly phi: number;
  readonly segments: number;
  readonly guard: number;
  readonly cash: number;
  readonly underlyings: Readonly<Record<string, { readonly spot: number }>>;
  readonly legs: readonly (GivenTradable & {
    readonly kind: string;
    readonly T: number;
    readonly qty: number;
    readonly mark: number;
  })[];
  readonly hedges: readonly (GivenTradable & { readonly direction: 1 | -1; readonly cap: number })[];
}

interface Expected {
  readonly feasible: boolean;
  readonly optimalCost?: number;
  readonly minShortfall?: number;
  readonly closeAllCost: number;
}

const { cases } = JSON.parse(
  readFileSync(new URL("../../../../../vectors/liquidation/planner.json", import.meta.url), "utf8"),
) as { readonly cases: readonly { readonly id: string; readonly input: Given; readonly expected: Expected }[] };

const decimal = (figure: number) => new Decimal(figure);
const tradable = ({ id, underlying, half, k, delta, pnl }: GivenTradable) => ({
  id,
  underlying,
  halfSpread: decimal(half) as Usd,
  impact: decimal(k) as Usd,
  delta,
  profits: Float64Array.from(pnl),
  lotSize: null,
});

function accountOf(given: Given): PlannerAccount {
  return {
    cash: decimal(given.cash) as Usd,
    spots: new Map(Object.entries(given.underlyings).map(([name, { spot }]) => [name, decimal(spot) as Price])),
    positions: given.legs.map((leg) => ({
      ...tradable(leg),
      kind: leg.kind === "option" ? "OPTION" : "LINEAR",
      years: decimal(leg.T) as Ratio,
      quantity: decimal(leg.qty) as Quantity,
      mark: decimal(leg.mark) as Price,
      unitsMax: null,
    })),
    hedges: given.hedges.map((hedge) => ({
      ...tradable(hedge),
      direction: hedge.direction,
      unitsMax: decimal(hedge.cap) as Quantity,
    })),
    rules: {
      target: decimal(given.tau) as Ratio,
      offset: decimal(given.theta) as Ratio,
      shortOptionRate: ratio("0.003"),
      basisFloor: ratio("0.002"),
      basisYearly: ratio("0.02"),
      costShareMax: decimal(given.phi) as Ratio,
      guard: decimal(given.guard) as Ratio,
      segments: given.segments,
    },
  };
}

const isNear = (got: number, expected: number) => Math.abs(got - expected) <= 1e-6 * Math.max(1, Math.abs(expected));

describe.each(cases)("$id", ({ input, expected }) => {
  const account = accountOf(input);
  const plan = planReduction(account);

  test.each(["equity", "maintenance", "core", "joint", "sumWorst", "shortOption", "basis"] as const)(
    "LIQUIDATION-14: %s",
    (part) => {
      const figure = (expected as unknown as Readonly<Record<string, number>>)[part];
      expect(isNear(plannerRequirement(account)[part].toNumber(), figure ?? Number.NaN)).toBe(true);
    },
  );

  test("LIQUIDATION-15: what closing everything would cost", () => {
    expect(isNear(closeAllCost(account).toNumber(), expected.closeAllCost)).toBe(true);
  });

  test("LIQUIDATION-15: the least cost, or the least shortfall where nothing restores", () => {
    expect(plan.outcome).toBe(expected.feasible ? "RESTORES" : "PROGRESS");
    const found = expected.feasible ? plan.optimum?.cost : plan.optimum?.shortfall;
    expect(isNear(found ?? Number.NaN, expected.optimalCost ?? expected.minShortfall ?? Number.NaN)).toBe(true);
  });

  test("LIQUIDATION-18: the bound proves it", () => {
    const found = (expected.feasible ? plan.optimum?.cost : plan.optimum?.shortfall) ?? Number.NaN;
    expect(isNear(plan.optimum?.bound ?? Number.NaN, found)).toBe(true);
  });

  test("LIQUIDATION-19: the hedges that the account may open", () => {
    const perpetuals = account.hedges.map(({ direction: _, unitsMax: __, ...instrument }) => instrument);
    const offered = hedgesFor(account, perpetuals);
    expect(offered.map(({ id, direction }) => [id, direction])).toEqual(input.hedges.map((h) => [h.id, h.direction]));
    for (const [at, { unitsMax }] of offered.entries()) {
      expect(isNear(unitsMax.toNumber(), input.hedges[at]?.cap ?? Number.NaN)).toBe(true);
    }
  });
});
