import { describe, expect, test } from "@jest/globals";
import { accountId, type InstrumentId, instrumentId, type MarketSnapshot, toUtcMillis } from "@ballast/model";
import { price, quantity, usd } from "@ballast/money";
import { standardParameters } from "@ballast/risk-core";
import type { NewVenueOrder } from "@ballast/store";
import { fillOrder } from "./simulated-venue.js";

const parameters = standardParameters();
const perpetual = instrumentId("BTC_USDC-PERPETUAL");
const makers = ["maker-1", "maker-2", "maker-3"].map(accountId);
const market: MarketSnapshot = {
  sequence: 7,
  at: toUtcMillis(1_583_971_200_000),
  indexPrices: new Map(),
  markPrices: new Map([[perpetual, price("8000")]]),
  depths: new Map([[perpetual, usd("1000000")]]),
};

function order(changed: Partial<NewVenueOrder> = {}): NewVenueOrder {
  const base = { account: accountId("alice"), epoch: 1, step: 1, leg: 1, instrument: perpetual };
  return { ...base, clientOrderId: "alice.1.1.1", quantity: quantity("-1000"), ...changed };
}

describe("LIQUIDATION-2: the simulated venue", () => {
  test("gives the same order the same answer, before and after a crash", () => {
    expect(fillOrder(order(), market, makers, parameters)).toEqual(fillOrder(order(), market, makers, parameters));
  });

  test("a sale trades below the mark, a purchase above it, and a larger order further away", () => {
    const at = (contracts: string) =>
      fillOrder(order({ quantity: quantity(contracts) }), market, makers, parameters).price;
    expect(at("-1000").lt("8000")).toBe(true);
    expect(at("1000").gt("8000")).toBe(true);
    expect(at("-100000").lt(at("-1000"))).toBe(true);
  });

  test("VENUE-2: fills the whole order, and never with the account itself", () => {
    for (let leg = 1; leg <= 50; leg += 1) {
      const own = order({ account: makers[0] ?? accountId("maker-1"), clientOrderId: `maker-1.1.1.${leg}` });
      const fill = fillOrder(own, market, makers, parameters);
      expect(fill.maker).not.toBe(own.account);
      expect(fill.quantity.eq(own.quantity)).toBe(true);
    }
  });

  test("spreads orders over all makers", () => {
    const chosen = Array.from({ length: 60 }, (_, leg) =>
      fillOrder(order({ clientOrderId: `alice.1.1.${leg}` }), market, makers, parameters),
    );
    expect(new Set(chosen.map((fill) => fill.maker)).size).toBe(makers.length);
  });

  test.each([
    ["a listed instrument", order({ instrument: "NO-SUCH" as InstrumentId })],
    ["a mark", order({ instrument: instrumentId("ETH-PERPETUAL") })],
  ] as const)("VENUE-1: refuses an order without %s", (_, placed) => {
    expect(() => fillOrder(placed, market, makers, parameters)).toThrow("VENUE-1");
  });

  test("VENUE-2: refuses an order when nobody makes the market", () => {
    expect(() => fillOrder(order(), market, [], parameters)).toThrow("VENUE-2");
  });
});
