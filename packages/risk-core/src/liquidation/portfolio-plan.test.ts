import { describe, expect, test } from "@jest/globals";
import type { Account, LiquidationLeg, MarketSnapshot } from "@ballast/model";
import { Decimal, scale } from "@ballast/money";
import fc from "fast-check";
import { assessAccount } from "../pipeline.js";
import { accountOf, type MarketText, marketOf, PARAMETERS, type PositionsText } from "../testing.js";
import { planForAccount } from "./plan-for-account.js";
import { planStandardLiquidation } from "./standard-plan.js";
import { planPortfolioLiquidation } from "./portfolio-plan.js";

const BTC_LONG = ["BTC_USDC-PERPETUAL", "10000", "8000"] as const;
const ETH_SHORT = ["ETH_USDC-PERPETUAL", "-40000", "200"] as const;
const FUTURE_SHORT = ["BTC_USDC-26JUN20", "-10000", "8100"] as const;
const DEEP = Object.fromEntries([...PARAMETERS.instruments.keys()].map((id) => [id, "50000000"]));

/** A portfolio account with so much equity as is this multiple of its maintenance margin. */
function short(of: string, positions: PositionsText, market: MarketSnapshot): Account {
  const text = { marginMode: "PORTFOLIO", positions } as const;
  const rich = accountOf({ ...text, balances: { USDC: "1000000" } });
  const { equity, maintenanceMargin } = assessAccount(rich, market, PARAMETERS).summary;
  const dollars = maintenanceMargin.mul(of).add("1000000").sub(equity).toDecimalPlaces(6, Decimal.ROUND_FLOOR);
  return accountOf({ ...text, balances: { USDC: dollars.toFixed() } });
}

const legsOf = (account: Account, market: MarketSnapshot): Readonly<Record<string, string>> => {
  const plan = planPortfolioLiquidation(account, market, PARAMETERS);
  if (plan.kind !== "REDUCE") return { TAKEOVER: plan.because };
  return Object.fromEntries(plan.legs.map(({ instrument, quantity }) => [instrument, quantity.toFixed()]));
};

describe("LIQUIDATION-30: a portfolio account is reduced by the cheapest trades that its own model knows", () => {
  const market = marketOf({ depth: DEEP });

  test("an account that is not below maintenance margin is not touched", () => {
    expect(legsOf(short("1.01", [BTC_LONG, ETH_SHORT], market), market)).toEqual({});
  });

  test("a hedged pair is reduced on the leg that decides, and its hedge stays", () => {
    const legs = legsOf(short("0.95", [BTC_LONG, ETH_SHORT], market), market);
    expect(Object.keys(legs)).toEqual(["ETH_USDC-PERPETUAL"]);
  });

  test("a calendar spread is reduced on both sides: closing one alone would need more", () => {
    const legs = legsOf(short("0.9", [BTC_LONG, FUTURE_SHORT], market), market);
    expect(Object.keys(legs).sort()).toEqual(["BTC_USDC-26JUN20", "BTC_USDC-PERPETUAL"]);
  });

  test("far below maintenance margin it is taken over", () => {
    expect(legsOf(short("0.2", [BTC_LONG], market), market)).toEqual({ TAKEOVER: "EQUITY_TOO_LOW" });
    const owing = accountOf({ marginMode: "PORTFOLIO", balances: { USDC: "-7800", BTC: "1" } });
    expect(legsOf(owing, market)).toEqual({ TAKEOVER: "DEBT_WITHOUT_POSITIONS" });
  });

  test("the mode of the account says which planner it gets", () => {
    const account = short("0.95", [BTC_LONG, ETH_SHORT], market);
    const standard: Account = { ...account, marginMode: "STANDARD" };
    expect(planForAccount(account, market, PARAMETERS)).toEqual(planPortfolioLiquidation(account, market, PARAMETERS));
    expect(planForAccount(standard, market, PARAMETERS)).toEqual(planStandardLiquidation(standard, market, PARAMETERS));
  });
});

describe("what every plan keeps", () => {
  const lots = (least: number, most: number) => fc.integer({ min: least, max: most }).map(String);
  const anyBook = fc.record({
    btc: lots(-20_000, 20_000),
    eth: lots(-60_000, 60_000),
    inverse: lots(-10_000, 10_000),
    future: lots(-10_000, 10_000),
    has: fc.integer({ min: 30, max: 99 }).map((percent) => String(percent / 100)),
    depth: fc.constantFrom("400000", "3000000", "50000000"),
  });

  test("LIQUIDATION-1: whole lots that only reduce, no requirement larger, and the target where it says so", () => {
    fc.assert(
      fc.property(anyBook, ({ btc, eth, inverse, future, has, depth }) => {
        const depths: MarketText["depth"] = Object.fromEntries(Object.keys(DEEP).map((id) => [id, depth]));
        const market = marketOf({ depth: depths });
        const positions: PositionsText = [
          ["BTC_USDC-PERPETUAL", btc, "8000"],
          ["ETH_USDC-PERPETUAL", eth, "200"],
          ["BTC-PERPETUAL", inverse, "8000"],
          ["BTC_USDC-26JUN20", future, "8100"],
        ];
        const account = short(has, positions, market);
        const before = assessAccount(account, market, PARAMETERS).summary;
        if (before.equity.gte(before.maintenanceMargin)) return;
        const plan = planPortfolioLiquidation(account, market, PARAMETERS);
        if (plan.kind === "TAKEOVER") {
          // Nothing but depth or the cost of closing may keep an account with equity from being reduced.
          expect(plan.because).not.toBe("DEBT_WITHOUT_POSITIONS");
          return;
        }
        expectOnlyReductions(account, plan.legs);
        expect(plan.maintenanceMarginAfter.lte(before.maintenanceMargin)).toBe(true);
        const target = scale(plan.maintenanceMarginAfter, PARAMETERS.liquidation.target);
        expect(plan.equityAfter.gte(target)).toBe(plan.restoresTarget);
        expect(planPortfolioLiquidation(reversed(account), market, PARAMETERS)).toEqual(plan);
      }),
      { numRuns: 12 },
    );
  });
});

function expectOnlyReductions(account: Account, legs: readonly LiquidationLeg[]): void {
  expect(legs.length).toBeGreaterThan(0);
  for (const { instrument, quantity } of legs) {
    const held = account.positions.get(instrument)?.quantity;
    expect(held?.isPositive()).toBe(quantity.isNegative());
    expect(held?.abs().gte(quantity.abs())).toBe(true);
    expect(quantity.isInteger()).toBe(true);
  }
}

const reversed = (account: Account): Account => ({
  ...account,
  positions: new Map([...account.positions].reverse()),
  balances: new Map([...account.balances].reverse()),
});
