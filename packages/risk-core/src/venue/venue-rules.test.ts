import { describe, expect, test } from "@jest/globals";
import { Decimal } from "@ballast/money";
import * as binance from "./binance.js";
import * as hyperliquid from "./hyperliquid.js";
import { collateralSoldFor, fundingReceived, INTEREST_RULES, loanInterest, tradeProfit } from "./leveraged-trade.js";
import { MINIMUM_CHARGE_TIERS } from "./okx.js";
import * as paradex from "./paradex.js";
import { profitBetween } from "./profit.js";
import { linearRateMargin, steppedRates } from "./size-rates.js";
import { chargeOf, type DeductionTier, marginalCharge, tierIndex } from "./tier-table.js";
import * as vega from "./vega/index.js";

const d = (text: string) => new Decimal(text);

describe("profit between two prices", () => {
  //  kind                                            quantity  entry    exit     profit
  test.each([
    ["a linear long", { kind: "linear" }, "0.04", "52350", "42000", "-414"],
    ["an inverse long", { kind: "inverse" }, "10000", "50000", "40000", "-0.05"],
    ["an inverse short", { kind: "inverse" }, "-10000", "50000", "40000", "0.05"],
    ["a quanto long", { kind: "quanto", multiplier: d("0.000001") }, "2", "100", "150", "0.0001"],
  ] as const)("TIERS-7: %s", (_, rule, quantity, entry, exit, profit) => {
    expect(profitBetween(rule, d(quantity), d(entry), d(exit)).toFixed()).toBe(profit);
  });

  test("TIERS-7: an inverse round trip through any price comes back to nothing", () => {
    const there = profitBetween({ kind: "inverse" }, d("280091.135"), d("5.218542"), d("5.168735"));
    const back = profitBetween({ kind: "inverse" }, d("280091.135"), d("5.168735"), d("5.218542"));
    expect(there.add(back).toFixed()).toBe("0");
  });
});

describe("one leveraged trade", () => {
  const trade = { quantity: d("30"), openPrice: d("2"), openFee: d("0.0025"), closeFee: d("0.0025") };
  //  side   leverage  close   funding  profit     ratio
  test.each([
    ["long", "3", "2.1", "1", "3.6925", "0.18416459"],
    ["long", "1", "2.2", "-1", "4.685", "0.07788861"],
    ["short", "1", "1.9", "1", "3.7075", "0.06194653"],
    ["short", "1", "2.1", "0", "-3.3075", "-0.05526316"],
  ])("TIERS-8: a %s × %s closed at %s", (side, leverage, close, funding, profit, ratio) => {
    const found = tradeProfit({
      ...trade,
      isLong: side === "long",
      leverage: d(leverage),
      closePrice: d(close),
      funding: d(funding),
    });
    expect([found.profit.toFixed(), found.profitRatio.toFixed(8)]).toEqual([profit, ratio]);
  });

  test("TIERS-8: a long pays funding, a short receives it; interest counts started periods", () => {
    expect(fundingReceived(d("-10"), d("0.0001"), d("2")).toFixed()).toBe("0.002");
    expect(fundingReceived(d("10"), d("0.0001"), d("2")).toFixed()).toBe("-0.002");
    expect(loanInterest(INTEREST_RULES.kraken, d("60"), d("0.00025"), d("5")).toFixed()).toBe("0.045");
    expect(loanInterest(INTEREST_RULES.binance, d("60"), d("0.0005"), d("0.5")).toFixed(6)).toBe("0.001250");
    expect(collateralSoldFor(d("1000"), d("0.9")).toFixed(6)).toBe("1111.111111");
  });
});

describe("Binance portfolio margin", () => {
  test("TIERS-9: a debt counts in full, an asset at its rate", () => {
    const asset = (netQuantity: string, indexPrice: string, collateralRate: string) => ({
      netQuantity: d(netQuantity),
      indexPrice: d(indexPrice),
      collateralRate: d(collateralRate),
    });
    expect(binance.adjustedEquity([asset("1000", "1", "0.99"), asset("-0.5", "40000", "0.95")]).toFixed()).toBe(
      "-19010",
    );
  });

  test("TIERS-9: the ratio is cut after eight places, and does not exist without maintenance", () => {
    expect(binance.uniMmr(d("122607.35137903"), d("23.72469206"))?.toFixed()).toBe("5167.92171923");
    expect(binance.uniMmr(d("2"), d("3"))?.toFixed()).toBe("0.66666666");
    expect(binance.uniMmr(d("2"), d("0"))).toBeNull();
  });

  test("TIERS-9: a ratio exactly at a bound is in the band below", () => {
    const bands = ["1.51", "1.5", "1.21", "1.2", "1.06", "1.05", "1.01", "1", "-3"].map((ratio) =>
      binance.portfolioMarginStatus(d(ratio)),
    );
    expect(bands).toEqual([
      "free",
      "reminder",
      "reminder",
      "reduce-only",
      "reduce-only",
      "liquidation",
      "liquidation",
      "liquidation and claim",
      "liquidation and claim",
    ]);
  });

  test("TIERS-9: loans and coin-margined orders", () => {
    const { equity, maintenanceMargin } = binance.marginLoan(d("0.1"), d("0.04"), d("0.1"));
    expect([equity.toFixed(), maintenanceMargin.toFixed()]).toEqual(["0.06", "0.004"]);
    expect(binance.coinInitialMargin(d("10"), d("100"), d("9800"), d("20")).toFixed(4)).toBe("0.0051");
  });
});

describe("rates of the whole size", () => {
  test("TIERS-10: Deribit's rate grows with each unit", () => {
    const { rate, margin } = linearRateMargin({ base: d("0.04"), increment: d("0.000005") }, d("-6000"), d("200"));
    expect([rate.toFixed(), margin.toFixed()]).toEqual(["0.07", "84000"]);
  });

  const xbt = {
    baseLimit: d("200"),
    step: d("150"),
    baseMaintenance: d("0.005"),
    baseInitial: d("0.01"),
    stepRate: d("0.005"),
  };
  test.each([
    ["199.99", "0.005", "0.01"],
    ["200", "0.01", "0.015"],
    ["349.99", "0.01", "0.015"],
    ["350", "0.015", "0.02"],
    ["-400", "0.015", "0.02"],
    ["600", "0.02", "0.025"],
  ])("TIERS-10: BitMEX's row for %s XBT", (position, maintenance, initial) => {
    const { maintenanceRate, initialRate } = steppedRates(xbt, d(position));
    expect([maintenanceRate.toFixed(), initialRate.toFixed()]).toEqual([maintenance, initial]);
  });
});

test("TIERS-1: OKX's minimum charge: 30,000 raw is 10,000 and twice 20,000", () => {
  const scaled = ["10000", "30000", "70000", "1000000"].map((raw) =>
    marginalCharge(d(raw), MINIMUM_CHARGE_TIERS["2021-12"]).toFixed(),
  );
  expect(scaled).toEqual(["10000", "50000", "130000", "8570000"]);
});

describe("Hyperliquid", () => {
  test("TIERS-2: BTC at 150 million is where the second tier begins, and nothing jumps", () => {
    const tiers = hyperliquid.maintenanceTiers([
      { from: d("0"), leverageMax: d("40") },
      { from: d("150000000"), leverageMax: d("20") },
    ]);
    const at = (notional: string) => {
      const tier = tiers[tierIndex(d(notional), tiers, "tier-that-begins")] as DeductionTier;
      return [tier.rate, tier.deduction, chargeOf(d(notional), tier)].map((value) => value.toFixed());
    };
    expect(at("100000000")).toEqual(["0.0125", "0", "1250000"]);
    expect(at("150000000")).toEqual(["0.025", "1875000", "1875000"]);
    expect(at("200000000")).toEqual(["0.025", "1875000", "3125000"]);
  });

  test("TIERS-11: lending against tokens", () => {
    const token = (quantity: string, price: string) => ({
      quantity: d(quantity),
      price: d(price),
      loanToValue: d("0.5"),
    });
    expect(hyperliquid.borrowable([token("10000", "40")]).toFixed()).toBe("200000");
    expect(hyperliquid.lockedFor(d("100"), token("0", "40")).toFixed()).toBe("5");
    const collateral = [token("1", "80000"), token("200", "50")];
    expect(hyperliquid.healthFactor(collateral, d("42000"))?.toFixed(4)).toBe("1.0714");
    expect(hyperliquid.healthFactor(collateral, d("0"))).toBeNull();
    expect(["0", "0.8", "0.9", "1"].map((used) => hyperliquid.borrowRate(d(used)).toFixed())).toEqual([
      "0.05",
      "0.05",
      "0.525",
      "1",
    ]);
  });
});

describe("Paradex", () => {
  const open = (position: string, buyOrders: string, sellOrders: string) => ({
    position: d(position),
    buyOrders: d(buyOrders),
    sellOrders: d(sellOrders),
  });

  //  position  buys  sells   buy open  sell open
  test.each([
    ["-1", "3", "2", "2", "3"],
    ["5", "0", "0", "5", "0"],
    ["5", "2", "9", "7", "4"],
    ["0", "0", "0", "0", "0"],
  ])("TIERS-12: open sizes of %s with %s bought and %s sold", (position, buys, sells, buy, sell) => {
    const sizes = paradex.openSizes(open(position, buys, sells));
    expect([sizes.buy.toFixed(), sizes.sell.toFixed()]).toEqual([buy, sell]);
  });

  test("TIERS-12: margin is of the larger open size", () => {
    expect(paradex.openInterestMargin(open("-1", "3", "2"), d("0.02"), d("90000")).toFixed()).toBe("5400");
  });

  //  what                                         open                    value   order   accepted
  test.each([
    ["reduces while below initial margin", open("10", "0", "0"), "80", "-5", true],
    ["would flip while below initial margin", open("10", "0", "5"), "80", "-8", false],
    ["would flip with margin to spare", open("10", "0", "5"), "200", "-8", true],
    ["adds while below initial margin", open("10", "0", "0"), "80", "1", false],
    ["adds exactly up to initial margin", open("10", "0", "0"), "107.8", "1", true],
    ["a short buys back", open("-10", "0", "0"), "80", "10", true],
  ])("TIERS-12: an order that %s", (_, held, accountValue, order, accepted) => {
    const check = { open: held, fraction: d("0.1"), markPrice: d("98"), accountValue: d(accountValue) };
    expect(paradex.acceptsOrder(check, d(order))).toBe(accepted);
  });

  test("TIERS-12: limits, bands, cost in a collateral below its peg", () => {
    const room = paradex.ordersWithinLimit(open("-900", "0", "0"), d("1000"));
    expect([room.sell.toFixed(), room.buy.toFixed()]).toEqual(["100", "1900"]);
    const band = paradex.priceBand(d("100"), d("0.05"));
    expect([band.down.toFixed(), band.up.toFixed()]).toEqual(["95", "105"]);
    expect([
      paradex.isWithinBand(band, false, d("94")),
      paradex.isWithinBand(band, false, d("95")),
      paradex.isWithinBand(band, true, d("90")),
      paradex.isWithinBand(band, true, d("105.01")),
    ]).toEqual([false, true, true, false]);
    const { averageEntry, cost } = paradex.positionCost(d("-1"), d("2000"), d("0.8"));
    expect([averageEntry.toFixed(), cost.toFixed()]).toEqual(["2500", "-2500"]);
  });
});

describe("Vega", () => {
  const market = {
    markPrice: d("15900"),
    linearSlippage: d("0.25"),
    quadraticSlippage: d("0"),
    riskFactorLong: d("0.1"),
    riskFactorShort: d("0.2"),
  };
  const exposure = (position: string, buys: string, sells: string) => ({
    position: d(position),
    buys: vega.tradingOrders(d(buys), market.markPrice),
    sells: vega.tradingOrders(d(sells), market.markPrice),
  });

  //  what                                     exposure                     maintenance
  test.each([
    ["a long of one", exposure("1", "0", "0"), "5565"],
    ["a short of one", exposure("-1", "0", "0"), "7155"],
    ["orders on both sides: the dearer", exposure("0", "3", "2"), "6360"],
    ["sells that cannot become a short", exposure("2", "0", "1"), "11130"],
    ["sells that can", exposure("1", "0", "4"), "12720"],
  ])("TIERS-13: %s", (_, held, maintenance) => {
    expect(vega.maintenanceMargin(market, held).toFixed()).toBe(maintenance);
  });

  test("TIERS-13: a long is charged for funding it will pay, a receiver for nothing", () => {
    const funding = { futureTwap: d("1590"), spotTwap: d("1600"), period: d("0.002"), interestRate: d("0.05") };
    const payment = vega.fundingPayment(funding);
    expect(payment.toFixed()).toBe("0.16");
    expect(vega.fundingMargin(payment, d("0.5"), d("1")).toFixed()).toBe("0.08");
    expect(vega.fundingMargin(payment, d("0.5"), d("-1")).toFixed()).toBe("0");
    expect(vega.fundingPayment({ ...funding, clampUpper: d("0.001") }).toFixed()).toBe("-8.4");
    expect(vega.fundingPayment({ ...funding, clampLower: d("0.01") }).toFixed()).toBe("6");
    expect(vega.isolatedOrderMargin(d("15910"), d("10"), d("0.9")).toFixed()).toBe("143190");
  });
});
