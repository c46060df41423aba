import path from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { ran, ROOT, scratchFolder } from "./testing.js";

const folder = scratchFolder();
afterAll(() => folder.remove());

const SHORT = path.join(ROOT, "vectors/margin/portfolio.json");
const AT = "2026-01-02T08:00:00Z";
const pool = (name: string, quantity: string, change: object = {}) =>
  folder.written(name, {
    quote: "USD",
    at: AT,
    underlyings: { BTC: { spot: "100000" } },
    contracts: [{ id: "BTC-PERPETUAL", kind: "perpetual", payoff: "linear", underlying: "BTC", markPrice: "100000" }],
    balances: { USD: { amount: "3000", price: "1" } },
    holdings: [{ instrument: "BTC-PERPETUAL", quantity }],
    ...change,
  });
const ESTIMATES = {
  day: "2026-01-02",
  made: { from: "a test", by: "a test", recipe: "ballast-hybrid" },
  underlyings: {
    BTC: { logRate: 0.12, width: 0.03, moves: Array.from({ length: 400 }, (_, day) => (day - 200) / 100) },
  },
  correlation: { underlyings: ["BTC"], rows: [[1]] },
  haircuts: { initial: {}, maintenance: {} },
  pegs: { initial: {}, maintenance: {} },
};
const estimates = (change: object = {}) => folder.written("estimates.json", { ...ESTIMATES, ...change });

async function figures(...args: readonly string[]) {
  const { code, stderr, stdout } = await ran("var", ...args, "--workers", "1", "--json");
  // Nothing but progress, which a busy machine sees some of.
  expect({ code, told: stderr.replaceAll(/block \d+ of \d+\n/g, "") }).toEqual({ code: 0, told: "" });
  return JSON.parse(stdout);
}

describe("var", () => {
  test("a short of one bitcoin at 3 % a day: e^(σ·2.326) − 1 of 100,000, within four errors; equity beside it", async () => {
    const { pools, quote } = await figures(SHORT, "--estimates", estimates(), "--paths", "40000");
    expect(quote).toBe("USD");
    expect(pools[0].equity).toBe(12_500);
    const { valueAtRisk, valueAtRiskError } = pools[0].simulated[1];
    expect(Math.abs(valueAtRisk - 100_000 * Math.expm1(0.03 * 2.3263478740408408))).toBeLessThan(4 * valueAtRiskError);
    expect(pools[0].historical).toBeNull();
  });

  test("quasi-random paths say the same with a smaller error", async () => {
    const quasi = await figures(SHORT, "--estimates", estimates(), "--paths", "30000", "--quasi");
    expect(quasi.paths).toBe(32_768);
    const { valueAtRisk, valueAtRiskError } = quasi.pools[0].simulated[1];
    const truth = 100_000 * Math.expm1(0.03 * 2.3263478740408408);
    expect(Math.abs(valueAtRisk - truth)).toBeLessThan(0.002 * truth);
    expect(valueAtRiskError).toBeLessThan(0.001 * truth);
  });

  test("Student's tail is longer at 99.5 %, as it is where it is told its degrees", async () => {
    const at995 = async (...args: string[]) =>
      (await figures(SHORT, "--estimates", estimates(), ...args)).pools[0].simulated[2].expectedShortfall;
    expect(await at995("--student", "4")).toBeGreaterThan(1.2 * (await at995()));
  });

  test("history is the joint days at today's width, with an error where days suffice", async () => {
    const { historicalDays, pools } = await figures(SHORT, "--estimates", estimates(), "--history");
    expect(historicalDays).toBe(400);
    const [at95, at99] = pools[0].historical;
    // The 95 % quantile of 400 even moves from −2 to 1.99: position 0.95 × 399 = 379.05.
    const worse = [379, 380].map((day) => 100_000 * Math.expm1((0.03 * (day - 200)) / 100)) as [number, number];
    expect(at95.valueAtRisk).toBeCloseTo(worse[0] + 0.05 * (worse[1] - worse[0]), 6);
    expect(at95.valueAtRiskError).toBeGreaterThan(0);
    expect(at99.valueAtRiskError).toBeNull();
  });

  test("two opposite pools: an exchange loses nothing, and a fund pays what one of them cannot", async () => {
    const { exchange, pools } = await figures(
      pool("long.json", "1"),
      pool("short.json", "-1"),
      "--estimates",
      estimates(),
    );
    for (const tail of exchange.losses.simulated) expect(Math.abs(tail.valueAtRisk)).toBeLessThan(1e-9);
    // One of them loses more than its 3,000: the 95 % of both sides is the 97.5 % of one.
    expect(exchange.shortfalls.simulated[0].valueAtRisk).toBeGreaterThan(pools[0].simulated[0].valueAtRisk - 3_000);
    const { error, mean } = exchange.shortfalls.mean;
    // E[max(σ|z| − 0.03, 0)] at σ = 0.03 is 2·σ·(φ(1) − N(−1)) = 0.005; the log makes it a little more.
    expect(mean).toBeGreaterThan(480);
    expect(mean).toBeLessThan(520);
    expect(error).toBeLessThan(10);
  });

  test("for a person: a table a pool, all together, and what a fund would pay", async () => {
    const { code, stdout } = await ran("var", SHORT, pool("long.json", "1"), "--workers", "1", "--paths", "10000");
    expect(code).toBe(0);
    expect(stdout).toContain("one day in USD: 10000 pseudo-random paths of seed 1, normal moves");
    expect(stdout).toContain(`${SHORT}: equity 12500.00`);
    expect(stdout).toMatch(/simulated 99\.0 % +[\d.]+ +± [\d.]+ +[\d.]+ +± [\d.]+/);
    expect(stdout).toContain("all pools together: losses added");
    expect(stdout).toMatch(/what a fund would have to pay, [\d.]+ ± [\d.]+ on average/);
  });

  //  what is asked                      arguments                                                             answer
  test.each([
    ["nothing", () => [], "expected portfolio documents"],
    ["too few paths", () => [SHORT, "--paths", "9999"], "--paths: expected a whole number from 10000"],
    ["half a degree of freedom", () => [SHORT, "--student", "4.5"], "--student: expected a whole number"],
    ["no workers", () => [SHORT, "--workers", "0"], "--workers: expected a whole number"],
    ["a file that is not there", () => ["nowhere.json"], "nowhere.json: expected a file"],
    [
      "two moneys",
      () => [SHORT, pool("euro.json", "1", { quote: "EUR" })],
      "expected pools in one money; found EUR, USD",
    ],
    [
      "nothing that moves",
      () => [pool("cash.json", "1", { holdings: [] })],
      "expected a position or collateral that moves",
    ],
    [
      "an underlying without estimate",
      () => [SHORT, "--estimates", estimates({ underlyings: { ETH: ESTIMATES.underlyings.BTC } })],
      "no estimate of BTC (ESTIMATE_MISSING)",
    ],
    ["estimates without correlation", () => [SHORT, "--estimates", estimates({ correlation: null })], "no correlation"],
  ] as const)("%s: refused with a line that says why", async (_, args, why) => {
    const { code, stderr, stdout } = await ran("var", ...args());
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(why);
  });
});
