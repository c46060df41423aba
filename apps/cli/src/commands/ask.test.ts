import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { DEFAULT_ESTIMATES } from "@ballast/risk-core";
import { ran, ROOT, scratchFolder } from "./testing.js";

const hedge = path.join(ROOT, "docs/examples/btc-eth-hedge.json");
const { written, remove } = scratchFolder();
afterAll(remove);

const book = JSON.parse(readFileSync(hedge, "utf8"));
const poor = written("poor.json", { ...book, balances: { USDC: { amount: "100000", price: "1" } } });
/** The estimates of the house with fewer joint days: a question is some hundred assessments. */
const estimates = written("estimates.json", {
  ...DEFAULT_ESTIMATES,
  underlyings: Object.fromEntries(
    Object.entries(DEFAULT_ESTIMATES.underlyings).map(([id, own]) => [id, { ...own, moves: own.moves.slice(-150) }]),
  ),
});
const asked = (...args: readonly string[]) => ran("ask", ...args, "--estimates", estimates);
const answer = async (...args: readonly string[]) => {
  const { code, stdout } = await asked(...args, "--json");
  return { code, document: JSON.parse(stdout) };
};
const initialOf = async (changed: object): Promise<{ readonly slack: string }> =>
  JSON.parse((await ran("margin", written("changed.json", changed), "--estimates", estimates, "--json")).stdout)
    .levels[0];

describe("ask", () => {
  test("INVERSE-2: the largest order, put into the book, leaves the slack that was said", async () => {
    const question = ["largest-order", hedge, "--instrument", "BTC-PERPETUAL", "--side", "buy", "--lot", "0.01"];
    const { code, document } = await answer(...question);
    expect(code).toBe(0);
    const [bitcoin, ether] = book.holdings;
    const held = (Number(bitcoin.quantity) + Number(document.quantity)).toFixed(2);
    const { slack } = await initialOf({ ...book, holdings: [{ ...bitcoin, quantity: held }, ether] });
    expect(slack).toBe(document.filled.slack);
    expect(document.oneLotMore.slack.startsWith("-")).toBe(true);
  });

  test("INVERSE-3: the deposit, put into the book, cures it", async () => {
    const { document } = await answer("deposit", poor);
    const amount = (100_000 + Number(document.amount)).toFixed(2);
    expect(await initialOf({ ...book, balances: { USDC: { amount, price: "1" } } })).toMatchObject({
      slack: document.cured.slack,
    });
    expect(document.oneUnitLess.slack.startsWith("-")).toBe(true);
    expect((await asked("deposit", hedge)).stdout).toContain("initial is met already");
  });

  test("INVERSE-4 INVERSE-5: a boundary for each underlying and for all together", async () => {
    const { code, stdout } = await asked("boundary", hedge, "--tick", "1");
    expect(code).toBe(0);
    expect(stdout).toContain("where maintenance is missed");
    expect(stdout).toMatch(/^ {2}BTC +fall +BTC \d+$/m);
    expect(stdout).toMatch(/^ {2}ETH +fall +nowhere$/m);
    expect(stdout).toMatch(/^ {2}together +rise +BTC [\d.]+, ETH [\d.]+$/m);
  });

  test("INVERSE-6: the cheapest trade that frees so much, or that none does and which frees most", async () => {
    const { code, document } = await answer("hedge", hedge, "--free", "10000");
    expect([code, document.hedges[0].instrument]).toEqual([0, "ETH-PERPETUAL"]);
    expect(Number(document.hedges[0].frees)).toBeGreaterThanOrEqual(10_000);
    const none = await asked("hedge", hedge, "--free", "1000000");
    expect([none.code, none.stdout.includes("no contract frees so much")]).toEqual([1, true]);
  });

  test("INVERSE-7: what each position saves", async () => {
    const { document } = await answer("saving", hedge);
    expect(Number(document.saving)).toBeGreaterThan(100_000);
    expect(document.hedges.map(({ instrument }: { instrument: string }) => instrument)).toEqual([
      "BTC-PERPETUAL",
      "ETH-PERPETUAL",
    ]);
  });

  //  what                       arguments                                                             sentence
  test.each([
    ["no question", [], "expected a question, one of largest-order,"],
    ["no portfolio", ["saving"], "expected one portfolio document"],
    ["an unknown contract", ["largest-order", hedge, "--instrument", "X", "--side", "buy"], "(INSTRUMENT_UNKNOWN)"],
    ["no side", ["largest-order", hedge, "--instrument", "BTC-PERPETUAL"], "expected buy or sell"],
    ["a lot of nothing", ["hedge", hedge, "--free", "1", "--lot", "0"], "--lot: expected a decimal above zero"],
    ["an exponent", ["hedge", hedge, "--free", "1e3"], "--free: expected a decimal above zero"],
    ["an unknown level", ["deposit", hedge, "--level", "x"], "(LEVEL_UNKNOWN)"],
    ["an unknown underlying", ["boundary", hedge, "--underlying", "SOL"], "(UNDERLYING_UNKNOWN)"],
    ["an asset without a price", ["deposit", poor, "--asset", "WBTC"], "(PRICE_MISSING)"],
    ["an asset without a haircut", ["deposit", poor, "--asset", "SHIB", "--price", "1"], "(ESTIMATE_MISSING)"],
  ])("%s: exit code 2 and a sentence", async (_, args, sentence) => {
    const { code, stdout, stderr } = await ran("ask", ...args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(sentence);
  });
});
