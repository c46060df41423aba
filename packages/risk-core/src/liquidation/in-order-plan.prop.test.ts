import { describe, expect, test } from "@jest/globals";
import { type Account, contractValue, type LiquidationLeg, type MarketSnapshot } from "@ballast/model";
import { type Amount, Decimal, printDecimal, type Quantity } from "@ballast/money";
import fc from "fast-check";
import { isNoRiskier } from "../decision/admit.js";
import { assessAccount } from "../pipeline.js";
import { accountOf, anyMarket, anyPositions, decimalText, listed, PARAMETERS, shuffled } from "../testing.js";
import { planDisposal } from "./disposal.js";
import { executionPrice } from "./execution-price.js";
import { liquidationFee } from "./liquidation-fee.js";
import { planInOrder } from "./in-order-plan.js";
import type { PlannedLiquidation } from "./planned-liquidation.js";

const { target, takeoverBelow, feeRate, halfSpread, depthShareMax, disposalDepthShare } = PARAMETERS.liquidation;

/**
 * An account just below maintenance margin: positions at will, and as much or as little in dollars and coins as makes
 * equity a stated share of the requirement.
 */
const anyBreach: fc.Arbitrary<readonly [Account, MarketSnapshot]> = fc
  .record({
    positions: anyPositions.filter((positions) => positions.length > 0),
    market: anyMarket,
    coins: fc.bigInt({ min: 0n, max: 300_000_000n }).map((units) => decimalText(units, 8)),
    share: fc.integer({ min: -10, max: 110 }),
  })
  .map(({ positions, market, coins, share }) => {
    const start = accountOf({ balances: { BTC: coins }, positions });
    const { equity, maintenanceMargin } = assessAccount(start, market, PARAMETERS).summary;
    const index = new Map<string, Decimal>(market.indexPrices).get("USDC") ?? new Decimal(1);
    const missing = maintenanceMargin.mul(share).div(100).sub(equity).div(index).toFixed(6);
    return [accountOf({ balances: { BTC: coins, USDC: missing }, positions }), market] as const;
  });

const property = (
  claim: (account: Account, market: MarketSnapshot, plan: PlannedLiquidation) => void,
  numRuns = 120,
): void =>
  fc.assert(
    fc.property(anyBreach, ([account, market]) => claim(account, market, planInOrder(account, market, PARAMETERS))),
    { numRuns },
  );

/** The account after the legs have traded and paid, kept by the test itself. */
function afterLegs(account: Account, market: MarketSnapshot, legs: readonly LiquidationLeg[]): Account {
  const balances = new Map(account.balances);
  const positions = new Map(account.positions);
  let standing: Account = { ...account, balances, positions };
  for (const { instrument: id, quantity, expectedPrice } of legs) {
    const instrument = listed(id);
    const asset = instrument.settlementAsset;
    const held = positions.get(id);
    if (held === undefined) throw new Error(`the plan trades ${id}, which is not held`);
    const left = held.quantity.add(quantity) as Quantity;
    const entryCash = held.entryCash.sub(contractValue(instrument, quantity, expectedPrice)) as Amount;
    positions.set(id, { instrument: id, quantity: left, entryCash });
    standing = { ...account, balances: new Map(balances), positions: new Map(positions) };
    const fee = liquidationFee({
      instrument,
      quantity,
      price: expectedPrice,
      settlementIndex: market.indexPrices.get(asset)!,
      rate: feeRate,
      netValueLeft: assessAccount(standing, market, PARAMETERS).summary.netValue,
    });
    balances.set(asset, (balances.get(asset) ?? new Decimal(0)).sub(fee) as Amount);
    standing = { ...account, balances: new Map(balances), positions: new Map(positions) };
  }
  return standing;
}

describe("a plan", () => {
  test("LIQUIDATION-1: it never grows or flips a position, and trades whole lots", () => {
    property((account, _market, plan) => {
      if (plan.kind === "TAKEOVER") return;
      expect(new Set(plan.legs.map(({ instrument }) => instrument)).size).toBe(plan.legs.length);
      for (const { instrument, quantity } of plan.legs) {
        const held = account.positions.get(instrument)?.quantity ?? new Decimal(0);
        expect(quantity.isZero()).toBe(false);
        expect(quantity.isPositive()).not.toBe(held.isPositive());
        expect(quantity.abs().lte(held.abs())).toBe(true);
        expect(quantity.mod(listed(instrument).lotSize).isZero()).toBe(true);
      }
    });
  });

  test("LIQUIDATION-1: it leaves the account no riskier, and no requirement larger", () => {
    property((account, market, plan) => {
      if (plan.kind === "TAKEOVER") return;
      const before = assessAccount(account, market, PARAMETERS).summary;
      const after = assessAccount(afterLegs(account, market, plan.legs), market, PARAMETERS).summary;
      expect(isNoRiskier(after, before)).toBe(true);
      expect(after.maintenanceMargin.lte(before.maintenanceMargin)).toBe(true);
      expect(printDecimal(plan.equityAfter)).toBe(printDecimal(after.equity));
      expect(printDecimal(plan.maintenanceMarginAfter)).toBe(printDecimal(after.maintenanceMargin));
    });
  });

  test("LIQUIDATION-5: it restores the target when it says so, and only then says so", () => {
    property((account, market, plan) => {
      if (plan.kind === "TAKEOVER") return;
      const after = assessAccount(afterLegs(account, market, plan.legs), market, PARAMETERS).summary;
      expect(after.equity.gte(after.maintenanceMargin.mul(target))).toBe(plan.restoresTarget);
    });
  });

  test("LIQUIDATION-5: one lot less of its last leg would not restore the target", () => {
    property((account, market, plan) => {
      if (plan.kind === "TAKEOVER" || !plan.restoresTarget || plan.legs.length === 0) return;
      const last = plan.legs.at(-1) as LiquidationLeg;
      const instrument = listed(last.instrument);
      const lot = last.quantity.gt(0) ? instrument.lotSize : instrument.lotSize.neg();
      const quantity = last.quantity.sub(lot) as Quantity;
      const depth = market.depths.get(instrument.id)!;
      const fewer = quantity.isZero()
        ? []
        : [
            {
              ...last,
              quantity,
              expectedPrice: executionPrice({ instrument, quantity, markPrice: last.markPrice, depth, halfSpread }),
            },
          ];
      const after = assessAccount(
        afterLegs(account, market, [...plan.legs.slice(0, -1), ...fewer]),
        market,
        PARAMETERS,
      ).summary;
      expect(after.equity.gte(after.maintenanceMargin.mul(target))).toBe(false);
    });
  });

  test("LIQUIDATION-4: no order takes more than its share of the depth; only then is a plan content with progress", () => {
    property((account, market, plan) => {
      if (plan.kind === "TAKEOVER") return;
      let boundReached = false;
      for (const { instrument: id, quantity, markPrice } of plan.legs) {
        const instrument = listed(id);
        const perLot =
          instrument.payoff === "inverse" ? instrument.contractSize : instrument.contractSize.mul(markPrice);
        const bound = (market.depths.get(id) ?? new Decimal(0)).mul(depthShareMax);
        expect(quantity.abs().mul(perLot).lte(bound)).toBe(true);
        const held = account.positions.get(id)?.quantity ?? new Decimal(0);
        if (held.abs().mul(perLot).gt(bound)) boundReached = true;
      }
      if (!plan.restoresTarget && plan.legs.length > 0) expect(boundReached).toBe(true);
    });
  });

  test("LIQUIDATION-3: fees never cause a bankruptcy", () => {
    property((account, market, plan) => {
      if (plan.kind === "TAKEOVER") return;
      const before = assessAccount(account, market, PARAMETERS).summary;
      const after = assessAccount(afterLegs(account, market, plan.legs), market, PARAMETERS).summary;
      if (before.netValue.gte(0) && after.netValue.lt(0)) {
        // Then slippage alone has done it, and no fee was taken on top.
        const slipped = plan.legs.reduce((sum, leg) => sum.add(leg.cost), new Decimal(0));
        expect(printDecimal(slipped)).toBe(printDecimal(before.netValue.sub(after.netValue)));
      }
      for (const leg of plan.legs) expect(leg.cost.gte(0) && leg.released.gte(0)).toBe(true);
    });
  });

  test("LIQUIDATION-1: the order of the account's rows changes nothing", () => {
    property((account, market, plan) => {
      expect(print(planInOrder(shuffled(account), market, PARAMETERS))).toBe(print(plan));
    });
  });

  test("LIQUIDATION-1: only a breach is acted on, and takeover is for little equity or a hopeless book", () => {
    property((account, market, plan) => {
      const { equity, maintenanceMargin } = assessAccount(account, market, PARAMETERS).summary;
      const acts = plan.kind === "TAKEOVER" || plan.legs.length > 0;
      expect(acts).toBe(equity.lt(maintenanceMargin));
      const low = equity.lt(maintenanceMargin.mul(takeoverBelow));
      expect(plan.kind === "TAKEOVER" && plan.because === "EQUITY_TOO_LOW").toBe(low && equity.lt(maintenanceMargin));
    });
  });
});

describe("the fund's disposal", () => {
  const disposal = fc.assert.bind(fc);
  test("LIQUIDATION-12: it shrinks every position by a bounded share of depth, and never costs more than the fund has", () => {
    disposal(
      fc.property(anyPositions, anyMarket, fc.integer({ min: -1000, max: 50_000 }), (positions, market, cash) => {
        const fund = accountOf({ id: "fund", kind: "INSURANCE_FUND", balances: { USDC: String(cash) }, positions });
        const before = assessAccount(fund, market, PARAMETERS).summary.netValue;
        const legs = planDisposal(fund, market, PARAMETERS);
        for (const { instrument: id, quantity, markPrice } of legs) {
          const instrument = listed(id);
          const held = fund.positions.get(id)?.quantity ?? new Decimal(0);
          const perLot =
            instrument.payoff === "inverse" ? instrument.contractSize : instrument.contractSize.mul(markPrice);
          const bound = (market.depths.get(id) ?? new Decimal(0)).mul(disposalDepthShare);
          expect(quantity.isPositive()).not.toBe(held.isPositive());
          expect(quantity.abs().lte(held.abs()) && quantity.abs().mul(perLot).lte(bound)).toBe(true);
        }
        const cost = legs.reduce((sum, leg) => sum.add(leg.cost), new Decimal(0));
        if (legs.length > 0) expect(cost.lte(before)).toBe(true);
        if (before.lt(0)) expect(legs).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

function print(plan: PlannedLiquidation): string {
  return JSON.stringify(plan, (_, value: unknown) => (Decimal.isDecimal(value) ? printDecimal(value) : value));
}
