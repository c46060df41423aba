import { assetId } from "@ballast/model";
import { describe, expect, test } from "@jest/globals";
import { readPortfolio } from "../portfolio/portfolio-document.js";
import { documentOf, portfolioOf } from "../portfolio/testing.js";
import { lossesOnMoves } from "./monte-carlo.f64.js";
import { simulatedPool } from "./simulated-pool.js";

const FACTORS = ["BTC", "ETH"].map(assetId);
const lossOn = (book: Parameters<typeof portfolioOf>[0], factor: number) => {
  const { positions } = simulatedPool(portfolioOf(book), FACTORS);
  const world = { books: [positions], volatilityResponse: { beta: 0, spread: 0, floor: 0 }, elapsedYears: 0 };
  return lossesOnMoves(world, [Float64Array.of(Math.log(factor)), Float64Array.of(0)])[0]?.[0];
};

describe("SCORE-3: a pool as a simulation sees it", () => {
  //  what is held                                     book                                                price ×  loss
  test.each([
    ["a perpetual", { held: { "BTC-PERPETUAL": 2 } }, 0.9, 20_000],
    ["an inverse one, in dollars", { held: { "BTC-INVERSE": 5_000 } }, 0.9, 500],
    ["a future at its own mark", { held: { "BTC-FUTURE": -1 } }, 0.9, -10_200],
    ["collateral that moves with it", { collateral: { WBTC: ["3", "99000", "BTC"] } }, 0.9, 29_700],
    ["collateral that keeps its value", { collateral: { USDT: ["3000", "1"] } }, 0.9, 0],
    ["cash", { cash: "1000" }, 0.9, 0],
  ] as const)("%s", (_, book, factor, loss) => {
    expect(lossOn(book as Parameters<typeof portfolioOf>[0], factor)).toBeCloseTo(loss, 6);
  });

  test("equity is cash, collateral and what options are worth", () => {
    const bare = simulatedPool(portfolioOf({ cash: "1000", collateral: { WBTC: ["1", "99000", "BTC"] } }), FACTORS);
    expect(bare.equity).toBe(100_000);
    const held = simulatedPool(portfolioOf({ cash: "1000", held: { "BTC-2026-12-25-1.2-call": 2 } }), FACTORS);
    expect(held.equity).toBeGreaterThan(1_000);
  });

  test("a long option loses at most what it is worth", () => {
    const book = { held: { "BTC-2026-12-25-1.2-call": 2 } };
    const { equity } = simulatedPool(portfolioOf(book), FACTORS);
    expect(lossOn(book, 1e-3)).toBeCloseTo(equity, 6);
  });

  test("an option that remembers its path is refused", () => {
    const id = "BTC-2026-12-25-1.2-call";
    const document = documentOf({ held: { [id]: 1 } });
    const contracts = (document.contracts ?? []).map((contract) =>
      contract.id === id ? { ...contract, style: { name: "floating-lookback" } } : contract,
    );
    expect(() => simulatedPool(readPortfolio({ ...document, contracts }), FACTORS)).toThrow(
      expect.objectContaining({ code: "OPTION_NOT_SIMULATED" }),
    );
  });

  test("what moves with no factor is refused", () => {
    expect(() => simulatedPool(portfolioOf({ held: { "SOL-PERPETUAL": 1 } }), FACTORS)).toThrow(
      expect.objectContaining({ code: "QUOTE_MISSING" }),
    );
  });
});
