import { describe, expect, test } from "@jest/globals";
import { Decimal } from "@ballast/money";
import { anyText } from "@ballast/money/testing";
import fc from "fast-check";
import { averageUtilisation, growthOver, nextStablePrice, rateOnCurve, shiftedWeight, stablePriceAt } from "./bank.js";
import {
  type HealthAccount,
  health,
  healthRatio,
  leverageOf,
  type Perp,
  settleMax,
  type Token,
  tokenLiquidation,
  UnvaluedDebt,
  withoutTokens,
} from "./health.js";
import { disposeOfLoss, liquidateBase } from "./perp-liquidation.js";
import { afterTrade, breakEvenPrice, openedAt } from "./perp-position.js";

const d = (text: string) => new Decimal(text);
const token = (
  balance: string,
  price: string,
  init: readonly [string, string],
  maint: readonly [string, string],
): Token => ({
  price: d(price),
  stablePrice: d(price),
  balance: d(balance),
  initAsset: d(init[0]),
  initLiability: d(init[1]),
  maintAsset: d(maint[0]),
  maintLiability: d(maint[1]),
  scaledInitAsset: d(init[0]),
  scaledInitLiability: d(init[1]),
});
const plainToken = (balance: string) => token(balance, "1", ["1", "1"], ["1", "1"]);
const perpOf = (base: string, quote: string, change: Partial<Perp> = {}): Perp => ({
  price: d("1"),
  settle: 0,
  base: d(base),
  bids: d("0"),
  asks: d("0"),
  quote: d(quote),
  initAsset: d("0.5"),
  initLiability: d("1.5"),
  maintAsset: d("0.9"),
  maintLiability: d("1.1"),
  initOverall: d("0.5"),
  maintOverall: d("0.98"),
  ...change,
});
const accountOf = (tokens: readonly Token[], perps: readonly Perp[] = []): HealthAccount => ({
  tokens,
  spotMarkets: [],
  perps,
});

describe("health", () => {
  const wide = [token("100", "1", ["0.8", "1.2"], ["0.9", "1.1"]), token("-10", "5", ["0.5", "1.5"], ["0.7", "1.3"])];

  test("TIERS-26: tokens, a perpetual at its worse side and reserved orders", () => {
    const perp = perpOf("30", "-131", {
      price: d("5"),
      bids: d("70"),
      asks: d("110"),
      initAsset: d("0.8"),
      initLiability: d("1.2"),
    });
    const market = { base: 1, quote: 0, reservedBase: d("15"), reservedQuote: d("20") };
    expect(health({ tokens: wide, spotMarkets: [market], perps: [perp] }, "init").toFixed()).toBe("16.2");
  });

  test("TIERS-26: the worse of oracle and stable price counts for opening only", () => {
    const account = accountOf([{ ...token("100", "1", ["0.8", "1.2"], ["0.9", "1.1"]), stablePrice: d("0.5") }]);
    const kinds = (["init", "liquidation-end", "maint"] as const).map((kind) => health(account, kind).toFixed());
    expect(kinds).toEqual(["40", "80", "90"]);
  });

  test("TIERS-26: a token without a price counts for nothing when held and is refused when owed", () => {
    expect(health(withoutTokens(accountOf(wide), new Set([0])), "init").toFixed()).toBe("-75");
    expect(() => withoutTokens(accountOf(wide), new Set([1]))).toThrow(UnvaluedDebt);
  });

  test("TIERS-26: what could leave at most leaves maintenance health at zero", () => {
    fc.assert(
      fc.property(
        anyText({ min: "-50", max: "500", scale: 1 }),
        anyText({ min: "0", max: "60", scale: 1 }),
        (first, second) => {
          const account = accountOf([
            token(first, "1", ["0.9", "1.1"], ["0.95", "1.05"]),
            token(second, "20", ["0.8", "1.2"], ["0.9", "1.1"]),
          ]);
          fc.pre(health(account, "maint").gt(0));
          const left = settleMax(account, 0);
          const tokens = account.tokens.map((each, at) =>
            at === 0 ? { ...each, balance: each.balance.sub(left) } : each,
          );
          expect(
            health({ ...account, tokens }, "maint")
              .abs()
              .lt("1e-40"),
          ).toBe(true);
        },
      ),
    );
  });

  test("TIERS-26: the ratio counts what is owed gross, and has no answer without a debt", () => {
    const account = accountOf([
      token("-400", "1", ["0.9", "1.1"], ["0.95", "1.05"]),
      token("30", "20", ["0.8", "1.2"], ["0.9", "1.1"]),
    ]);
    expect(healthRatio(account, "init")?.toFixed(4)).toBe("9.0909");
    expect(healthRatio(accountOf([plainToken("5")]), "init")).toBeNull();
    expect(leverageOf(accountOf([plainToken("1")], [perpOf("-9", "9.9", { price: d("1.1") })])).toFixed()).toBe("9.9");
  });
});

describe("liquidation", () => {
  const pair = (asset: string, debt: string, perps: readonly Perp[] = []) =>
    accountOf(
      [token(asset, "1", ["0.8", "1.2"], ["1", "1"]), token(debt, "1", ["0.8", "1.2"], ["1", "1"]), plainToken("0")],
      perps,
    );

  //  what                                        account                                                             request   moved
  test.each([
    ["what health lacks", pair("10", "-9", []), "100", "7"],
    ["what is asked for", pair("10", "-11", []), "2", "2"],
    ["what the asset has", pair("5", "-9", []), "100", "5"],
    ["what is owed without its perpetual", pair("10", "-6", [perpOf("0", "-9", { settle: 1 })]), "100", "6"],
    ["nothing: a perpetual owes, not the token", pair("10", "0", [perpOf("0", "-9", { settle: 1 })]), "100", null],
    ["nothing: health is good", pair("10", "-1", []), "100", null],
  ])("TIERS-27: a debt is repaid by %s", (_, account, request, moved) => {
    const found = tokenLiquidation(account, 0, 1, d(request));
    expect(found?.liability.toFixed() ?? null).toBe(moved);
  });

  const bounds = (lotsMax: string, profitMax: string, profitFee = "0") => ({
    lotSize: d("1"),
    lotsMax: d(lotsMax),
    profitMax: d(profitMax),
    baseFee: d("0"),
    profitFee: d(profitFee),
  });
  const overall = (share: string) => ({ initOverall: d(share) });

  //  phases                                 settle  other   base  quote  overall  lots  profit fee     settle   base   quote
  test.each([
    ["cut while the profit is negative", "5", "0", "-4", "0", "0.5", "20", "100", "0", "5", "-2", "-2"],
    ["settle, cut what settles, settle", "-20", "0", "20", "5", "0.8", "100", "100", "0", "0", "10", "-5"],
    ["nothing counts and none is asked", "-20", "0", "20", "10", "0", "10", "0", "0", "-20", "20", "10"],
    ["cut while a share counts", "-7", "-3", "60", "-20", "0.5", "200", "0", "0", "-7", "40", "0"],
    ["all five", "-7", "-100", "70", "-40", "0.5", "200", "10", "0", "3", "0", "20"],
    ["a fee on settled profit", "-7", "-6", "70", "-30", "0.5", "60", "20", "0.25", "5.75", "45", "-22"],
    ["a little profit is enough", "-7", "4", "70", "-30", "0.5", "60", "20", "0.25", "-5.5", "70", "-32"],
  ])("TIERS-27: %s", (_, settle, other, base, quote, share, lots, profit, fee, settleAfter, baseAfter, quoteAfter) => {
    const account = accountOf([plainToken(settle), plainToken(other)], [perpOf(base, quote, overall(share))]);
    const after = liquidateBase(account, 0, bounds(lots, profit, fee));
    const perp = after.perps[0] as Perp;
    expect([after.tokens[0]?.balance.toFixed(), perp.base.toFixed(), perp.quote.toFixed()]).toEqual([
      settleAfter,
      baseAfter,
      quoteAfter,
    ]);
  });

  test("TIERS-27: a liquidation never leaves less health, nor more base", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -40, max: 20 }),
        fc.integer({ min: -80, max: 80 }),
        fc.integer({ min: -60, max: 60 }),
        fc.constantFrom("0", "0.5", "0.8"),
        (settle, base, quote, share) => {
          const account = accountOf(
            [plainToken(String(settle)), plainToken("0")],
            [perpOf(String(base), String(quote), overall(share))],
          );
          const after = liquidateBase(account, 0, bounds("100", "100"));
          expect(health(after, "liquidation-end").gte(health(account, "liquidation-end").sub("1e-40"))).toBe(true);
          expect((after.perps[0] as Perp).base.abs().lte(Math.abs(base))).toBe(true);
        },
      ),
    );
  });

  const bankrupt = (balance: string, other: string, quote: string) =>
    accountOf(
      [token(balance, "2", ["0.9", "1.1"], ["0.9", "1.1"]), plainToken(other)],
      [perpOf("0", quote, overall("0"))],
    );
  const rule = (settleLimit: string, requestMax: string, insuranceFund: string, insurancePrice = "1") => ({
    settleLimit: d(settleLimit),
    requestMax: d(requestMax),
    insuranceFund: d(insuranceFund),
    insurancePrice: d(insurancePrice),
    fee: d("0"),
  });

  //  what                                     account                          rule                        settled  insured  paid  socialised
  test.each([
    [
      "settled, then insured up to the request",
      bankrupt("40", "-36", "-50"),
      rule("10", "19", "100", "3"),
      "10",
      "9",
      "6",
      "0",
    ],
    ["shared where there is no fund", bankrupt("4", "-3.6", "-5"), rule("0", "100", "0"), "0", "0", "0", "3"],
    ["the fund first, the rest shared", bankrupt("4", "-3.6", "-5"), rule("0", "100", "4"), "0", "2", "4", "1"],
  ])("TIERS-27: a loss is %s", (_, account, bankruptcy, settled, insured, paid, socialised) => {
    const found = disposeOfLoss(account, 0, bankruptcy);
    expect(
      [found?.settled, found?.insured, found?.insurancePaid, found?.socialised].map((each) => each?.toFixed()),
    ).toEqual([settled, insured, paid, socialised]);
  });

  test("TIERS-27: without a loss there is nothing to dispose of", () => {
    expect(disposeOfLoss(bankrupt("0", "0", "0"), 0, rule("0", "100", "0"))).toBeNull();
  });
});

describe("positions and banks", () => {
  const play = (start: readonly [string, string], trades: readonly (readonly [base: string, quote: string])[]) => {
    let state = openedAt(d(start[0]), d(start[1]));
    const realised = trades.map(([base, quote]) => {
      const after = afterTrade(state, { base: d(base), quote: d(quote) });
      state = after.state;
      return after.realised.toFixed(4);
    });
    return [...realised, state.base.toFixed(), state.entryPrice.toFixed(), breakEvenPrice(state).toFixed()];
  };

  //  what                      start            trades                                             realised, base, entry, break even
  test.each([
    ["a short shrinks at a loss", ["-10", "10"], [["5", "-250"]], ["-200.0000", "-5", "10", "-30"]],
    [
      "a long grows and closes",
      ["0", "0"],
      [
        ["1", "-1"],
        ["2", "-4"],
        ["-2", "8"],
        ["-1", "2"],
      ],
      ["0.0000", "0.0000", "4.6667", "0.3333", "0", "0", "0"],
    ],
    ["a long flips", ["10", "10"], [["-15", "300"]], ["100.0000", "-5", "20", "20"]],
  ] as const)("TIERS-28: %s", (_, start, trades, expected) => {
    expect(play(start, trades)).toEqual(expected);
  });

  test("TIERS-28: weights move on a line, rates on several", () => {
    const shift = { start: d("100"), end: d("1100"), from: d("1"), to: d("2") };
    expect(["0", "100", "600", "1100", "9999"].map((now) => shiftedWeight(shift, d(now)).toFixed())).toEqual([
      "1",
      "1",
      "1.5",
      "2",
      "2",
    ]);
    const curve = [
      ["0", "1"],
      ["0.5", "3"],
      ["0.75", "7"],
      ["1", "13"],
    ].map(([used, rate]) => [d(used ?? ""), d(rate ?? "")] as const);
    expect(["-1", "0", "0.25", "0.5", "0.875", "1", "2"].map((used) => rateOnCurve(curve, d(used)).toFixed())).toEqual([
      "1",
      "1",
      "2",
      "3",
      "10",
      "13",
      "13",
    ]);
    expect(growthOver(d("2"), d("5"), d("17280")).toFixed(10)).toBe("1.0054944908");
    const clock = { average: d("0.6"), rateUpdated: d("1000"), indexUpdated: d("1015") };
    expect(averageUtilisation(clock, d("1"), d("1020")).toFixed()).toBe("0.7");
    expect(averageUtilisation({ ...clock, rateUpdated: d("1020") }, d("1"), d("1020")).toFixed()).toBe("1");
  });

  test("TIERS-28: the stable price needs about an hour for the first four fifths of one to ten", () => {
    let state = stablePriceAt(d("1"), 0);
    for (let minute = 1; minute <= 60; minute += 1) state = nextStablePrice(state, d("10"), minute * 60);
    expect(state.price.toFixed(6)).toBe("1.780573");
    expect([state.delayed[0]?.toFixed(), state.slot]).toEqual(["1.06", 1]);
    expect(nextStablePrice(state, d("10"), 3609)).toBe(state);
  });
});
