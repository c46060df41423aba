import { describe, expect, test } from "@jest/globals";
import { Decimal, type Quantity, ratio, type Usd } from "@ballast/money";
import fc from "fast-check";
import type { PlannerAccount } from "./account.js";
import { type PlannedLeg, planReduction, type ReductionPlan } from "./plan-reduction.js";
import { plannerRequirement } from "./requirement.js";
import { sampleAccount } from "./testing.js";

/** Accounts for each sentence; a plan of fourteen legs and its account take some milliseconds. */
const PLANS = { numRuns: 50 };

const anyAccount = fc
  .record({
    legs: fc.integer({ min: 1, max: 14 }),
    seed: fc.integer({ min: 1, max: 1_000_000 }),
    guard: fc.constantFrom("0", "0.25", "1"),
    costShareMax: fc.constantFrom("1", "0.9", "0.2"),
    lotShare: fc.constantFrom(undefined, 0.001, 0.01, 0.05),
    equityShare: fc.constantFrom(undefined, -0.1, 0.02, 0.2, 0.5),
    withHedges: fc.boolean(),
  })
  .map(({ lotShare, equityShare, ...options }) =>
    sampleAccount({
      ...options,
      ...(lotShare === undefined ? {} : { lotShare }),
      ...(equityShare === undefined ? {} : { equityShare }),
    }),
  );

/** The account as it is when the plan has been carried out. */
function afterPlan(account: PlannerAccount, plan: ReductionPlan): PlannerAccount {
  const traded = (id: string) => plan.legs.find((leg) => leg.id === id)?.quantity ?? new Decimal(0);
  const held = account.positions.map((position) => ({
    ...position,
    quantity: position.quantity.add(traded(position.id)) as Quantity,
  }));
  // Trades happen at the mark: what leaves as a position comes back as cash, less the cost.
  const marked = account.positions.reduce(
    (sum, { id, mark }) => sum.sub(traded(id).mul(mark ?? 0)),
    account.cash.sub(plan.cost),
  );
  const hedges = account.hedges.map((hedge) => ({
    ...hedge,
    kind: "LINEAR" as const,
    years: ratio("0"),
    quantity: traded(hedge.id) as Quantity,
    mark: null,
    unitsMax: null,
  }));
  return {
    ...account,
    cash: marked as Usd,
    positions: [...held, ...hedges].filter(({ quantity }) => !quantity.isZero()),
    hedges: [],
  };
}

/** Loss of every cell in float64, by underlying and joint. */
function cellsOf({ positions }: PlannerAccount): Map<string, Float64Array> {
  const cells = new Map<string, Float64Array>();
  for (const { underlying, quantity, profits } of positions) {
    for (const key of [underlying, "joint"]) {
      const losses = cells.get(key) ?? new Float64Array(profits.length);
      for (const [at, profit] of profits.entries()) losses[at]! -= quantity.toNumber() * profit;
      cells.set(key, losses);
    }
  }
  return cells;
}

describe("a plan", () => {
  test("LIQUIDATION-17: never raises maintenance margin or the worst loss", () => {
    fc.assert(
      fc.property(anyAccount, (account) => {
        const plan = planReduction(account);
        const [before, after] = [plannerRequirement(account), plannerRequirement(afterPlan(account, plan))];
        const tolerance = before.maintenance.mul("1e-8");
        expect(after.maintenance.lte(before.maintenance)).toBe(true);
        expect(after.joint.lte(before.joint.add(tolerance)) && after.core.lte(before.core.add(tolerance))).toBe(true);
      }),
      PLANS,
    );
  });

  test("LIQUIDATION-14: promises exactly what the account then has", () => {
    fc.assert(
      fc.property(anyAccount, (account) => {
        const plan = planReduction(account);
        const after = plannerRequirement(afterPlan(account, plan));
        expect(plan.after.equity.sub(after.equity).abs().lte("1e-7")).toBe(true);
        expect(plan.after.maintenance.sub(after.maintenance).abs().lte("1e-7")).toBe(true);
      }),
      PLANS,
    );
  });

  test("LIQUIDATION-15: restores when it says so, and costs no more than its share of equity", () => {
    fc.assert(
      fc.property(anyAccount, (account) => {
        const { outcome, after, before, cost, shortfall } = planReduction(account);
        const { target, costShareMax } = account.rules;
        if (outcome === "RESTORES") expect(after.equity.gte(after.maintenance.mul(target))).toBe(true);
        if (outcome === "PROGRESS") expect(shortfall.lt(before.maintenance.mul(target).sub(before.equity))).toBe(true);
        expect(cost.lte(Decimal.max(before.equity, 0).mul(costShareMax))).toBe(true);
      }),
      PLANS,
    );
  });

  test("LIQUIDATION-17: keeps every cell within its guard, to two lots", () => {
    fc.assert(
      fc.property(anyAccount, (account) => {
        const plan = planReduction(account);
        const [before, after] = [cellsOf(account), cellsOf(afterPlan(account, plan))];
        const lots = lotsTraded(account, plan);
        const tolerance = plan.before.maintenance.toNumber() * 1e-8;
        for (const [key, losses] of after) {
          const was = before.get(key) ?? new Float64Array(losses.length);
          const level = account.rules.guard.toNumber() * Math.max(0, ...was);
          for (const [cell, loss] of losses.entries()) {
            const most = Math.max(was[cell]!, level) + 2 * (lots.get(key)?.[cell] ?? 0) + tolerance;
            expect(loss).toBeLessThanOrEqual(most);
          }
        }
      }),
      PLANS,
    );
  });

  test("LIQUIDATION-17: never makes a position larger and never turns it round; trades whole lots or a whole position", () => {
    fc.assert(
      fc.property(anyAccount, (account) => {
        const plan = planReduction(account);
        for (const { id, quantity, lotSize } of account.positions) {
          const { quantity: traded } = legOf(plan, id);
          expect(traded.isZero() || traded.isNegative() !== quantity.isNegative()).toBe(true);
          expect(traded.abs().lte(quantity.abs())).toBe(true);
          if (lotSize !== null) expect(traded.mod(lotSize).isZero() || traded.eq(quantity.neg())).toBe(true);
        }
        for (const { id, direction, unitsMax } of account.hedges) {
          const { quantity } = legOf(plan, id);
          expect(quantity.mul(direction).gte(0) && quantity.abs().lte(unitsMax)).toBe(true);
        }
      }),
      PLANS,
    );
  });

  test("LIQUIDATION-16: is the same to the last bit when rows come in another order", () => {
    fc.assert(
      fc.property(anyAccount, fc.integer({ min: 1, max: 1000 }), (account, turn) => {
        const permuted = {
          ...account,
          spots: new Map([...account.spots].reverse()),
          positions: [...account.positions]
            .map((position, at) => ({ position, key: (at * 7919 + turn * 104729) % 1009 }))
            .sort((left, right) => left.key - right.key)
            .map(({ position }) => position),
          hedges: [...account.hedges].reverse(),
        };
        expect(JSON.stringify(planReduction(permuted))).toBe(JSON.stringify(planReduction(account)));
      }),
      PLANS,
    );
  });

  test("LIQUIDATION-17: leaves an account alone that is not below maintenance margin", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9999 }), fc.constantFrom(1, 1.0001, 2), (seed, equityShare) => {
        const plan = planReduction(sampleAccount({ legs: 5, seed, equityShare: equityShare + 1e-9 }));
        expect(plan.outcome).toBe("NOT_NEEDED");
        expect(plan.legs.every(({ quantity }) => quantity.isZero())).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test("LIQUIDATION-18: no leg is worth less than it costs where it trades, nor more where it does not", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999 }), (seed) => {
        const plan = planReduction(sampleAccount({ legs: 8, seed, guard: "0.25" }));
        fc.pre(plan.optimum?.phase === "LEAST_COST");
        for (const leg of plan.legs) {
          const slack = 1e-6 * Math.max(1, leg.marginalCost);
          if (leg.quantity.isZero()) expect(leg.worth).toBeLessThanOrEqual(leg.marginalCost + slack);
        }
        const { cost, bound } = plan.optimum ?? { cost: Number.NaN, bound: Number.NaN };
        expect(cost - bound).toBeLessThanOrEqual(1e-6 * Math.max(1, cost));
        expect(bound - cost).toBeLessThanOrEqual(1e-6 * Math.max(1, cost));
      }),
      PLANS,
    );
  });
});

const legOf = (plan: ReductionPlan, id: string): PlannedLeg => {
  const leg = plan.legs.find((each) => each.id === id);
  if (leg === undefined) throw new Error(`the plan does not speak of ${id}`);
  return leg;
};

/** Dollars that one lot of the traded leg with the most of them moves, by cell. */
function lotsTraded(account: PlannerAccount, plan: ReductionPlan): Map<string, Float64Array> {
  const lots = new Map<string, Float64Array>();
  for (const { id, underlying, lotSize, profits } of [...account.positions, ...account.hedges]) {
    if (legOf(plan, id).quantity.isZero() || lotSize === null) continue;
    for (const key of [underlying, "joint"]) {
      const moved = lots.get(key) ?? new Float64Array(profits.length);
      for (const [cell, profit] of profits.entries()) {
        moved[cell] = Math.max(moved[cell]!, Math.abs(profit * lotSize.toNumber()));
      }
      lots.set(key, moved);
    }
  }
  return lots;
}
