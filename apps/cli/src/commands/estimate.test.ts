import { afterAll, describe, expect, test } from "@jest/globals";
import { DEFAULT_ESTIMATES, readEstimates } from "@ballast/risk-core";
import { ran, scratchFolder } from "./testing.js";

const { written, remove } = scratchFolder();
afterAll(remove);

const DAY_MS = 86_400_000;
const FIRST = Date.parse("2024-01-01");
const dateAt = (day: number) => new Date(FIRST + day * DAY_MS).toISOString().slice(0, 10);

/** Daily candles of assets that move together by half, from a linear congruence; `days` of each. */
function candles(days: Readonly<Record<string, number>>): string {
  let state = 20_240_101;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  };
  const price: Record<string, number> = {};
  const rows = ["asset,date,open,high,low,close,volume"];
  for (let day = 0; day < Math.max(...Object.values(days)); day += 1) {
    const common = next();
    for (const [asset, until] of Object.entries(days)) {
      if (day >= until) continue;
      const open = price[asset] ?? 100;
      const close = open * Math.exp(0.05 * common + 0.05 * next());
      price[asset] = close;
      const [high, low] = [Math.max(open, close) * 1.01, Math.min(open, close) / 1.01];
      rows.push([asset, dateAt(day), open, high, low, close, 1].join(","));
    }
  }
  return `${rows.join("\n")}\n`;
}

const file = written("candles.csv", candles({ AAA: 500, BBB: 500, CCC: 480 }));

describe("estimate", () => {
  test("MODEL-8: rates, widths, as many joint days as asked for, correlation and haircuts, of the day after the last", async () => {
    const { code, stdout, stderr } = await ran("estimate", "--daily", file, "--days", "200", "--digits", "4");
    expect(code).toBe(0);
    const estimates = readEstimates(JSON.parse(stdout));
    expect(estimates.day).toBe(dateAt(500));
    expect(Object.keys(estimates.underlyings)).toEqual(["AAA", "BBB"]);
    expect(stderr).toContain(`CCC: no candle on ${dateAt(499)}, left out`);
    for (const { logRate, width, moves } of Object.values(estimates.underlyings)) {
      expect(moves).toHaveLength(200);
      expect(logRate).toBeGreaterThan(2 * width);
    }
    const [, correlated] = estimates.correlation?.rows[0] ?? [];
    expect(correlated).toBeGreaterThan(0.3);
    expect(correlated).toBeLessThan(0.7);
    expect(estimates.haircuts.initial["USDT"]).toBe(0.125);
    expect(estimates.pegs.initial).toMatchObject({ AAA: 0, USDT: 0.125 });
  });

  test("MODEL-8: the estimates of a day know nothing of that day and what follows", async () => {
    const early = await ran("estimate", "--daily", file, "--day", dateAt(450));
    const shorter = written("shorter.csv", candles({ AAA: 450, BBB: 450, CCC: 450 }));
    const [{ made: _, ...left }, { made: __, ...right }] = [
      JSON.parse(early.stdout),
      JSON.parse((await ran("estimate", "--daily", shorter)).stdout),
    ];
    expect(left).toEqual(right);
  });

  test("MODEL-8: printed digits never make a rate or a haircut smaller", async () => {
    const [all, cut] = [
      JSON.parse((await ran("estimate", "--daily", file)).stdout),
      JSON.parse((await ran("estimate", "--daily", file, "--digits", "3")).stdout),
    ];
    for (const asset of ["AAA", "BBB"]) {
      for (const [exact, shown] of [
        [all.underlyings[asset].logRate, cut.underlyings[asset].logRate],
        [all.underlyings[asset].width, cut.underlyings[asset].width],
        [all.haircuts.maintenance[asset], cut.haircuts.maintenance[asset]],
      ]) {
        expect(shown).toBeGreaterThanOrEqual(exact);
        expect(shown).toBeLessThan(exact * 1.01);
      }
    }
  });

  //  what                        arguments                                        sentence
  test.each([
    ["no file", [], "expected --daily"],
    ["no such file", ["--daily", "nowhere.csv"], "FILE"],
    ["a file of something else", ["--daily", import.meta.filename], "HISTORY_MALFORMED"],
    ["a day that is none", ["--daily", file, "--day", "2024-02-30"], "expected a day"],
    ["an asset whose candles have ended", ["--daily", file, "--assets", "AAA,CCC"], "series CCC"],
    ["an asset nobody knows", ["--daily", file, "--assets", "DOGE"], "series DOGE"],
    ["too little history", ["--daily", file, "--day", dateAt(100)], "SERIES_TOO_SHORT"],
    ["no days", ["--daily", file, "--days", "0"], "expected a whole number from 1"],
    ["a recipe nobody knows", ["--daily", file, "--recipe", "x"], "ballast-hybrid or ballast-hybrid-2"],
  ])("%s is refused with a sentence", async (_, args, sentence) => {
    const { code, stdout, stderr } = await ran("estimate", ...args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(sentence === "FILE" ? stderr.length > 0 : stderr.includes(sentence)).toBe(true);
  });
});

describe("the estimates that come with the house", () => {
  test("MODEL-8: twelve assets, 500 joint days, and where they come from", () => {
    const estimates = readEstimates(DEFAULT_ESTIMATES);
    expect(Object.keys(estimates.underlyings)).toHaveLength(12);
    for (const { moves } of Object.values(estimates.underlyings)) expect(moves).toHaveLength(500);
    expect(estimates.made.by).toContain(`ballast estimate`);
    expect(estimates.correlation?.underlyings).toEqual(Object.keys(estimates.underlyings));
  });
});
