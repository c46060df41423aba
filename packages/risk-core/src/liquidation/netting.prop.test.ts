import { describe, expect, test } from "@jest/globals";
import { instrumentId } from "@ballast/model";
import { Decimal, price, quantity } from "@ballast/money";
import fc from "fast-check";
import { type NettedFill, netOrders, type PendingOrder } from "./netting.js";

const BTC = instrumentId("BTC_USDC-PERPETUAL");
const ETH = instrumentId("ETH_USDC-PERPETUAL");
const markets = new Map([
  [BTC, { markPrice: price("8000"), lotSize: quantity("10") }],
  [ETH, { markPrice: price("200"), lotSize: quantity("1") }],
]);

const order = (id: string, contracts: string, changed: Partial<PendingOrder> = {}): PendingOrder => ({
  id,
  account: id,
  instrument: BTC,
  quantity: quantity(contracts),
  bankruptcyPrice: null,
  ...changed,
});
const shown = (fills: readonly NettedFill[]) => fills.map((fill) => [fill.order, fill.quantity.toFixed()]);

describe("opposite orders of one tick", () => {
  //  what meets                                   orders                                                     fills
  test.each([
    [
      "a seller and a buyer",
      [order("a", "-100"), order("b", "60")],
      [
        ["a", "-60"],
        ["b", "60"],
      ],
    ],
    [
      "two sellers share a buyer in proportion",
      [order("a", "-100"), order("b", "-200"), order("c", "90")],
      [
        ["a", "-30"],
        ["b", "-60"],
        ["c", "90"],
      ],
    ],
    [
      "lots that proportion leaves over go to the lower id",
      [order("a", "-100"), order("b", "-100"), order("c", "50")],
      [
        ["a", "-30"],
        ["b", "-20"],
        ["c", "50"],
      ],
    ],
    ["sellers alone", [order("a", "-100"), order("b", "-50")], []],
    [
      "one account does not meet itself",
      [order("a1", "-100", { account: "a" }), order("a2", "60", { account: "a" })],
      [],
    ],
    [
      "of an account on both sides its net meets others",
      [order("a1", "-100", { account: "a" }), order("a2", "60", { account: "a" }), order("b", "100")],
      [
        ["a1", "-40"],
        ["b", "40"],
      ],
    ],
    [
      "a seller whose nothing is above the mark stays out",
      [order("a", "-100", { bankruptcyPrice: price("8000.01") }), order("b", "60")],
      [],
    ],
    [
      "a buyer whose nothing is below the mark stays out",
      [order("a", "-100"), order("b", "60", { bankruptcyPrice: price("7999.99") })],
      [],
    ],
    [
      "at its bankruptcy price exactly it may",
      [order("a", "-100", { bankruptcyPrice: price("8000") }), order("b", "60")],
      [
        ["a", "-60"],
        ["b", "60"],
      ],
    ],
  ] as const)("LIQUIDATION-21: %s", (_, orders, fills) => {
    expect(shown(netOrders(orders, markets).fills)).toEqual(fills);
  });

  const anyOrder = fc.record({
    id: fc.string({ minLength: 2, maxLength: 4 }),
    account: fc.constantFrom("a", "b", "c", "d"),
    instrument: fc.constantFrom(BTC, ETH),
    quantity: fc
      .integer({ min: -50, max: 50 })
      .filter((lots) => lots !== 0)
      .map((lots) => quantity(new Decimal(lots * 10))),
    bankruptcyPrice: fc.constantFrom(null, price("7000"), price("9000"), price("150"), price("250")),
  });
  const anyOrders = fc.uniqueArray(anyOrder, { selector: ({ id }) => id, maxLength: 10 });

  test("LIQUIDATION-21: as much is bought as is sold, at the mark, and nobody trades more than its order or the other way", () => {
    fc.assert(
      fc.property(anyOrders, (orders) => {
        const { fills, remaining } = netOrders(orders, markets);
        for (const instrument of [BTC, ETH]) {
          const sum = fills
            .filter((fill) => fill.instrument === instrument)
            .reduce((total, fill) => total.add(fill.quantity), new Decimal(0));
          expect(sum.isZero()).toBe(true);
        }
        for (const each of orders) {
          const met = fills.find((fill) => fill.order === each.id)?.quantity ?? new Decimal(0);
          const left = remaining.find(({ id }) => id === each.id)?.quantity ?? new Decimal(0);
          expect(met.add(left).eq(each.quantity)).toBe(true);
          expect(met.isZero() || met.isNegative() === each.quantity.isNegative()).toBe(true);
          expect(met.abs().lte(each.quantity.abs())).toBe(true);
        }
        for (const { price: at, instrument } of fills)
          expect(at.eq(markets.get(instrument)?.markPrice ?? 0)).toBe(true);
      }),
    );
  });

  test("LIQUIDATION-21: the order of rows changes nothing", () => {
    fc.assert(
      fc.property(anyOrders, (orders) => {
        expect(JSON.stringify(netOrders([...orders].reverse(), markets))).toBe(
          JSON.stringify(netOrders(orders, markets)),
        );
      }),
    );
  });
});
