import { describe, expect, test } from "@jest/globals";
import { disposalOrders, holdingsWithFund, isBeyondSaving, passToFund, valueOfFund } from "./takeover.f64.js";
import { type Crowd, figuresOf, foundCrowd, type Holdings } from "./crowd.f64.js";
import { optionDelta } from "./option-lines.f64.js";

const ACCOUNTS = 400;
const FUND = 1e6;
const PATH = {
  event: "flat",
  assets: ["BTC", "ETH", "SOL", "XRP", "ADA"],
  prices: [30_000, 1_900, 25, 0.6, 0.3].map((price) => Float64Array.of(price, price)),
  hourlyReturns: [[], [], [], [], []],
  hoursBefore: 0,
};

const crowd = foundCrowd(PATH, 1, ACCOUNTS);
const marks = Float64Array.from(crowd.opening, (price) => price * 0.9);
const depths = Float64Array.from(crowd.openInterest, (dollars) => dollars / 40);

/** The fund's holdings after it has taken over every third account. */
function withStock(cash = FUND): Holdings {
  const holdings = holdingsWithFund(crowd, cash);
  for (let account = 0; account < ACCOUNTS; account += 3) passToFund(crowd, holdings, account, marks);
  return holdings;
}

/** Dollars that the orders of one asset press on its mark with, half the delta of options among them. */
function pressure(orders: ReturnType<typeof disposalOrders>, { opening, options }: Crowd, asset: number): number {
  return orders
    .filter((order) => order.asset === asset)
    .map(({ line, units }) =>
      line < 0
        ? Math.abs(units) * marks[asset]!
        : Math.abs((units * optionDelta(options[line]!, marks[asset]!, opening[asset]!)) / 2) * marks[asset]!,
    )
    .reduce((sum, dollars) => sum + dollars, 0);
}

describe("takeovers of a replay", () => {
  test("LIQUIDATION-7: a takeover at the mark makes neither side richer, and leaves the account without a position", () => {
    const holdings = holdingsWithFund(crowd, FUND);
    let passed = 0;
    for (let account = 0; account < ACCOUNTS; account += 3) {
      const before = figuresOf(crowd, holdings, account, marks);
      passed += passToFund(crowd, holdings, account, marks);
      const after = figuresOf(crowd, holdings, account, marks);
      expect(after.maintenance).toBe(0);
      expect(after.equity / before.equity).toBeCloseTo(1, 9);
    }
    expect(passed).toBeGreaterThan(0);
    expect(valueOfFund(crowd, holdings, marks) / FUND).toBeCloseTo(1, 6);
  });

  test("a fund with stock gains and loses with the mark", () => {
    const holdings = withStock();
    const delta =
      valueOfFund(
        crowd,
        holdings,
        marks.map((mark) => mark * 1.01),
      ) - FUND;
    expect(Math.sign(delta)).not.toBe(0);
    expect(
      valueOfFund(
        crowd,
        holdings,
        marks.map((mark) => mark * 0.99),
      ) < FUND,
    ).toBe(delta > 0);
  });

  test("LIQUIDATION-12: a minute's disposal presses on no mark with more than a tenth of its depth, and grows nothing", () => {
    const holdings = withStock();
    const orders = disposalOrders(crowd, holdings, marks, depths);
    for (const asset of PATH.assets.keys()) {
      expect(pressure(orders, crowd, asset)).toBeGreaterThan(0);
      expect(pressure(orders, crowd, asset)).toBeLessThanOrEqual(0.1 * depths[asset]! * (1 + 1e-9));
    }
    for (const { account, asset, line, units } of orders) {
      const held = line < 0 ? holdings.units[ACCOUNTS * crowd.assets + asset]! : holdings.options[ACCOUNTS]![line]!;
      expect(account).toBe(ACCOUNTS);
      expect(Math.sign(units)).toBe(-Math.sign(held));
      expect(Math.abs(units)).toBeLessThanOrEqual(Math.abs(held));
    }
  });

  test("LIQUIDATION-12: a fund that has nothing left keeps what it holds", () => {
    expect(disposalOrders(crowd, withStock(-1), marks, depths)).toEqual([]);
  });

  //  equity  maintenance  taken over
  test.each([
    [25, 100, false],
    [24.99, 100, true],
    [-1, 100, true],
    [-1, 0, false],
  ])("LIQUIDATION-7: equity %p of a maintenance margin of %p: %p", (equity, maintenance, taken) => {
    expect(isBeyondSaving(equity, maintenance)).toBe(taken);
  });
});
