import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  compareRisk,
  isLiquidatable,
  type Markets,
  meetsInitial,
  type Risk,
  riskOf,
  type Subaccount,
  transitionOf,
  UnknownMarket,
} from "./account.js";
import {
  bankruptcyQuote,
  deleverage,
  deleveragingPrice,
  fillablePrice,
  fillQuoteOf,
  fraction,
  insuranceDelta,
  liquidatableNotional,
  toSubticks,
  withMarginTransfers,
} from "./liquidation.js";
import {
  effectiveInitialRate,
  fundingClamp,
  type Market,
  maintenanceRate,
  notionalOf,
  openInterestChange,
} from "./market.js";

const market = (price: bigint, exponent: bigint, atomicResolution: bigint, initialRate = 200_000n): Market => ({
  price,
  exponent,
  atomicResolution,
  initialRate,
  maintenanceShare: 500_000n,
  openInterestLower: 0n,
  openInterestUpper: 0n,
  openInterest: 0n,
  fundingIndex: 0n,
});
const BTC = market(5_000_000_000n, -5n, -8n);
const ETH = market(3_000_000_000n, -6n, -9n);
const MARKETS: Markets = new Map([
  ["BTC", BTC],
  ["ETH", ETH],
]);
const account = (usdc: bigint, ...positions: readonly (readonly [market: string, quantums: bigint])[]): Subaccount => ({
  usdc,
  positions: positions.map(([name, quantums]) => ({ market: name, quantums, quoteBalance: 0n, fundingIndex: 0n })),
});

const anyAccount = fc
  .tuple(
    fc.bigInt({ min: -(10n ** 11n), max: 10n ** 11n }),
    fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }),
    fc.bigInt({ min: -(10n ** 11n), max: 10n ** 11n }),
  )
  .map(([usdc, btc, eth]) => account(usdc, ["BTC", btc === 0n ? 1n : btc], ["ETH", eth === 0n ? 1n : eth]));

describe("margin of a position", () => {
  test("TIERS-19: notional is cut towards zero, the rate grows with open interest and stops at one", () => {
    expect(notionalOf(BTC, -1n)).toBe(-500n);
    expect(notionalOf(market(55_550n, -1n, -7n), -7n)).toBe(-3888n);
    const tier = { ...BTC, openInterestLower: 1_000_000n, openInterestUpper: 2_000_000n };
    const rates = [0n, 1_000_000n, 1_500_000n, 2_000_000n, 9_000_000n].map((open) => effectiveInitialRate(tier, open));
    expect(rates).toEqual([200_000n, 200_000n, 600_000n, 1_000_000n, 1_000_000n]);
  });

  test("TIERS-19: rates derived from a tier", () => {
    const tier = { ...BTC, initialRate: 150_000n, maintenanceShare: 800_000n };
    expect([maintenanceRate(tier), fundingClamp(tier, 6_000_000n)]).toEqual([120_000n, 180_000n]);
    expect(openInterestChange(-100n, 250n, 300n)).toBe(-50n);
  });

  test("TIERS-20: initial margin is at least maintenance margin, which is at least zero", () => {
    fc.assert(
      fc.property(anyAccount, (held) => {
        const { initialMargin, maintenanceMargin } = riskOf(held, MARKETS);
        expect(initialMargin >= maintenanceMargin && maintenanceMargin >= 0n).toBe(true);
      }),
    );
  });

  test("TIERS-20: a market that nobody described is refused by name", () => {
    expect(() => riskOf(account(0n, ["DOGE", 1n]), MARKETS)).toThrow(UnknownMarket);
  });
});

describe("risk", () => {
  const risk = (netCollateral: bigint, maintenanceMargin: bigint): Risk => ({
    netCollateral,
    maintenanceMargin,
    initialMargin: 2n * maintenanceMargin,
  });
  const anyRisk = fc
    .tuple(fc.bigInt({ min: -1000n, max: 1000n }), fc.bigInt({ min: 0n, max: 1000n }))
    .map(([collateral, maintenance]) => risk(collateral, maintenance));

  //  net collateral  maintenance  liquidatable
  test.each([
    [100n, 100n, false],
    [99n, 100n, true],
    [-5n, 0n, false],
    [0n, 100n, true],
  ])("TIERS-20: %s against %s", (collateral, maintenance, answer) => {
    expect(isLiquidatable(risk(collateral, maintenance))).toBe(answer);
  });

  test("TIERS-20: of two accounts at most one is riskier", () => {
    fc.assert(
      fc.property(anyRisk, anyRisk, (first, second) => {
        expect(compareRisk(first, second) + compareRisk(second, first)).toBe(0);
      }),
    );
  });

  test("TIERS-20: losing collateral with nothing else changed is never allowed under water", () => {
    fc.assert(
      fc.property(anyRisk, fc.bigInt({ min: 1n, max: 100n }), (before, loss) => {
        const after = { ...before, netCollateral: before.netCollateral - loss };
        fc.pre(!meetsInitial(after));
        expect(transitionOf(before, after)).not.toBe("Success");
      }),
    );
  });

  //  what                                       before            after            answer
  test.each([
    ["gains where nothing is maintained", risk(-2n, 0n), risk(-1n, 0n), "Success"],
    ["stays where nothing is maintained", risk(-2n, 0n), risk(-2n, 0n), "StillUndercollateralized"],
    ["reduces at the same ratio", risk(50n, 100n), risk(25n, 50n), "Success"],
    ["reduces to a worse ratio", risk(50n, 100n), risk(24n, 50n), "StillUndercollateralized"],
    ["adds from a good account", risk(300n, 100n), risk(300n, 200n), "NewlyUndercollateralized"],
  ])("TIERS-20: an account that %s", (_, before, after, answer) => {
    expect(transitionOf(before, after)).toBe(answer);
  });
});

describe("liquidation", () => {
  test("TIERS-21: closing everything at the bankruptcy quotes leaves nothing to pay", () => {
    fc.assert(
      fc.property(anyAccount, (held) => {
        let current = held;
        for (const { market: name, quantums } of held.positions) {
          const quote = bankruptcyQuote(current, MARKETS, name, -quantums);
          if (!quote.ok) return;
          const positions = current.positions.filter((position) => position.market !== name);
          current = { usdc: current.usdc + quote.value, positions };
        }
        // Each quote is rounded in the account's favour by less than one.
        expect(current.usdc >= 0n && current.usdc <= 2n).toBe(true);
      }),
    );
  });

  test("TIERS-21: a fill at the bankruptcy quote costs the fund nothing, a worse one costs the difference", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
        fc.bigInt({ min: 0n, max: 10n ** 9n }),
        (at, worse) => {
          expect(insuranceDelta(at, at, 5000n)).toBe(0n);
          expect(insuranceDelta(at - worse, at, 5000n)).toBe(-worse);
        },
      ),
    );
    expect(insuranceDelta(fillQuoteOf(false, 10_000_000n, 56_100_000_000n, -8n), 5_100_000_000n, 25_000n)).toBe(
      140_250_000n,
    );
  });

  test("TIERS-21: a position is offered at worse than the oracle, by a spread that grows as collateral is used up", () => {
    const rule = { bankruptcyAdjustment: 1_000_000n, spreadToMaintenance: 100_000n };
    const long = (usdc: bigint) => account(usdc, ["BTC", 10_000_000n]);
    const price = (usdc: bigint) => fillablePrice(long(usdc), MARKETS, "BTC", -10_000_000n, rule);
    expect(price(-4_501_000_000n)).toEqual({ ok: true, value: fraction(49_999n, 100n) });
    expect(price(0n)).toEqual({ ok: true, value: fraction(500n, 1n) });
    expect(price(-9_000_000_000n)).toEqual({ ok: true, value: fraction(495n, 1n) });
    expect(fillablePrice(long(0n), MARKETS, "BTC", 1n, rule)).toEqual({
      ok: false,
      rejection: "InvalidPerpetualPositionSizeDelta",
    });
  });

  test("TIERS-21: prices are rounded onto the ladder against the account", () => {
    const ladder = { subticksPerTick: 100n, quantumConversionExponent: 1n };
    expect(toSubticks(fraction(7n, 1n), true, ladder)).toBe(100n);
    expect(toSubticks(fraction(3_001n, 1n), true, ladder)).toBe(400n);
    expect(toSubticks(fraction(3_001n, 1n), false, ladder)).toBe(300n);
    expect(toSubticks(fraction(10n ** 30n, 1n), true, ladder)).toBe(((2n ** 64n - 1n) / 100n) * 100n);
  });

  test("TIERS-21: how much of a position may be taken", () => {
    expect(liquidatableNotional(BTC, 10_000n, 10_000_000n, 1_000_000n)).toEqual({ min: 5_000_000n, max: 5_000_000n });
    expect(liquidatableNotional(BTC, -100_000n, 10_000_000n, 500_000n)).toEqual({ min: 10_000_000n, max: 25_000_000n });
  });

  const short = account(49_999_000_000n, ["BTC", -100_000_000n]);
  const long = account(50_000_000_000n, ["BTC", 100_000_000n]);

  test("TIERS-21: deleveraging takes what a bankrupt account has, and no more", () => {
    expect(deleveragingPrice(short, MARKETS, false)).toBe("bankruptcy");
    expect(deleveragingPrice(long, MARKETS, false)).toBe("none");
    expect(deleveragingPrice(long, MARKETS, true)).toBe("oracle");
    expect(deleverage(short, long, MARKETS, "BTC", 100_000_000n, "bankruptcy")).toEqual({
      ok: true,
      value: { liquidated: account(0n), offsetting: account(99_999_000_000n) },
    });
  });

  //  what                                        delta           at            refusal
  test.each([
    ["more than is held", 500_000_000n, "bankruptcy", "InvalidPerpetualPositionSizeDelta"],
    ["in the wrong direction", -100_000_000n, "bankruptcy", "InvalidPerpetualPositionSizeDelta"],
    ["at the oracle, by an account under water", 100_000_000n, "oracle", "FailedToUpdateSubaccounts"],
  ] as const)("TIERS-21: deleveraging %s is refused", (_, delta, at, refusal) => {
    expect(deleverage(short, long, MARKETS, "BTC", delta, at)).toEqual({ ok: false, rejection: refusal });
  });

  const isolated = (usdc: bigint, quoteBalance: bigint): Subaccount => ({
    usdc,
    positions: [{ market: "BTC", quantums: 100_000_000n, quoteBalance, fundingIndex: 0n }],
  });
  const update = (quantums: bigint, quoteBalance: bigint) => [{ market: "BTC", quantums, quoteBalance }];

  //  what                                      account                                     update                                        usdc              quote
  test.each([
    [
      "has just enough",
      isolated(10_000_000_000n, -40_000_000_000n),
      update(100_000_000n, -50_000_000_000n),
      0n,
      -50_000_000_000n,
    ],
    [
      "lacks some: it comes from the balance",
      isolated(10_000_000_000n, -43_000_000_000n),
      update(100_000_000n, -50_000_000_000n),
      -3_000_000_000n,
      -47_000_000_000n,
    ],
    [
      "is closed: it returns what it held",
      isolated(10_000_000_000n, -40_000_000_000n),
      update(-100_000_000n, 50_000_000_000n),
      10_000_000_000n,
      40_000_000_000n,
    ],
  ])("TIERS-21: a position that %s", (_, held, updates, usdc, quote) => {
    const moved = withMarginTransfers(held, updates, MARKETS);
    expect([moved.usdcDelta, moved.positionDeltas[0]?.quoteBalance]).toEqual([usdc, quote]);
  });
});
