import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  type Account,
  equityOf,
  isBankrupt,
  marginOf,
  type PerpPosition,
  type SpotPosition,
  withdrawableTokens,
  withOwnRatio,
  worstBase,
  worstFill,
} from "./account.js";
import { clientHealth, clientLiquidationPrice, clientMargin } from "./client.js";
import {
  borrowCapacity,
  borrowRateAt,
  debtOf,
  depositRateAt,
  rebaseOf,
  sharesLost,
  tokensOf,
  utilisationOf,
} from "./lending.js";
import {
  assetForLiability,
  baseToCover,
  fundingForLoss,
  interestForLoss,
  isSwapWithinBounds,
  liabilityForAsset,
  liabilityToCover,
  liquidatorFee,
  meetsLimit,
  perpInsuranceFee,
  spotInsuranceFee,
} from "./liquidation.js";
import {
  assetWeightOf,
  liabilityWeightOf,
  type PerpMarket,
  perpMarginRatio,
  profitWeight,
  type SpotMarket,
  scaledInitialWeight,
} from "./weights.js";

const SOL: SpotMarket = {
  isQuote: false,
  decimals: 9n,
  initialAssetWeight: 8000n,
  maintenanceAssetWeight: 9000n,
  initialLiabilityWeight: 12_000n,
  maintenanceLiabilityWeight: 11_000n,
  sizeFactor: 0n,
  scaleStart: 0n,
  deposits: 0n,
};
const USDC: SpotMarket = { ...SOL, isQuote: true, decimals: 6n };
const PERP: PerpMarket = {
  price: 100_000_000n,
  isPrediction: false,
  initialRatio: 1000n,
  maintenanceRatio: 500n,
  highLeverageInitialRatio: 0n,
  highLeverageMaintenanceRatio: 0n,
  sizeFactor: 0n,
  profitInitialWeight: 10_000n,
  profitMaintenanceWeight: 10_000n,
  profitSizeFactor: 0n,
};
const plain = (price: bigint) => ({ price, average: null });
const spot = (change: Partial<SpotPosition>): SpotPosition => ({
  tokens: 0n,
  openBids: 0n,
  openAsks: 0n,
  openOrders: 0n,
  market: SOL,
  price: plain(100_000_000n),
  ...change,
});
const perp = (change: Partial<PerpPosition>): PerpPosition => ({
  base: 0n,
  quote: 0n,
  openBids: 0n,
  openAsks: 0n,
  openOrders: 0n,
  ratioMin: 0n,
  market: PERP,
  ...change,
});
const accountOf = (change: Partial<Account>): Account => ({
  spot: [],
  perp: [],
  quotePrice: plain(1_000_000n),
  ratioMin: 0n,
  isHighLeverage: false,
  ...change,
});
const INITIAL = { kind: "initial", isStrict: false, buffer: 0n } as const;

describe("weights by the root of the size", () => {
  const anySize = fc.bigInt({ min: 0n, max: 10n ** 16n });
  const anyFactor = fc.bigInt({ min: 0n, max: 100_000n });

  test("TIERS-22: a larger size never has a better weight", () => {
    fc.assert(
      fc.property(anySize, anySize, anyFactor, (a, b, factor) => {
        const [small, large] = a < b ? [a, b] : [b, a];
        expect(liabilityWeightOf(11_000n, large, factor) >= liabilityWeightOf(11_000n, small, factor)).toBe(true);
        expect(assetWeightOf(9000n, large, factor) <= assetWeightOf(9000n, small, factor)).toBe(true);
      }),
    );
  });

  test("TIERS-22: figures of the protocol's own tests", () => {
    expect(liabilityWeightOf(11_000n, 10_000_000_000_000n, 3000n)).toBe(11_800n);
    expect(assetWeightOf(9000n, 1_000_000_000_000n, 10_000n)).toBe(8357n);
    const scaled = { ...SOL, initialAssetWeight: 9000n, scaleStart: 500_000_000_000n, deposits: 60_000_000_000_000n };
    expect(scaledInitialWeight(scaled, 25_000_000n)).toBe(3000n);
    expect(profitWeight({ ...PERP, profitSizeFactor: 1000n }, 22_699_050_905n, "initial")).toBe(9559n);
  });

  const high = { ...PERP, highLeverageInitialRatio: 100n, highLeverageMaintenanceRatio: 50n, sizeFactor: 50n };
  //  mode    kind            size                 ratio
  test.each([
    [false, "initial", 1_000_000_000_000_000n, 1300n],
    [true, "initial", 1_000_000_000n, 100n],
    [true, "initial", 10_000_000_000n, 104n],
    [true, "initial", 1_000_000_000_000_000n, 1300n],
    [true, "maintenance", 300_000_000_000_000n, 313n],
    [true, "fill", 1_000_000_000n, 75n],
  ] as const)("TIERS-22: high leverage %s, %s, size %s", (isHigh, kind, size, ratio) => {
    expect(perpMarginRatio(high, size, kind, isHigh)).toBe(ratio);
  });
});

describe("orders count at their worst", () => {
  //  what                        position                                                        price and average              tokens            contribution
  test.each([
    ["a sale of what is not held", { openAsks: -1_000_000_000n }, 100_000_000n, null, -1_000_000_000n, -20_000_000n],
    [
      "a sale of half: unfilled",
      { tokens: 2_000_000_000n, openAsks: -1_000_000_000n },
      100_000_000n,
      null,
      2_000_000_000n,
      160_000_000n,
    ],
    [
      "a purchase",
      { tokens: 2_000_000_000n, openBids: 1_000_000_000n },
      100_000_000n,
      null,
      3_000_000_000n,
      140_000_000n,
    ],
    [
      "a debt bought back dearer",
      { tokens: -2_000_000_000n, openBids: 5_000_000_000n },
      100_000_000n,
      110_000_000n,
      3_000_000_000n,
      -286_000_000n,
    ],
  ] as const)("TIERS-23: %s", (_, position, price, average, tokens, contribution) => {
    const fill = worstFill(spot({ ...position, price: { price, average } }), "initial");
    expect([fill.tokens, fill.contribution]).toEqual([tokens, contribution]);
  });

  test("TIERS-23: an account's own ratio bounds both weights", () => {
    const bought = worstFill(spot({ openBids: 1_000_000_000n }), "initial");
    expect(withOwnRatio(bought, SOL, 5000n, "initial", 100_000_000n).weightedTokenValue).toBe(50_000_000n);
    const sold = worstFill(spot({ openAsks: -1_000_000_000n }), "initial");
    expect(withOwnRatio(sold, SOL, 5000n, "initial", 100_000_000n).weightedTokenValue).toBe(-150_000_000n);
  });

  test("TIERS-23: a short of a prediction owes one less the price; of the same worth, the asks", () => {
    const prediction = { ...PERP, isPrediction: true, price: 750_000n };
    const both = { openBids: 1_000_000_000n, openAsks: -1_000_000_000n };
    expect(worstBase(perp({ ...both, market: prediction }))).toEqual({ base: 1_000_000_000n, liability: 750_000n });
    expect(worstBase(perp(both))).toEqual({ base: -1_000_000_000n, liability: 100_000_000n });
  });
});

describe("an account", () => {
  const cash = spot({ market: USDC, tokens: 10_000_000_000n, price: plain(1_000_000n) });

  test("TIERS-23: an open sale is a debt and its proceeds, and every order a hundredth", () => {
    const margin = marginOf(
      accountOf({ spot: [cash, spot({ openAsks: -500_000_000_000n, openOrders: 1n })] }),
      INITIAL,
    );
    expect([margin.requirement, margin.collateral]).toEqual([60_000_010_000n, 60_000_000_000n]);
  });

  test("TIERS-23: strict takes the lower price of an asset and the higher of a debt", () => {
    const held = (tokens: bigint) => spot({ market: USDC, tokens, price: { price: 990_000n, average: 950_000n } });
    const strict = { ...INITIAL, isStrict: true };
    expect(marginOf(accountOf({ spot: [held(1_000_000n)] }), strict).collateral).toBe(950_000n);
    expect(marginOf(accountOf({ spot: [held(-1_000_000n)] }), strict).requirement).toBe(990_000n);
  });

  test("TIERS-23: opening counts a hundred of a profit at most, a liquidation restores its buffer", () => {
    const winning = perp({ base: 6_000_000_000n, quote: -100_000_000n });
    expect(marginOf(accountOf({ perp: [winning] }), INITIAL).collateral).toBe(100_000_000n);
    const losing = perp({ quote: -100_000_000n });
    const maintenance = { kind: "maintenance", isStrict: false, buffer: 100n } as const;
    expect(marginOf(accountOf({ perp: [losing] }), maintenance).collateralWithBuffer).toBe(-101_000_000n);
  });

  test("TIERS-23: equity is unweighted; all tokens leave an account that owes nothing, and not one that owes all", () => {
    const open = perp({ base: 1_000_000_000n, quote: -90_000_000n });
    expect(equityOf(accountOf({ spot: [cash], perp: [open] }))).toBe(10_010_000_000n);
    expect(withdrawableTokens(accountOf({ spot: [cash] }), 0)).toBe(10_000_000_000n);
    const owing = accountOf({ spot: [cash, spot({ tokens: -80_000_000_000n })] });
    expect(withdrawableTokens(owing, 0)).toBe(399_999_999n);
    expect(marginOf(owing, INITIAL)).toMatchObject({ requirement: 9_600_000_000n, collateral: 10_000_000_000n });
  });

  const flat = { base: 0n, quote: 0n, openOrders: 0n, isIsolated: false };
  //  what                           tokens   perpetuals                                  bankrupt
  test.each([
    ["a base position", [], [{ ...flat, base: 1n }], false],
    ["a loss and nothing else", [], [{ ...flat, quote: -1n }], true],
    ["a loss and a deposit", [1n], [{ ...flat, quote: -1n }], false],
    ["a loss and an order", [], [{ ...flat, quote: -1n, openOrders: 1n }], false],
    ["an isolated loss", [], [{ ...flat, quote: -1n, isIsolated: true }], false],
    ["a borrow alone", [-1n], [], true],
    ["nothing", [], [], false],
  ])("TIERS-23: %s: bankrupt %s", (_, tokens, positions, answer) => {
    expect(isBankrupt({ tokens, perp: positions })).toBe(answer);
  });

  test("TIERS-23: at the client's liquidation price the account is at maintenance, to the last unit", () => {
    for (const base of [10_000_000_000n, -10_000_000_000n]) {
      const position = perp({ base, quote: -base / 10n });
      const held = { quote: 100_000_000n, perp: [position] };
      const price = clientLiquidationPrice(held, 0);
      const moved = { ...held, perp: [{ ...position, market: { ...PERP, price } }] };
      const { requirement, collateral } = clientMargin(moved, "maintenance");
      expect(collateral - requirement).toBeLessThan(20n);
      expect(collateral - requirement).toBeGreaterThan(-20n);
    }
    const poor = { quote: 40_000_000n, perp: [perp({ base: 10_000_000_000n, quote: -1_000_000_000n })] };
    expect([clientLiquidationPrice(poor, 0), clientHealth(poor)]).toEqual([100_000_000n, 0n]);
    const rich = { quote: 20_000_000_000n, perp: [perp({ base: 1_000_000_000n, quote: -100_000_000n })] };
    expect([clientLiquidationPrice(rich, 0), clientHealth(rich)]).toEqual([-1n, 100n]);
  });
});

describe("liquidation", () => {
  const shortage = {
    shortage: 10_000_000n,
    ratio: 1000n,
    liquidatorFee: 0n,
    insuranceFee: 0n,
    price: 100_000_000n,
    quotePrice: 990_000n,
  };
  const debt = {
    shortage: 10_000_000n,
    assetWeight: 8000n,
    assetMultiplier: 1_000_000n,
    liabilityWeight: 12_000n,
    liabilityMultiplier: 1_000_000n,
    liabilityDecimals: 9n,
    liabilityPrice: 100_000_000n,
    insuranceFee: 0n,
  };
  const swap = {
    assetMultiplier: 1_000_000n,
    assetDecimals: 6n,
    assetPrice: 1_000_000n,
    liabilityMultiplier: 1_000_000n,
    liabilityDecimals: 9n,
    liabilityPrice: 100_000_000n,
  };

  test("TIERS-24: amounts that make up a shortage, and none where a unit frees nothing", () => {
    expect(baseToCover(shortage)).toBe(1_010_101_010n);
    expect(baseToCover({ ...shortage, liquidatorFee: 100_000n })).toBeNull();
    expect(liabilityToCover(debt)).toBe(250_000_000n);
    expect(liabilityToCover({ ...debt, assetWeight: 12_000n })).toBeNull();
    expect(liabilityToCover({ ...debt, shortage: 0n })).toBe(1n);
  });

  test("TIERS-24: swaps: what repays what, dust included", () => {
    expect(liabilityForAsset(swap, 10_000_000n)).toBe(100_000_000n);
    expect(assetForLiability(swap, 1_000_000_000n, 200_000_000n)).toBe(100_000_000n);
    expect(assetForLiability(swap, 1_000_000_000n, 100_999_999n)).toBe(100_999_999n);
    expect(meetsLimit(10_000_000n, 6n, 1_000_000_000n, 9n, 100_000_000n)).toBe(false);
    const bounds = {
      ...swap,
      assetDecimals: 9n,
      liabilityDecimals: 6n,
      assetPrice: 200_000_000n,
      liabilityPrice: 1_000_000n,
      assetMultiplier: 1_010_000n,
    };
    expect(isSwapWithinBounds(bounds, 1_000_000_000n, 200_000_000n)).toBe(true);
    expect(isSwapWithinBounds(bounds, 1_000_000_000n, 198_000_000n)).toBe(false);
  });

  test("TIERS-24: an insurance fee never takes what the margin does not leave", () => {
    const rule = {
      shortage: 20_000_000n,
      ratio: 500n,
      liquidatorFee: 10_000n,
      price: 100_000_000n,
      quotePrice: 1_000_000n,
    };
    // 5 % of margin − 1 % fee − 2 % shortage = 2 %, nineteen twentieths of it.
    expect(perpInsuranceFee(rule, 10_000_000_000n, 50_000n)).toBe(19_000n);
    expect(perpInsuranceFee(rule, 10_000_000_000n, 10_000n)).toBe(10_000n);
    expect(perpInsuranceFee({ ...rule, liquidatorFee: 100_000n }, 10_000_000_000n, 50_000n)).toBe(0n);
    expect(perpInsuranceFee(rule, 0n, 50_000n)).toBe(0n);
    expect(spotInsuranceFee({ ...debt, assetWeight: 20_000n }, 1_000_000_000n, 50_000n)).toBe(0n);
    expect(spotInsuranceFee(debt, 0n, 50_000n)).toBe(0n);
    expect(spotInsuranceFee(debt, 1_000_000_000n, 500_000n)).toBe(250_000n);
  });

  test("TIERS-24: the liquidator's fee waits, grows and stops", () => {
    expect([10n, 1499n, 1500n, 100_000n].map((slot) => liquidatorFee(20_000n, 50_000n, 0n, slot))).toEqual([
      20_000n,
      20_000n,
      21_500n,
      50_000n,
    ]);
  });

  test("TIERS-24: a loss is spread against those who bear it", () => {
    expect(fundingForLoss(-100_000_000n, 7_000_000_000n, -4_000_000_000n)).toBe(9_090_910_000n);
    expect(interestForLoss(10_000_000_000n, 1n, 3n)).toBe(3_333_333_334n);
    expect(interestForLoss(10_000_000_000n, 1n, 0n)).toBe(0n);
  });
});

describe("lending", () => {
  const curve = { optimalUtilisation: 700_000n, optimalRate: 70_000n, rateMax: 1_000_000n, rateMin: 0n };

  test("TIERS-25: the borrow rate rises from nothing through the optimum to its highest", () => {
    expect([0n, 350_000n, 700_000n, 850_000n, 1_000_000n].map((used) => borrowRateAt(curve, used))).toEqual([
      0n,
      35_000n,
      70_000n,
      116_500n,
      1_000_000n,
    ]);
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 999_999n }), (used) => {
        expect(borrowRateAt(curve, used + 1n) >= borrowRateAt(curve, used)).toBe(true);
        expect(depositRateAt(curve, used, 0n) <= borrowRateAt(curve, used)).toBe(true);
      }),
    );
  });

  test("TIERS-25: borrowing the capacity brings the rate to its target on the first piece", () => {
    const capacity = borrowCapacity(curve, 35_000n, 1_000_000n, 100_000n);
    expect(capacity).toBe(250_000n);
    expect(borrowRateAt(curve, utilisationOf(1_000_000n, 100_000n + capacity))).toBe(35_000n);
    expect(borrowCapacity(curve, 35_000n, 1_000_000n, 900_000n)).toBe(0n);
    expect([utilisationOf(0n, 0n), utilisationOf(0n, 1n)]).toEqual([0n, 1_000_000n]);
  });

  test("TIERS-25: a debt is rounded up, a deposit down; shares are cut by powers of ten", () => {
    expect([tokensOf(1n, 10_000_000_001n, 9n), debtOf(1n, 10_000_000_001n, 9n)]).toEqual([1n, 2n]);
    expect([rebaseOf(60_078n, 6007n), rebaseOf(99_999n, 100n)]).toEqual([
      { exponent: 0n, divisor: 1n },
      { exponent: 1n, divisor: 10n },
    ]);
  });

  //  value at request  shares          balance         lost
  test.each([
    [99_999_999n, 1_000_000_000n, 1_000_000_000n, 2n],
    [99_999_999n, 1_000_000_000n, 1_100_000_000n, 10_000_001n],
    [200_000_000n, 1_000_000_000n, 1_100_000_000n, 0n],
  ])("TIERS-25: a leaver worth %s at its request, of %s shares for %s", (value, shares, balance, lost) => {
    expect(sharesLost(100_000_000n, value, shares, balance)).toBe(lost);
  });
});
