import { instrumentId } from "@ballast/model";
import { quantity } from "@ballast/money";
import { describe, expect, test } from "@jest/globals";
import { entry } from "../estimate/square-matrix.f64.js";
import { DEFAULT_ESTIMATES } from "../margin/presets/estimates-default.js";
import { assessHealth } from "../scan/assess-health.js";
import { type AccountText, accountOf, marketOf, type MarketText, PARAMETERS } from "../testing.js";
import { estimatedRisk } from "./estimated-risk.f64.js";
import { STANDARD_SCORE_RULE } from "./score-rule.js";
import { scoredMarket } from "./scored-account.js";

const ESTIMATED = estimatedRisk(DEFAULT_ESTIMATES, STANDARD_SCORE_RULE);
const OPEN = new Map([
  [instrumentId("BTC_USDC-PERPETUAL"), quantity("10000")],
  [instrumentId("BTC-PERPETUAL"), quantity("8000")],
]);

function scored(account: AccountText, market: MarketText = {}) {
  const snapshot = marketOf(market);
  const held = accountOf(account);
  const setting = {
    market: snapshot,
    parameters: PARAMETERS,
    estimated: ESTIMATED,
    rule: STANDARD_SCORE_RULE,
    openInterest: OPEN,
  };
  return scoredMarket(setting).score(held, assessHealth(held, snapshot, PARAMETERS).summary);
}

const CASH = { USDC: "20000" };

describe("SCORE-10: what the score sees of an account", () => {
  //  what is held                                   balances        positions                                       deltas in dollars
  test.each([
    ["money alone", CASH, [], {}],
    ["bitcoin against borrowed money", { BTC: "2", USDC: "-100" }, [], { BTC: 16_000 }],
    ["a linear long, at the mark of now", CASH, [["BTC_USDC-PERPETUAL", "1000", "7000"]], { BTC: 8_000 }],
    ["a linear short", CASH, [["ETH_USDC-PERPETUAL", "-100", "210"]], { ETH: -200 }],
    ["an inverse long: its dollars, and coins", { BTC: "1" }, [["BTC-PERPETUAL", "100", "8000"]], { BTC: 9_000 }],
    [
      "an inverse short against its coins moves with nothing",
      { BTC: "1" },
      [["BTC-PERPETUAL", "-800", "8000"]],
      { BTC: 0 },
    ],
    ["coins won by an inverse long are coins", { BTC: "1" }, [["BTC-PERPETUAL", "800", "4000"]], { BTC: 24_000 }],
    [
      "two contracts of one coin",
      CASH,
      [
        ["BTC_USDC-PERPETUAL", "1000", "8000"],
        ["BTC_USDC-26JUN20", "-1000", "8100"],
      ],
      { BTC: -100 },
    ],
  ] as const)("%s", (_, balances, positions, deltas) => {
    const { pool } = scored({ balances, positions });
    expect(pool.underlyings).toEqual(Object.keys(deltas));
    pool.deltas.forEach((delta, at) => {
      expect(delta).toBeCloseTo(Object.values(deltas)[at] as number, 6);
    });
  });

  test("the delta is what a small move changes, inverse contracts and profits included", () => {
    const account: AccountText = {
      balances: { USDC: "9000", BTC: "0.7" },
      positions: [
        ["BTC-PERPETUAL", "-300", "9100"],
        ["BTC_USDC-PERPETUAL", "500", "7900"],
      ],
    };
    const at = (bitcoin: string) =>
      scored(account, {
        index: { BTC: bitcoin },
        mark: { "BTC-PERPETUAL": bitcoin, "BTC_USDC-PERPETUAL": bitcoin },
      });
    const change = at("8000.8").pool.netValue - at("7999.2").pool.netValue;
    expect(change / 0.0002).toBeCloseTo(at("8000").pool.deltas[0] as number, 0);
  });

  test("the share of open interest is of one side, and never above one", () => {
    const hold = (contracts: string) =>
      scored({ balances: CASH, positions: [["BTC_USDC-PERPETUAL", contracts, "8000"]] }).pool.openInterestShare[0];
    // Both perpetuals: 10,000 × 8 dollars and 8,000 × 10.
    expect(hold("2000")).toBeCloseTo(16_000 / 160_000, 12);
    expect(hold("-2000")).toBeCloseTo(16_000 / 160_000, 12);
    expect(hold("90000")).toBe(1);
  });

  test("what can be closed in a day is a quarter of every book's depth, each hour", () => {
    const { pool } = scored({ balances: CASH, positions: [["BTC_USDC-PERPETUAL", "1", "8000"]] });
    expect(pool.dailyLiquidity).toEqual([(10_000_000 + 8_000_000 + 2_000_000) * 0.25 * 24]);
  });

  test.each([
    ["nothing", {}],
    ["a bitcoin", { BTC: "1" }],
    ["a speck that its last debt has left", { BTC: "0.00000001", USDC: "0" }],
  ])("without a position and a debt there is nothing to owe: %s scores 0", (_, balances) => {
    const { pool, score } = scored({ balances, positions: [] });
    expect(pool.deltas).toEqual([]);
    expect([score.score, score.drivers]).toEqual([0, []]);
  });

  test("slack and net value are those of the verdict", () => {
    const { pool } = scored({ balances: CASH, positions: [["BTC_USDC-PERPETUAL", "10000", "8000"]] });
    expect(pool.netValue).toBe(20_000);
    expect(pool.slack).toBe(20_000 - 800);
  });

  test("without a depth of an underlying there is no score, and the answer says of which", () => {
    const market = marketOf();
    const held = accountOf({ balances: { BTC: "1", USDC: "-1" } });
    const bare = { ...market, depths: new Map() };
    const setting = { parameters: PARAMETERS, estimated: ESTIMATED, rule: STANDARD_SCORE_RULE, openInterest: OPEN };
    const { summary } = assessHealth(held, market, PARAMETERS);
    expect(() => scoredMarket({ ...setting, market: bare }).score(held, summary)).toThrow(
      expect.objectContaining({ code: "PRICE_MISSING", of: "BTC", kind: "DEPTH" }),
    );
  });

  test("without an estimate of what is held there is no score, and the answer says of what", () => {
    const { BTC: _, ...underlyings } = DEFAULT_ESTIMATES.underlyings;
    const names = Object.keys(underlyings);
    const rows = names.map((row) => names.map((column) => (row === column ? 1 : 0.5)));
    const estimated = estimatedRisk(
      { ...DEFAULT_ESTIMATES, underlyings, correlation: { underlyings: names, rows } },
      STANDARD_SCORE_RULE,
    );
    const market = marketOf();
    const held = accountOf({ balances: CASH, positions: [["BTC_USDC-PERPETUAL", "1", "8000"]] });
    const setting = { market, parameters: PARAMETERS, estimated, rule: STANDARD_SCORE_RULE, openInterest: OPEN };
    const { summary } = assessHealth(held, market, PARAMETERS);
    expect(() => scoredMarket(setting).score(held, summary)).toThrow(
      expect.objectContaining({ code: "ESTIMATE_MISSING", of: "BTC" }),
    );
  });
});

describe("SCORE-9: the covariances come from the published document", () => {
  test("calm is the width; stress is where the published rate keeps its promise under a normal", () => {
    const { volatilities, stressedVolatilities } = ESTIMATED.of(["BTC", "ETH"]);
    const { BTC, ETH } = DEFAULT_ESTIMATES.underlyings;
    expect(volatilities).toEqual([BTC?.width, ETH?.width]);
    // N⁻¹(0.9975) = 2.8070337683438
    expect(stressedVolatilities[0]).toBeCloseTo((BTC?.logRate as number) / 2.807_033_768_343_8, 12);
    stressedVolatilities.forEach((stressed, at) => {
      expect(stressed).toBeGreaterThanOrEqual(volatilities[at] as number);
    });
  });

  test("every pair's range holds today's correlation, and lies between −1 and 1", () => {
    const names = [...ESTIMATED.underlyings];
    const { correlation, stressedCorrelation } = ESTIMATED.of(names);
    names.forEach((_, row) => {
      names.forEach((__, column) => {
        const [low, now, high] = [stressedCorrelation.low, correlation, stressedCorrelation.high].map((matrix) =>
          entry(matrix, row, column),
        ) as [number, number, number];
        expect(low).toBeLessThanOrEqual(now);
        expect(high).toBeGreaterThanOrEqual(now);
        if (row !== column) expect(high - low).toBeGreaterThan(0.05);
        else expect([low, now, high]).toEqual([1, 1, 1]);
      });
    });
  });

  test("the order asked is the order answered", () => {
    const [there, back] = [ESTIMATED.of(["BTC", "SOL"]), ESTIMATED.of(["SOL", "BTC"])];
    expect([...there.volatilities].reverse()).toEqual(back.volatilities);
    expect(entry(there.correlation, 0, 1)).toBe(entry(back.correlation, 1, 0));
  });

  test("a document without a correlation gives no score", () => {
    expect(() => estimatedRisk({ ...DEFAULT_ESTIMATES, correlation: null }, STANDARD_SCORE_RULE)).toThrow(
      expect.objectContaining({ code: "SERIES_TOO_SHORT" }),
    );
  });
});

test("SCORE-7: the worked account of the house: the same money against a larger book scores higher", () => {
  const score = (contracts: string) =>
    scored({ balances: CASH, positions: [["BTC_USDC-PERPETUAL", contracts, "8000"]] }).score.score;
  const scores = ["0", "5000", "10000", "20000", "40000"].map(score);
  expect([...scores].sort((left, right) => left - right)).toEqual(scores);
  expect(scores[0]).toBe(0);
  expect(scores.at(-1)).toBeGreaterThan(5);
});
