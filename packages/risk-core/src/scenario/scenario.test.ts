import { describe, expect, test } from "@jest/globals";
import { NO_SHOCK } from "../margin/presets/template.js";
import { type PortfolioDocument, PortfolioRefused, readPortfolio } from "../portfolio/portfolio-document.js";
import { documentOf } from "../portfolio/testing.js";
import { marketColumns } from "./columns.js";
import { type ContractTerms, deltaOf, deltaOneValue, optionValue, PriceOutOfDomain } from "./payoff.f64.js";
import { profitOfUnits } from "./scan.f64.js";
import { scanBook } from "./scanned-book.js";
import type { ScanRule, Scenario, VolatilityMove } from "./scenario.js";
import { shockedVolatility, termScale } from "./volatility-shock.f64.js";

const TERMS: ContractTerms = {
  kind: "perpetual",
  pathStyle: null,
  inverse: false,
  mark: 100,
  negativePrices: false,
  right: 1,
  strike: 100,
  volatility: 0.5,
  yearsToExpiry: 0.25,
  daysToExpiry: 91.25,
  forward: 100,
  fixedForward: 0,
  discount: 1,
};
const move = (factor: number, shift = 0) => ({ factor, shift });

describe("what one unit is worth in a scenario", () => {
  test("SCENARIO-1: a linear contract is its price, an inverse one the difference of reciprocals at the coin's new price", () => {
    expect(deltaOneValue(TERMS, move(1.2), 120)).toBe(120);
    expect(deltaOneValue({ ...TERMS, inverse: true }, move(1.25), 125)).toBeCloseTo(0.25, 12);
    // A fall costs more coin than the same rise brings: in dollars the two are the same.
    expect(deltaOneValue({ ...TERMS, inverse: true }, move(0.75), 75)).toBeCloseTo(-0.25, 12);
  });

  test("SCENARIO-1: a price at zero or below is refused, unless the contract says that it may be there", () => {
    expect(() => deltaOneValue(TERMS, move(1, -100), 0)).toThrow(PriceOutOfDomain);
    expect(() => deltaOneValue({ ...TERMS, inverse: true, negativePrices: true }, move(1, -101), 0)).toThrow(
      PriceOutOfDomain,
    );
    expect(deltaOneValue({ ...TERMS, negativePrices: true }, move(1, -137.63), 0)).toBeCloseTo(-37.63, 12);
  });

  test("SCENARIO-2: what a settlement average has fixed does not move, and a fixed forward leaves intrinsic value", () => {
    const half = { ...TERMS, kind: "option" as const, fixedForward: 50, yearsToExpiry: 0 };
    expect(optionValue(half, move(1.2), 0.5, 0)).toBeCloseTo(10, 12);
    expect(optionValue({ ...half, fixedForward: 100 }, move(1.2), 0.5, 0)).toBe(0);
    expect(optionValue({ ...half, fixedForward: 0, discount: 0.9 }, move(1.2), 0.5, 0)).toBeCloseTo(18, 12);
  });

  test("SCENARIO-2: a coin-settled option is its premium in coin, at the coin's price in that scenario", () => {
    const coinSettled = { ...TERMS, kind: "option" as const, inverse: true, yearsToExpiry: 0 };
    expect(optionValue(coinSettled, move(1.25), 0.5, 125)).toBeCloseTo(25, 12);
  });

  test("SCENARIO-13: a lookback follows a new extreme and remembers an old one; an average moves by what is still to fix", () => {
    const lookback = {
      ...TERMS,
      kind: "option" as const,
      pathStyle: { name: "floating-lookback" as const },
      strike: 90,
    };
    const value = (factor: number) => optionValue(lookback, move(factor), 0.5, 0);
    expect(value(1.2)).toBeGreaterThan(30);
    // Below the old low the low is the price itself: what is left is worth in proportion to it.
    expect(value(0.4) / value(0.8)).toBeCloseTo(0.5, 9);
    const average = (fixingYears: readonly number[], count: number) =>
      optionValue(
        {
          ...TERMS,
          kind: "option",
          pathStyle: { name: "geometric-average", fixingYears, fixed: { count, geometricMean: 110 } },
        },
        move(1.1),
        1e-5,
        0,
      );
    expect(average([], 4)).toBeCloseTo(10, 9);
    expect(average([0.1, 0.2], 2)).toBeCloseTo(10, 6);
    expect(average([0.1, 0.2], 6)).toBeCloseTo(10, 6);
    expect(deltaOf({ ...lookback, strike: 1 })).toBeCloseTo(1, 6);
  });

  test("SCENARIO-10: deltas of linear, inverse and option contracts", () => {
    expect(deltaOf(TERMS)).toBe(1);
    expect(deltaOf({ ...TERMS, inverse: true })).toBe(0.01);
    const call = { ...TERMS, kind: "option" as const };
    expect(deltaOf(call) - deltaOf({ ...call, right: -1 })).toBeCloseTo(1, 12);
    expect(deltaOf({ ...call, fixedForward: 50 })).toBeCloseTo(deltaOf(call) / 2, 12);
  });
});

describe("what happens to volatility", () => {
  const rule = {
    ...NO_SHOCK,
    up: 0.5,
    down: 0.25,
    shortTermPower: 0.3,
    longTermPower: 0.13,
    upVolatilityFloor: 0.4,
  };
  const point = { ...TERMS, underlying: "BTC", termScale: 1 };
  const at = (volatility: VolatilityMove): Scenario => ({
    id: "s",
    family: "regular",
    price: { factor: 1 },
    volatility,
    damping: 1,
    deadband: 0,
  });

  test("SCENARIO-4: the term scale is one at the reference, larger nearer, flat below the floor", () => {
    expect(termScale(30, rule)).toBe(1);
    expect(termScale(7.5, rule)).toBeCloseTo(4 ** 0.3, 12);
    expect(termScale(120, rule)).toBeCloseTo(0.25 ** 0.13, 12);
    expect(termScale(0.1, rule)).toBe(termScale(1, rule));
  });

  //  the move                                       volatility 50 %     answer
  test.each<[string, VolatilityMove, number, number]>([
    ["same", "same", 0.5, 0.5],
    ["up by half", "up", 0.5, 0.75],
    ["up, but at least the floor", "up", 0.2, 0.4],
    ["down by a quarter", "down", 0.5, 0.375],
    ["relative, at least its own floor", { relative: -0.99, floor: 0.01 }, 0.5, 0.01],
    ["points", { points: 0.05, floor: 0 }, 0.5, 0.55],
  ])("SCENARIO-4: %s", (_, volatility, from, to) => {
    expect(shockedVolatility({ ...point, volatility: from }, at(volatility), 0, rule, null)).toBeCloseTo(to, 12);
  });

  test("SCENARIO-5: the shock grows with the move, up to the rate and no further", () => {
    const tied = { ...rule, up: 0.15, upVolatilityFloor: 0, perMove: { up: 0.45, down: 0.15, rates: { BTC: 0.1 } } };
    const shocked = (logMove: number) => shockedVolatility(point, at("up"), logMove, tied, null) / 0.5;
    expect([0, -0.05, 0.1, 0.3].map(shocked).map((ratio) => Math.round(ratio * 1e6) / 1e6)).toEqual([
      1.15, 1.375, 1.6, 1.6,
    ]);
  });

  test("SCENARIO-6: the skew leaves the money alone and never tilts beyond its cap", () => {
    const skew = {
      kind: "capped-moneyness",
      linearCap: 0.25,
      linearSlope: -0.1,
      absoluteCap: 0.25,
      absoluteSlope: -0.1,
      widthFloor: 0.01,
      widthScale: 4,
      volatility: 0.6,
      volatilitySlope: -0.1,
    } as const;
    const tilted = (strike: number, tilt: VolatilityMove) =>
      shockedVolatility({ ...point, strike }, at(tilt), 0, rule, skew) / 0.5;
    expect(tilted(100, "skew-linear")).toBe(1);
    expect(tilted(1e6, "skew-linear")).toBeCloseTo(1.2, 12);
    expect(tilted(1e-6, "skew-linear")).toBeCloseTo(0.8, 12);
    expect(tilted(1e-6, "skew-absolute")).toBeCloseTo(1.2, 12);
  });

  test("SCENARIO-12: the risk reversal moves by its share, half at each 25-delta strike", () => {
    const skew = { kind: "risk-reversal", share: 0.12, power: 0.35, referenceDays: 30, daysFloor: 1 } as const;
    const monthly = { ...point, daysToExpiry: 30, yearsToExpiry: 30 / 365 };
    const quarter = Math.exp(0.6744897501960817 * 0.5 * Math.sqrt(30 / 365));
    const tilted = (strike: number) =>
      shockedVolatility({ ...monthly, strike }, at("skew-linear"), 0, rule, skew) / 0.5;
    expect(tilted(100 * quarter) - tilted(100 / quarter)).toBeCloseTo(0.12, 12);
    expect(tilted(1e9)).toBeCloseTo(1.06, 12);
  });
});

describe("a portfolio over its columns", () => {
  const regular = (factor: number): Scenario => ({
    id: `${factor}`,
    family: "regular",
    price: { factor },
    volatility: "same",
    damping: 1,
    deadband: 0,
  });
  const scan = (scenarios: readonly Scenario[], changed: Partial<ScanRule> = {}): ScanRule => ({
    scenarios,
    volatilityShock: NO_SHOCK,
    skew: null,
    staticDiscount: { long: null, short: null },
    discountOptions: false,
    forwardShocks: null,
    ...changed,
  });

  test("SCENARIO-3: each underlying moves by its own factor, and one that is not named stays", () => {
    const portfolio = readPortfolio(documentOf({ held: { "BTC-PERPETUAL": 1, "ETH-PERPETUAL": 1 } }));
    const rule = scan([
      { ...regular(1), price: { factors: { BTC: 0.9 } } },
      { ...regular(1), price: { shift: 7 } },
    ]);
    const book = scanBook(portfolio, marketColumns(portfolio, rule), false);
    expect([...book.cells].map((cell) => Math.round(cell * 1e6) / 1e6)).toEqual([-10_000, 7, 0, 7, 0, 0]);
  });

  test("SCENARIO-7: what an expiry is worth counts for less, what it owes for more", () => {
    const discounts = scan([regular(1)], {
      staticDiscount: { long: { base: 0.9, rateScale: 0, rateAdd: 0 }, short: { base: 1.1, rateScale: 0, rateAdd: 0 } },
    });
    const cell = (quantity: number) => {
      const portfolio = readPortfolio(documentOf({ held: { "BTC-2026-12-25-1.2-call": quantity } }));
      const { cells, now } = scanBook(portfolio, marketColumns(portfolio, discounts), false);
      const value = [...now].find((group) => group !== 0) ?? NaN;
      return (cells[0] ?? NaN) / Math.abs(value);
    };
    expect(cell(1)).toBeCloseTo(-0.1, 12);
    // At most one over the options' own discount, which is one here: a debt is not discounted below itself.
    expect(cell(-1)).toBeCloseTo(0, 12);
  });

  test("SCENARIO-8 ORDERS-1: damping, deadband, and an order that counts only where it loses", () => {
    const cells = new Float64Array(2);
    const group = { unit: 0, first: 0, end: 1, longDiscount: 1, shortDiscount: 1 };
    const weights = [
      { damping: 0.5, deadband: 3, mirrored: false },
      { damping: 1, deadband: 0, mirrored: false },
    ];
    const order = { column: 0, unit: 0, quantity: 1, paid: 100 };
    const now = Float64Array.of(100);
    profitOfUnits(now, Float64Array.of(80, 120), [group], weights, [order], Float64Array.of(80, 120), cells);
    expect([...cells]).toEqual([-17, 20]);
  });
});

describe("PORTFOLIO-1: what is refused, with its code and its place", () => {
  const base = documentOf({ held: { "BTC-PERPETUAL": 1 } });
  const contracts = base.contracts ?? [];
  const withOption = (changed: object) => ({
    contracts: contracts.map((contract) =>
      contract.id === "BTC-2026-12-25-1.2-call" ? { ...contract, ...changed } : contract,
    ),
  });
  const optionAt = contracts.findIndex(({ id }) => id === "BTC-2026-12-25-1.2-call");

  test.each<[string, Partial<PortfolioDocument> | object, string, string]>([
    ["a number where text belongs", { quotePrice: 1 }, "PORTFOLIO_MALFORMED", "quotePrice"],
    ["not a number", { quotePrice: "NaN" }, "PORTFOLIO_MALFORMED", "quotePrice"],
    ["an exponent", { quotePrice: "1e3" }, "PORTFOLIO_MALFORMED", "quotePrice"],
    ["a field nobody knows", { leverage: "10" }, "PORTFOLIO_MALFORMED", ""],
    ["a quote at zero", { quotePrice: "0" }, "PRICE_NOT_POSITIVE", "quotePrice"],
    ["an underlying that nobody quotes", { underlyings: {} }, "QUOTE_MISSING", "expiries[0].underlying"],
    ["an option that has expired", { at: "2027-01-01T00:00:00Z" }, "INSTRUMENT_EXPIRED", "contracts[2].expiresAt"],
    ["no volatility", withOption({ volatility: "0" }), "VOLATILITY_NOT_POSITIVE", `contracts[${optionAt}].volatility`],
    [
      "less than none",
      withOption({ volatility: "-1" }),
      "VOLATILITY_NOT_POSITIVE",
      `contracts[${optionAt}].volatility`,
    ],
    ["a strike at zero", withOption({ strike: "0" }), "PRICE_NOT_POSITIVE", `contracts[${optionAt}].strike`],
    ["more than certain", withOption({ confidence: "1.1" }), "SHARE_OUT_OF_RANGE", `contracts[${optionAt}].confidence`],
    [
      "twice the same",
      { contracts: [...contracts, contracts[0]] },
      "INSTRUMENT_REPEATED",
      `contracts[${contracts.length}]`,
    ],
    [
      "a holding of nothing listed",
      { holdings: [{ instrument: "DOGE-PERPETUAL", quantity: "1" }] },
      "INSTRUMENT_UNKNOWN",
      "holdings[0].instrument",
    ],
  ])("%s", (_, changed, code, path) => {
    let refused: unknown;
    try {
      readPortfolio({ ...base, ...changed });
    } catch (fault) {
      refused = fault;
    }
    expect(refused).toBeInstanceOf(PortfolioRefused);
    expect(refused).toMatchObject({ code, path });
  });
});
