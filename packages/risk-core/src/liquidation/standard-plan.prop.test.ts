import { describe, expect, test } from "@jest/globals";
import type { Account, LiquidationLeg, MarketSnapshot } from "@ballast/model";
import { Decimal } from "@ballast/money";
import fc from "fast-check";
import { assessAccount } from "../pipeline.js";
import { prepareMarket } from "../scan/prepared-market.js";
import { accountOf, anyMarket, anyPositions, listed, marketOf, PARAMETERS, shuffled } from "../testing.js";
import { imagineOrder, largestOrder } from "./imagined-order.js";
import { planInOrder } from "./in-order-plan.js";
import { isReduction, isRestored } from "./planned-liquidation.js";
import { planStandardLiquidation } from "./standard-plan.js";

/** An account below maintenance margin, with equity as a share of the requirement. */
const anyBreach: fc.Arbitrary<readonly [Account, MarketSnapshot]> = fc
  .record({
    positions: anyPositions.filter((positions) => positions.length > 0),
    market: anyMarket,
    share: fc.integer({ min: 30, max: 99 }),
  })
  .map(({ positions, market, share }) => {
    const start = accountOf({ positions });
    const { equity, maintenanceMargin } = assessAccount(start, market, PARAMETERS).summary;
    const index = new Map<string, Decimal>(market.indexPrices).get("USDC") ?? new Decimal(1);
    const missing = maintenanceMargin.mul(share).div(100).sub(equity).div(index).toFixed(6);
    return [accountOf({ balances: { USDC: missing }, positions }), market] as const;
  });

const BREACHES = { numRuns: 40 };
const costOf = (legs: readonly LiquidationLeg[]) => legs.reduce((sum, { cost }) => sum.add(cost), new Decimal(0));

/** Do long and short positions stand against each other? */
const hasHedges = ({ positions }: Account) =>
  new Set([...positions.values()].map(({ quantity }) => quantity.isPositive())).size > 1;

/** Net dollars of each underlying, and of all of them, before and after orders at the mark. */
function netExposures(account: Account, market: MarketSnapshot, legs: readonly LiquidationLeg[]) {
  const net = new Map<string, { before: Decimal; after: Decimal }>();
  for (const { instrument: id, quantity } of account.positions.values()) {
    const { underlying, payoff, contractSize } = listed(id);
    const mark = market.markPrices.get(id) ?? new Decimal(0);
    const index = market.indexPrices.get(listed(id).settlementAsset) ?? new Decimal(0);
    const perContract = payoff === "inverse" ? contractSize : contractSize.mul(mark).mul(index);
    const traded = legs.find(({ instrument }) => instrument === id)?.quantity ?? new Decimal(0);
    for (const whole of [underlying, "all"]) {
      const { before, after } = net.get(whole) ?? { before: new Decimal(0), after: new Decimal(0) };
      net.set(whole, {
        before: before.add(quantity.mul(perContract)),
        after: after.add(quantity.add(traded).mul(perContract)),
      });
    }
  }
  return [...net.values()];
}

describe("the plan of an account under standard margin", () => {
  test("LIQUIDATION-31: restores whatever working positions in order restores; for no more where nothing is hedged", () => {
    fc.assert(
      fc.property(anyBreach, ([account, market]) => {
        const inOrder = planInOrder(account, market, PARAMETERS);
        const plan = planStandardLiquidation(account, market, PARAMETERS);
        if (inOrder.kind !== "REDUCE" || !inOrder.restoresTarget) return;
        expect(plan).toMatchObject({ kind: "REDUCE", restoresTarget: true });
        if (plan.kind === "REDUCE" && plan.chosenBy !== "CHEAPEST_KEEPING_HEDGES") {
          expect(costOf(plan.legs).lte(costOf(inOrder.legs))).toBe(true);
        }
      }),
      BREACHES,
    );
  });

  test("LIQUIDATION-31: what stands against each other is sold together, and it says when it cannot be", () => {
    let kept = 0;
    fc.assert(
      fc.property(anyBreach, ([account, market]) => {
        const plan = planStandardLiquidation(account, market, PARAMETERS);
        if (plan.kind !== "REDUCE") return;
        if (plan.chosenBy !== "CHEAPEST_KEEPING_HEDGES") return;
        kept += 1;
        expect(hasHedges(account)).toBe(true);
        const lots = plan.legs.reduce(
          (sum, { instrument, markPrice }) => sum.add(listed(instrument).contractSize.mul(markPrice).mul(2)),
          new Decimal(1),
        );
        for (const { before, after } of netExposures(account, market, plan.legs)) {
          expect(after.abs().lte(before.abs().add(lots))).toBe(true);
        }
      }),
      BREACHES,
    );
    expect(kept).toBeGreaterThan(10);
  });

  test("LIQUIDATION-5: the target, and not a lot further: what ticks, two lots, haircuts on costs and a hundredth explain", () => {
    fc.assert(
      fc.property(anyBreach, ([account, market]) => {
        const plan = planStandardLiquidation(account, market, PARAMETERS);
        if (plan.kind !== "REDUCE" || !plan.restoresTarget) return;
        const { target } = PARAMETERS.liquidation;
        const further = plan.equityAfter.sub(plan.maintenanceMarginAfter.mul(target));
        const explained = plan.legs.reduce((sum, { instrument: id, quantity, released, markPrice, cost }) => {
          const { tickSize, lotSize, payoff, contractSize } = listed(id);
          const perContract = payoff === "inverse" ? contractSize : contractSize.mul(markPrice);
          const tick = perContract.mul(quantity.abs()).mul(tickSize).div(markPrice);
          const lots = released.div(quantity.abs()).mul(lotSize).mul(target).mul(2);
          return sum.add(tick).add(lots).add(cost.div(5)).add(released.mul(target).div(100));
        }, new Decimal(0));
        expect(further.lte(explained)).toBe(true);
      }),
      BREACHES,
    );
  });

  test("LIQUIDATION-1, -4: each order keeps to its share of depth and leaves the account no riskier on its own; a bounded step says so", () => {
    fc.assert(
      fc.property(anyBreach, ([account, market]) => {
        const plan = planStandardLiquidation(account, market, PARAMETERS);
        if (plan.kind !== "REDUCE") return;
        const prepared = prepareMarket(market, PARAMETERS);
        const { feeRate, depthShareMax } = PARAMETERS.liquidation;
        let reached = { account, summary: assessAccount(account, market, PARAMETERS).summary };
        for (const { instrument, quantity } of plan.legs) {
          const order = largestOrder(reached.account, listed(instrument), depthShareMax, prepared);
          expect(quantity.div(order.trade).lte(order.lots)).toBe(true);
          const { after } = imagineOrder(reached, order, quantity.div(order.trade), feeRate, prepared);
          expect(isReduction(after.summary, reached.summary, PARAMETERS)).toBe(true);
          reached = after;
        }
        expect(isRestored(reached.summary, PARAMETERS)).toBe(plan.restoresTarget);
        expect(reached.summary.equity.eq(plan.equityAfter)).toBe(true);
      }),
      BREACHES,
    );
  });

  test("LIQUIDATION-1: only reduces, in whole lots, and leaves what it says", () => {
    fc.assert(
      fc.property(anyBreach, ([account, market]) => {
        const plan = planStandardLiquidation(account, market, PARAMETERS);
        if (plan.kind !== "REDUCE") return;
        const { summary } = assessAccount(account, market, PARAMETERS);
        expect(plan.maintenanceMarginAfter.lte(summary.maintenanceMargin)).toBe(true);
        for (const { instrument, quantity } of plan.legs) {
          const held = account.positions.get(instrument)?.quantity ?? new Decimal(0);
          expect(quantity.isNegative() !== held.isNegative() && quantity.abs().lte(held.abs())).toBe(true);
          expect(quantity.mod(PARAMETERS.instruments.get(instrument)?.lotSize ?? 1).isZero()).toBe(true);
        }
        const { target } = PARAMETERS.liquidation;
        if (plan.restoresTarget) expect(plan.equityAfter.gte(plan.maintenanceMarginAfter.mul(target))).toBe(true);
      }),
      BREACHES,
    );
  });

  test("LIQUIDATION-16: the order of the account's rows changes nothing", () => {
    fc.assert(
      fc.property(anyBreach, ([account, market]) => {
        expect(JSON.stringify(planStandardLiquidation(shuffled(account), market, PARAMETERS))).toBe(
          JSON.stringify(planStandardLiquidation(account, market, PARAMETERS)),
        );
      }),
      { numRuns: 20 },
    );
  });

  test("LIQUIDATION-31: sells where the book is deep rather than where the requirement is largest", () => {
    const market = marketOf({ depth: { "BTC_USDC-PERPETUAL": "1000000", "ETH_USDC-PERPETUAL": "100000000" } });
    const account = accountOf({
      balances: { USDC: "60000" },
      positions: [
        ["BTC_USDC-PERPETUAL", "100000", "8000"],
        ["ETH_USDC-PERPETUAL", "300000", "200"],
      ],
    });
    const { summary } = assessAccount(account, market, PARAMETERS);
    const short = summary.equity.sub(summary.maintenanceMargin.mul("0.9"));
    const breached = accountOf({
      balances: { USDC: new Decimal(60_000).sub(short).toFixed(2) },
      positions: [
        ["BTC_USDC-PERPETUAL", "100000", "8000"],
        ["ETH_USDC-PERPETUAL", "300000", "200"],
      ],
    });
    const inOrder = planInOrder(breached, market, PARAMETERS);
    const cheapest = planStandardLiquidation(breached, market, PARAMETERS);
    if (inOrder.kind !== "REDUCE" || cheapest.kind !== "REDUCE") throw new Error("both can reduce");
    expect(costOf(cheapest.legs).lt(costOf(inOrder.legs))).toBe(true);
  });

  test("LIQUIDATION-31: of two legs against each other both are sold, where working in order would sell one and leave the other", () => {
    const account = accountOf({
      balances: { USDC: "1900" },
      positions: [
        ["BTC_USDC-PERPETUAL", "13000", "8000"],
        ["BTC-PERPETUAL", "-10000", "8000"],
      ],
    });
    const inOrder = planInOrder(account, marketOf({}), PARAMETERS);
    const plan = planStandardLiquidation(account, marketOf({}), PARAMETERS);
    if (inOrder.kind !== "REDUCE" || plan.kind !== "REDUCE") throw new Error("both can reduce");
    expect(inOrder.legs.map(({ instrument }) => instrument)).toEqual(["BTC_USDC-PERPETUAL"]);
    expect(plan).toMatchObject({ chosenBy: "CHEAPEST_KEEPING_HEDGES", restoresTarget: true });
    expect(plan.legs.map(({ instrument }) => instrument)).toEqual(["BTC_USDC-PERPETUAL", "BTC-PERPETUAL"]);
  });

  test("LIQUIDATION-5: what needs no plan, and what no plan can help, is answered as before", () => {
    const healthy = accountOf({ balances: { USDC: "100000" }, positions: [["BTC_USDC-PERPETUAL", "1000", "8000"]] });
    const gone = accountOf({ balances: { USDC: "1" }, positions: [["BTC_USDC-PERPETUAL", "1000", "8000"]] });
    for (const account of [healthy, gone]) {
      expect(planStandardLiquidation(account, marketOf({}), PARAMETERS)).toEqual(
        planInOrder(account, marketOf({}), PARAMETERS),
      );
    }
  });
});
