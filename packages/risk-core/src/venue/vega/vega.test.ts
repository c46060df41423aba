import { describe, expect, test } from "@jest/globals";
import { Decimal } from "@ballast/money";
import { disposalSize, shareLoss } from "./close-out.js";
import { isolatedTransfer, type OpenOrder, orderMargin, switchToIsolated } from "./isolated-margin.js";
import { liquidationMark, maintenanceMargin, marginLevels, marginTransfer, tradingOrders } from "./margin-levels.js";
import { logNormalRiskFactors } from "./risk-factors.f64.js";

const d = (text: string) => new Decimal(text);
const SCALING = { search: d("1.1"), initial: d("1.2"), release: d("1.4") };
const market = {
  markPrice: d("100"),
  linearSlippage: d("0.1"),
  quadraticSlippage: d("0.1"),
  riskFactorLong: d("0.25"),
  riskFactorShort: d("0.2"),
};
const none = tradingOrders(d("0"), market.markPrice);

describe("four levels", () => {
  test("TIERS-16: maintenance goes up to a whole unit, the others down", () => {
    const levels = marginLevels(d("2623.25"), SCALING);
    expect(Object.values(levels).map((level) => level.toFixed())).toEqual(["2624", "2886", "3148", "3673"]);
  });

  const levels = marginLevels(maintenanceMargin(market, { position: d("-4"), buys: none, sells: none }), SCALING);

  //  balance   in auction   transfer
  test.each([
    ["0", false, "top-up 336"],
    ["307", false, "top-up 29"],
    ["308", false, "none 0"],
    ["392", false, "none 0"],
    ["393", false, "release 57"],
    ["393", true, "none 0"],
  ])("TIERS-16: a balance of %s between search 308 and release 392, in auction %s", (balance, inAuction, transfer) => {
    const { kind, amount } = marginTransfer(levels, d(balance), inAuction);
    expect(`${kind} ${amount.toFixed()}`).toBe(transfer);
  });

  test("TIERS-16: an account that holds exactly maintenance is liquidated at the mark, long or short", () => {
    for (const position of [d("3"), d("-7")]) {
      const collateral = maintenanceMargin(market, { position, buys: none, sells: none });
      expect(liquidationMark(market, position, collateral, d("0"))?.toFixed()).toBe("100");
    }
    const whole = { ...market, linearSlippage: d("0"), quadraticSlippage: d("0"), riskFactorLong: d("1") };
    expect(liquidationMark(whole, d("1"), d("1"), d("0"))).toBeNull();
  });
});

describe("isolated margin", () => {
  const order = (side: "buy" | "sell", volume: string, price: string): OpenOrder => ({
    isBuy: side === "buy",
    volume: d(volume),
    price: d(price),
  });
  const buys = [order("buy", "1", "50"), order("buy", "2", "40"), order("buy", "3", "20")];
  const sells = [order("sell", "1", "20"), order("sell", "2", "40"), order("sell", "3", "50")];

  //  what                                          position  orders                auction     margin
  test.each([
    ["no position: every order counts", "0", buys, undefined, "95"],
    ["the other side: the larger counts", "0", [...buys, ...sells], undefined, "125"],
    ["against a position: nothing, best first", "-0.4", buys, d("42"), "120"],
    ["along a position: everything", "-2", sells, d("42"), "138"],
    ["the auction's price under the limit", "0.4", sells, d("42"), "129"],
    ["a position that all orders would only close", "-9", buys, undefined, "0"],
  ])("TIERS-17: %s", (_, position, orders, auction, margin) => {
    expect(orderMargin(d(position), orders, d("0.5"), auction).toFixed()).toBe(margin);
  });

  const trades = (...rows: readonly (readonly [volume: string, price: string])[]) =>
    rows.map(([volume, price]) => ({ volume: d(volume), price: d(price) }));

  //  what                          before  after   trades                              balance  mark         transfer
  test.each([
    ["grows", "0", "1.5", trades(["0.5", "12"], ["1", "10"]), "1000", undefined, "order-margin-to-margin 8"],
    ["a long shrinks", "2", "0.5", trades(["0.5", "12"], ["1", "10"]), "40", d("12"), "release 27"],
    ["a short shrinks", "-2", "-0.5", trades(["0.5", "10"], ["1", "12"]), "40", d("12"), "release 31"],
    ["changes sides, short of it", "2", "-0.5", trades(["1.5", "11"], ["1", "12"]), "1", undefined, "top-up 2"],
    ["changes sides, with more", "2", "-0.5", trades(["1.5", "11"], ["1", "12"]), "9", undefined, "release 6"],
    ["changes sides, exactly", "2", "-0.5", trades(["1.5", "11"], ["1", "12"]), "3", undefined, "none 0"],
  ])("TIERS-17: a position that %s", (_, before, after, done, balance, markPrice, transfer) => {
    const change = {
      before: d(before),
      after: d(after),
      trades: done,
      factor: d("0.5"),
      marginBalance: d(balance),
      markPrice,
    };
    const { kind, amount } = isolatedTransfer(change, { signed: true });
    expect(`${kind} ${amount.toFixed()}`).toBe(transfer);
  });

  //  what                                      factor  general   answer
  test.each([
    ["exactly initial margin is too little", "0.06", "500", "POSITION_MARGIN_NOT_ABOVE_INITIAL"],
    ["the general account cannot pay", "0.9", "889", "GENERAL_ACCOUNT_INSUFFICIENT"],
    ["it can to the last unit", "0.9", "890", "890"],
  ])("TIERS-17: switching, %s", (_, factor, generalBalance, answer) => {
    const switched = switchToIsolated({
      position: d("1"),
      averageEntryPrice: d("1000"),
      factor: d(factor),
      orders: [],
      initialMargin: d("60"),
      generalBalance: d(generalBalance),
      marginBalance: d("10"),
      orderMarginBalance: d("0"),
    });
    expect(switched.ok ? switched.value.marginTopUp.toFixed() : switched.rejection.code).toBe(answer);
  });
});

describe("close-out", () => {
  const rule = { fraction: d("0.1"), fullSize: d("10"), bookShareMax: d("0.2") };
  //  position  volume   order
  test.each([
    ["50", "1000", "5"],
    ["51", "1000", "6"],
    ["-10", "1000", "10"],
    ["50", "19", "3"],
    ["50", "0", "0"],
  ])("TIERS-18: of %s, with %s in the book", (position, volume, size) => {
    expect(disposalSize(rule, d(position), d(volume)).toFixed()).toBe(size);
  });

  test("TIERS-18: winners share what there is in whole units, to the last unit", () => {
    const losers = [
      { owes: d("700"), available: d("500") },
      { owes: d("1400"), available: d("1100") },
    ];
    const { paid, fundAfter } = shareLoss(losers, [d("1400"), d("700")], d("0"), 1);
    expect([...paid, fundAfter].map((amount) => amount.toFixed())).toEqual(["1066", "534", "0"]);
    const covered = shareLoss(losers, [d("1400"), d("700")], d("600"), 1);
    expect([...covered.paid, covered.fundAfter].map((amount) => amount.toFixed())).toEqual(["1400", "700", "100"]);
  });
});

// Expected loss of the worst hundredth over a minute at 150 %: figures of the protocol's own model tests.
test("TIERS-13: log-normal risk factors", () => {
  const { long, short } = logNormalRiskFactors(0.01, 1.902587519025875e-6, 0, 1.5);
  expect(long).toBeCloseTo(0.0055011137953, 8);
  expect(short).toBeCloseTo(0.0055276558362, 8);
});
