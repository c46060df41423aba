import { describe, expect, test } from "@jest/globals";
import { Decimal } from "@ballast/money";
import * as bitmex from "./bitmex.js";
import * as bybit from "./bybit.js";
import * as hyperliquid from "./hyperliquid.js";
import * as paradex from "./paradex.js";
import * as vega from "./vega.js";

const d = (text: string) => new Decimal(text);

describe("LIQUIDATION-28: BitMEX", () => {
  //  what it is                     mark   bankrupt  entry   score
  test.each([
    ["a winner by its leverage", "120", "80", "100", "0.6"],
    ["a loser by its lack of it", "90", "80", "100", "-0.011111"],
    ["nothing won, nothing lost", "100", "80", "100", "0"],
  ])("LIQUIDATION-28: ranks %s", (_, mark, bankrupt, entry, score) => {
    const ranked = { markValue: d(mark), bankruptValue: d(bankrupt), averageEntryValue: d(entry) };
    expect(bitmex.deleveragingScore(ranked).toDecimalPlaces(6).toFixed()).toBe(score);
  });

  test("LIQUIDATION-28: places holders by the quantity that stands before them, ties to the lower account", () => {
    const holders = [
      { account: "b", quantity: d("10"), score: d("2") },
      { account: "a", quantity: d("10"), score: d("2") },
      { account: "c", quantity: d("30"), score: d("9") },
    ];
    const queue = bitmex.deleveragingQueue(holders);
    expect(queue.map(({ account, percentile }) => [account, percentile.toFixed()])).toEqual([
      ["c", "60"],
      ["a", "80"],
      ["b", "100"],
    ]);
    expect(bitmex.closeFromQueue(d("35"), queue).map(({ account, closed }) => [account, closed.toFixed()])).toEqual([
      ["c", "30"],
      ["a", "5"],
    ]);
  });
});

describe("LIQUIDATION-28: Bybit", () => {
  const pool = (balance: string, profitRatio: string) => ({
    balance: d(balance),
    profitRatio: d(profitRatio),
    triggerThreshold: d("10000"),
    triggerRatio: d("-0.3"),
    stopRatio: d("-0.25"),
  });

  //  what the pool is like       balance   ratio    begins         ends again
  test.each([
    ["fallen by exactly 30 %", "20000", "-0.3", "DRAWDOWN", false],
    ["fallen by less", "20000", "-0.29", null, false],
    ["back above the end", "20000", "-0.24", null, true],
    ["too small for the rule", "10000", "-0.9", null, false],
    ["empty", "0", "0", "POOL_EMPTY", false],
    ["no longer empty", "0.01", "0", null, true],
  ] as const)("LIQUIDATION-28: a pool that is %s", (_, balance, ratio, begins, ends) => {
    const found = pool(balance, ratio);
    expect(bybit.poolTrigger(found)).toBe(begins);
    const began = balance === "0" || balance === "0.01" ? ("POOL_EMPTY" as const) : ("DRAWDOWN" as const);
    expect(bybit.poolRecovered(found, began)).toBe(ends);
  });
});

describe("LIQUIDATION-28: Hyperliquid", () => {
  test("LIQUIDATION-28: closes the most profitable and most leveraged first, ties to the lower id", () => {
    const position = (id: string, notional: string) => ({
      id,
      markPrice: d("110"),
      entryPrice: d("100"),
      notional: d(notional),
      accountValue: d("500"),
    });
    const order = hyperliquid.adlOrder([position("b", "100"), position("a", "100"), position("c", "900")]);
    expect(order.map(({ id }) => id)).toEqual(["c", "a", "b"]);
  });

  //  borrowed   against a value of 330 at a loan-to-value of one half
  test.each([
    ["247.5", "none"],
    ["247.51", "partial"],
    ["275", "partial"],
    ["275.01", "full"],
  ])("LIQUIDATION-28: a borrow of %s is liquidated: %s", (borrowed, outcome) => {
    const found = hyperliquid.borrowThresholds({
      tokens: d("10"),
      price: d("33"),
      loanToValue: d("0.5"),
      borrowed: d(borrowed),
    });
    expect(found.outcome).toBe(outcome);
  });
});

describe("LIQUIDATION-28: Paradex", () => {
  test("LIQUIDATION-28: cancels what would grow a position, and of the rest the most passive", () => {
    const order = (id: string, isBuy: boolean, size: string, price: string) => ({
      id,
      isBuy,
      size: d(size),
      price: d(price),
    });
    const orders = [
      order("buy", true, "2", "1900"),
      order("near", false, "3", "2100"),
      order("far", false, "8", "2200"),
    ];
    expect(paradex.ordersToCancel(d("10"), orders)).toEqual(["buy", "far"]);
    expect(paradex.ordersToCancel(d("11"), orders)).toEqual(["buy"]);
    expect(paradex.ordersToCancel(d("-10"), orders)).toEqual(["near", "far"]);
    expect(paradex.ordersToCancel(d("0"), orders)).toEqual(["buy", "near", "far"]);
  });

  test("LIQUIDATION-28: takes the smallest share that is enough, and everything when none is", () => {
    const rules = {
      maintenanceFraction: d("0.01"),
      penaltyShare: d("0.5"),
      targetRatio: d("0.9"),
      shareStep: d("0.2"),
    };
    const shareAt = (value: string) =>
      paradex.liquidatedShare(paradex.shareTable(d("100"), d(value), rules), d("0.9")).toFixed();
    expect(["110", "95", "80", "1"].map(shareAt)).toEqual(["0.2", "0.4", "0.6", "1"]);
  });

  test("LIQUIDATION-28: a fund with a losing position is worth less than its cash", () => {
    const { unrealisedProfit, value } = paradex.fundValue(d("2000"), {
      size: d("50"),
      entryPrice: d("100"),
      markPrice: d("70"),
    });
    expect([unrealisedProfit.toFixed(), value.toFixed()]).toEqual(["-1500", "500"]);
  });
});

describe("LIQUIDATION-28: Vega", () => {
  //  takeovers (units at a mark)              units  entry  realised  unrealised at 60
  test.each([
    ["one", [["1", "100"]], "1", "100", "0", "-40"],
    [
      "two of one side",
      [
        ["1", "100"],
        ["1", "120"],
      ],
      "2",
      "110",
      "0",
      "-100",
    ],
    [
      "one and the opposite",
      [
        ["1", "100"],
        ["-1", "120"],
      ],
      "0",
      "0",
      "20",
      "0",
    ],
    [
      "a turn round",
      [
        ["1", "100"],
        ["-3", "120"],
      ],
      "-2",
      "120",
      "20",
      "120",
    ],
  ] as const)("LIQUIDATION-28: the network after %s", (_, takeovers, units, entry, realised, unrealised) => {
    let network = vega.EMPTY_NETWORK;
    for (const [quantity, mark] of takeovers) network = vega.afterTakeover(network, d(quantity), d(mark));
    expect([network.quantity, network.entryPrice, network.realised].map((figure) => figure.toFixed())).toEqual([
      units,
      entry,
      realised,
    ]);
    expect(vega.unrealisedAt(network, d("60")).toFixed()).toBe(unrealised);
  });
});
