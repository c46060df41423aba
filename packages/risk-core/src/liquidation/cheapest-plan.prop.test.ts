import { describe, expect, test } from "@jest/globals";
import type { Account, LiquidationLeg, MarketSnapshot } from "@ballast/model";
import { Decimal } from "@ballast/money";
import fc from "fast-check";
import { assessAccount } from "../pipeline.js";
import { accountOf, anyMarket, anyPositions, marketOf, PARAMETERS, shuffled } from "../testing.js";
import { planCheapestLiquidation } from "./cheapest-plan.js";
import { planLiquidation } from "./plan.js";

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

const BREACHES = { numRuns: 60 };
const costOf = (legs: readonly LiquidationLeg[]) => legs.reduce((sum, { cost }) => sum.add(cost), new Decimal(0));

describe("the cheapest plan", () => {
  test("LIQUIDATION-15: restores whatever working positions in order restores, for no more", () => {
    fc.assert(
      fc.property(anyBreach, ([account, market]) => {
        const inOrder = planLiquidation(account, market, PARAMETERS);
        const cheapest = planCheapestLiquidation(account, market, PARAMETERS);
        if (inOrder.kind !== "REDUCE" || !inOrder.restoresTarget) return;
        expect(cheapest).toMatchObject({ kind: "REDUCE", restoresTarget: true });
        if (cheapest.kind === "REDUCE") expect(costOf(cheapest.legs).lte(costOf(inOrder.legs))).toBe(true);
      }),
      BREACHES,
    );
  });

  test("LIQUIDATION-1: only reduces, in whole lots, and leaves what it says", () => {
    fc.assert(
      fc.property(anyBreach, ([account, market]) => {
        const plan = planCheapestLiquidation(account, market, PARAMETERS);
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
        expect(JSON.stringify(planCheapestLiquidation(shuffled(account), market, PARAMETERS))).toBe(
          JSON.stringify(planCheapestLiquidation(account, market, PARAMETERS)),
        );
      }),
      { numRuns: 20 },
    );
  });

  test("LIQUIDATION-15: sells where the book is deep rather than where the requirement is largest", () => {
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
    const inOrder = planLiquidation(breached, market, PARAMETERS);
    const cheapest = planCheapestLiquidation(breached, market, PARAMETERS);
    if (inOrder.kind !== "REDUCE" || cheapest.kind !== "REDUCE") throw new Error("both can reduce");
    expect(costOf(cheapest.legs).lt(costOf(inOrder.legs))).toBe(true);
  });

  test("LIQUIDATION-5: what needs no plan, and what no plan can help, is answered as before", () => {
    const healthy = accountOf({ balances: { USDC: "100000" }, positions: [["BTC_USDC-PERPETUAL", "1000", "8000"]] });
    const gone = accountOf({ balances: { USDC: "1" }, positions: [["BTC_USDC-PERPETUAL", "1000", "8000"]] });
    for (const account of [healthy, gone]) {
      expect(planCheapestLiquidation(account, marketOf({}), PARAMETERS)).toEqual(
        planLiquidation(account, marketOf({}), PARAMETERS),
      );
    }
  });
});
