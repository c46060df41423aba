import { describe, expect, test } from "@jest/globals";
import { assetId, instrumentId } from "@ballast/model";
import type { Portfolio } from "../../portfolio/portfolio.js";
import { type PortfolioDocument, readPortfolio } from "../../portfolio/portfolio-document.js";
import { assessPortfolio } from "../assess-portfolio.js";
import type { ComponentRule, MarginModel } from "../model.js";
import { PLAIN_SCAN } from "../presets/template.js";
import { NoSizeRule } from "./tiered.js";

/*
 * Every add-on by a book small enough to reckon by hand: BTC at 50,000, ETH at 2,000, one expiry a tenth of a year away.
 */

const AT = "2026-01-01T00:00:00.000Z";
const EXPIRY = new Date(Date.parse(AT) + 0.1 * 365 * 86_400_000).toISOString();

const CONTRACTS: NonNullable<PortfolioDocument["contracts"]> = [
  { id: "BTC-PERP", kind: "perpetual", payoff: "linear", underlying: "BTC", markPrice: "50100", confidence: "0.9" },
  { id: "BTC-INV", kind: "perpetual", payoff: "inverse", underlying: "BTC", markPrice: "50000" },
  { id: "BTC-FUT", kind: "future", payoff: "linear", underlying: "BTC", markPrice: "51000", expiresAt: EXPIRY },
  { id: "ETH-PERP", kind: "perpetual", payoff: "linear", underlying: "ETH", markPrice: "2000" },
  option("BTC-C40", "call", "40000"),
  option("BTC-C60", "call", "60000"),
  option("BTC-P40", "put", "40000"),
  option("BTC-P60", "put", "60000"),
];

/** An option with so little volatility that it is worth what it would pay. */
function option(id: string, right: "call" | "put", strike: string) {
  const terms = { id, kind: "option", payoff: "linear", underlying: "BTC", right, strike } as const;
  return { ...terms, expiresAt: EXPIRY, volatility: "0.0001", confidence: "0.5" };
}

function book(held: Readonly<Record<string, string>>, changed: Partial<PortfolioDocument> = {}): Portfolio {
  return readPortfolio({
    quote: "USDC",
    at: AT,
    underlyings: {
      BTC: { spot: "50000", depth: "1000000" },
      ETH: { spot: "2000", confidence: "0.3" },
    },
    expiries: [{ underlying: "BTC", expiresAt: EXPIRY, forward: "50000", confidence: "0.8" }],
    contracts: CONTRACTS,
    holdings: Object.entries(held).map(([instrument, quantity]) => ({ instrument, quantity })),
    ...changed,
  });
}

/** The figure of one component over the whole account, with eight digits. */
function figureOf(rule: ComponentRule, portfolio: Portfolio, scan: Partial<MarginModel["scan"]> = {}): string {
  const model: MarginModel = {
    id: "one-figure",
    version: 1,
    title: "one figure",
    sources: [],
    notes: [],
    scan: { ...PLAIN_SCAN, scenarios: [], ...scan },
    figures: [{ name: "figure", scope: "account", rule }],
    levels: [{ name: "initial", requirement: "figure", scale: 8, side: "nearest" }],
    orders: "ignored",
  };
  return assessPortfolio(portfolio, model).levels[0]?.requirement.toFixed() ?? "";
}

const closing = { kind: "closing-cost", halfSpread: 0.001, impactPerDepth: 0.01, withoutDepth: 0.01 } as const;
const tiers = {
  kind: "tiered",
  tiers: {
    "*": [
      { from: "0", rate: "0.01" },
      { from: "10000", rate: "0.015" },
    ],
  },
  orders: "ignored",
} as const;
const FORWARD = { forwardShocks: { up: 1.1, down: 0.9 } };
const notional = { kind: "notional", of: ["perpetual"], side: "both", at: "mark" } as const;
const naked = { kind: "naked-shorts", netting: "strike", at: "spot" } as const;
const doubt = {
  kind: "oracle-confidence",
  of: ["perpetual", "option"],
  threshold: 0.95,
  scale: 1,
  with: "none",
  optionsBy: "contract",
  longOptions: true,
} as const;
const standard = {
  kind: "option-standard",
  requirement: "initial",
  side: "better",
  otmMax: 0.15,
  otmMin: 0.1,
  flatCall: 0.075,
  flatPut: 0.075,
  putOfMark: 0.075,
  putFloor: 1.05,
  unpairedCall: 1.2,
} as const;

describe("ADDON-2 ADDON-3 ADDON-4 ADDON-5 ADDON-7 ADDON-8 ADDON-9 ADDON-11 ADDON-12 ADDON-13: what is charged", () => {
  test.each<[string, ComponentRule, Readonly<Record<string, string>>, string]>([
    //  clause and case                                    rule                                 held                                          dollars
    ["ADDON-2: perpetuals at their mark", notional, { "BTC-PERP": "-2", "ETH-PERP": "10" }, "120200"],
    ["ADDON-2: perpetuals at spot", { ...notional, at: "spot" }, { "BTC-PERP": "-2" }, "100000"],
    ["ADDON-2: only the longs", { ...notional, side: "long" }, { "BTC-PERP": "-2", "ETH-PERP": "10" }, "20000"],
    ["ADDON-2: a dollar of an inverse contract", notional, { "BTC-INV": "-3000" }, "3000"],
    ["ADDON-3: a call sold", naked, { "BTC-C60": "-2" }, "100000"],
    ["ADDON-3: a put bought at the strike covers it", naked, { "BTC-C60": "-2", "BTC-P60": "1.5" }, "25000"],
    ["ADDON-3: another strike does not", naked, { "BTC-C60": "-2", "BTC-C40": "2" }, "100000"],
    ["ADDON-3: by kind it does", { ...naked, netting: "kind" }, { "BTC-C60": "-2", "BTC-C40": "2" }, "0"],
    ["ADDON-4: a tenth of doubt about a perpetual", doubt, { "BTC-PERP": "1" }, "5000"],
    ["ADDON-4: exactly at the threshold is free", { ...doubt, threshold: 0.9 }, { "BTC-PERP": "1" }, "0"],
    ["ADDON-4: an option's own confidence is the least", doubt, { "BTC-C60": "-1" }, "25000"],
    ["ADDON-4: spot's counts where the model says so", { ...doubt, with: "spot" }, { "ETH-PERP": "1" }, "1400"],
    ["ADDON-4: long options are free where it says so", { ...doubt, longOptions: false }, { "BTC-C60": "1" }, "0"],
    ["ADDON-5: a short call at its strike or above: OTM", standard, { "BTC-C60": "-1" }, "5000"],
    ["ADDON-5: a short call in the money", standard, { "BTC-C40": "-1" }, "7500"],
    ["ADDON-5: a spread that cannot lose needs its value", standard, { "BTC-C60": "-1", "BTC-C40": "1" }, "10000"],
    ["ADDON-5: a long option gives no credit beside its value", standard, { "BTC-C40": "1" }, "10000"],
    ["ADDON-7: roll of a tenth of a year", roll(0.001, 0.05), { "BTC-FUT": "-2" }, "500"],
    ["ADDON-7: the floor", roll(0.01, 0.05), { "BTC-FUT": "-2" }, "1000"],
    [
      "ADDON-8: what offsets, offsets",
      { kind: "net-delta", at: "spot" },
      { "BTC-PERP": "1", "BTC-INV": "-20000" },
      "30000",
    ],
    [
      "ADDON-8: at rates",
      { kind: "weighted-delta", rates: { BTC: 0.01 } },
      { "BTC-PERP": "-1", "ETH-PERP": "1" },
      "500",
    ],
    ["ADDON-9: below the threshold nothing", deltaShock(100_000), { "BTC-PERP": "2" }, "0"],
    ["ADDON-9: one coin above it", deltaShock(50_000), { "BTC-PERP": "2" }, "1000"],
    ["ADDON-9: long options may reduce", deltaShock(50_000), { "BTC-PERP": "2", "BTC-P60": "1" }, "0"],
    ["ADDON-11: spread and impact", closing, { "BTC-PERP": "2" }, "150"],
    ["ADDON-11: nobody has measured the depth", closing, { "ETH-PERP": "10" }, "220"],
    ["ADDON-12: marginal tiers", tiers, { "BTC-INV": "-30000" }, "400"],
    [
      "ADDON-13: a future against a perpetual",
      { kind: "calendar-spread", share: 0.01 },
      { "BTC-FUT": "1", "BTC-PERP": "-3" },
      "500",
    ],
  ])("%s", (_, rule, held, dollars) => {
    expect(figureOf(rule, book(held))).toBe(dollars);
  });

  test("ADDON-1: the worse of a forward that rises and one that falls, growing with time", () => {
    const rule = { kind: "forward-contingency", add: 0.5, perYear: 2 } as const;
    expect(figureOf(rule, book({ "BTC-C40": "1" }), FORWARD)).toBe("3500");
    expect(figureOf(rule, book({ "BTC-C40": "-1", "BTC-PERP": "1" }), FORWARD)).toBe("3500");
    expect(figureOf(rule, book({ "BTC-PERP": "1" }), FORWARD)).toBe("0");
  });

  test("ADDON-6: a slipped quote is a factor, and a firm one none", () => {
    const rule = { kind: "peg-shortfall", threshold: "0.99", slope: "4" } as const;
    expect(figureOf(rule, book({}, { quotePrice: "0.94" }))).toBe("0.2");
    expect(figureOf(rule, book({}, { quotePrice: "1.01" }))).toBe("0");
  });

  test("ADDON-10 COLLATERAL-4: a debt counts in full, and no haircut touches it", () => {
    const owing = book({}, { balances: { ETH: { amount: "-2", price: "2000" }, USDC: { amount: "500", price: "1" } } });
    expect(figureOf({ kind: "debt" }, owing)).toBe("4000");
    expect(figureOf({ kind: "collateral-haircut", haircuts: { ETH: 0.5, USDC: 0.1 } }, owing)).toBe("50");
  });

  test("ADDON-4: doubtful collateral, and doubt about any spot where the model says so", () => {
    const held = book({}, { balances: { STETH: { amount: "1", price: "2000", confidence: "0.5" } } });
    const rule = { kind: "collateral-confidence", threshold: 0.6, scale: 1 } as const;
    expect(figureOf({ ...rule, withSpot: false }, held)).toBe("1000");
    expect(figureOf({ ...rule, withSpot: true }, held)).toBe("1400");
  });

  test("ADDON-12: an order counts with its side, the larger one", () => {
    const order = (quantity: string) => ({ orders: [{ instrument: "BTC-INV", quantity, limitPrice: "50000" }] });
    const sided = { ...tiers, orders: "worst-side" } as const;
    expect(figureOf(sided, book({ "BTC-INV": "-10000" }, order("-20000")))).toBe("400");
    expect(figureOf(sided, book({ "BTC-INV": "-10000" }, order("5000")))).toBe("100");
    expect(figureOf(sided, book({ "BTC-INV": "-10000" }, order("40000")))).toBe("400");
  });

  test("ADDON-12: an underlying without a rule is refused, not charged nothing", () => {
    expect(() => figureOf({ ...tiers, tiers: { BTC: tiers.tiers["*"] } }, book({ "ETH-PERP": "1" }))).toThrow(
      NoSizeRule,
    );
  });

  test("SCENARIO-11: in a joint scan a gain sets off a loss at its share, and up to its cap", () => {
    const scenarios = [
      { id: "fall", family: "array", price: { factor: 0.9 }, volatility: "same" as const, damping: 1, deadband: 0 },
    ];
    const hedged = book({ "BTC-INV": "50000", "ETH-PERP": "-50" });
    const scan = { kind: "scan-loss", families: ["array"] } as const;
    // BTC loses 5,000 and ETH gains 10,000.
    expect(figureOf({ ...scan, gains: { ETH: { share: 0.3, cap: 1e9 } } }, hedged, { scenarios })).toBe("2000");
    expect(figureOf({ ...scan, gains: { ETH: { share: 0.3, cap: 1000 } } }, hedged, { scenarios })).toBe("4000");
    expect(figureOf({ ...scan, gains: null }, hedged, { scenarios })).toBe("0");
  });

  test("ADDON-14 SCENARIO-9: a pair is forgiven its share of the smaller side's risk", () => {
    const scenarios = [-0.1, 0.1].map((move) => ({
      id: `${move}`,
      family: "array",
      price: { factor: 1 + move },
      volatility: "same" as const,
      damping: 1,
      deadband: 0,
    }));
    const rule = {
      kind: "inter-commodity",
      families: ["array"],
      pairs: [{ legs: ["BTC", "ETH"], ratio: [1, 25], share: 0.5 }],
    } as const;
    const hedged = book({ "BTC-INV": "50000", "ETH-PERP": "-50" });
    // One BTC against 25 of the 50 ETH: half of 5,555.56 (a dollar's contract loses more on the way down) + 5,000.
    expect(figureOf(rule, hedged, { scenarios })).toBe("5000");
    expect(figureOf(rule, book({ "BTC-INV": "50000", "ETH-PERP": "50" }), { scenarios })).toBe("0");
  });

  test("MODEL-1: figures in coin are figures in dollars at spot", () => {
    const inCoin = readPortfolio({
      quote: "USDC",
      numeraire: "BTC",
      at: AT,
      underlyings: { BTC: { spot: "50000" } },
      contracts: CONTRACTS.filter(({ id }) => id === "BTC-INV"),
      holdings: [{ instrument: "BTC-INV", quantity: "30000" }],
    });
    expect(figureOf(notional, inCoin)).toBe("0.6");
    expect(figureOf(tiers, inCoin)).toBe("0.008");
    expect(inCoin.holdings.get(instrumentId("BTC-INV"))?.quantity.toFixed()).toBe("30000");
    expect(inCoin.underlyings.has(assetId("BTC"))).toBe(true);
  });
});

function roll(floor: number, perYear: number) {
  return { kind: "roll", of: ["future"], floor, perYear, at: "spot" } as const;
}

function deltaShock(threshold: number) {
  return { kind: "delta-shock", threshold, perUnit: 0.01, shareMax: 0.1 } as const;
}
