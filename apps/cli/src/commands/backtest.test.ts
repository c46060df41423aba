import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { main } from "../main.js";
import { dateOf } from "../market-history/csv-table.f64.js";
import { hundredBooks } from "./backtest-books.js";
import type { BacktestFigures } from "./backtest-figures.js";

const folder = mkdtempSync(path.join(tmpdir(), "ballast-backtest-"));
const daily = path.join(folder, "daily.csv");
const hourly = path.join(folder, "hourly.csv");
const FIRST_DAY = 19_000;
const DAYS = 420;
const MISSING_DAY = 300;

/** A walk of three assets whose third jumps once, and which lacks one day. */
beforeAll(() => {
  const rows = ["asset,date,open,high,low,close,volume"];
  for (const [asset, volatility] of [
    ["BTC", 0.02],
    ["ETH", 0.03],
    ["SOL", 0.05],
  ] as const) {
    let close = 100;
    for (let day = 0; day < DAYS; day += 1) {
      const open = close;
      const jump = asset === "SOL" && day === 350 ? 0.9 : 0;
      close = open * Math.exp(volatility * Math.sin(day * day + asset.length * volatility) + jump);
      if (asset === "SOL" && day === MISSING_DAY) continue;
      const [high, low] = [Math.max(open, close) * (1 + volatility / 2), Math.min(open, close) * (1 - volatility / 2)];
      rows.push([asset, dateOf(FIRST_DAY + day), open, high, low, close, 1].join(","));
    }
  }
  writeFileSync(daily, `${rows.join("\n")}\n`);
  const hours = Array.from({ length: 24 * DAYS }, (_, hour) => (FIRST_DAY * 24 + hour) * 3600);
  const closes = hours.map((ts, hour) => `${ts},${100 * Math.exp(0.004 * Math.sin(hour * hour))}`);
  writeFileSync(hourly, `ts,BTC\n${closes.join("\n")}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ["", ""];
  const code = await main(["backtest", ...args], {
    stdout: { write: (text: string) => (out += text) },
    stderr: { write: (text: string) => (err += text) },
  });
  return { code, out, err };
}

describe("the backtest command", () => {
  test("scores every model on every asset, on the same days, and says which day was missing", async () => {
    const { code, out } = await run("--daily", daily, "--hourly", hourly, "--from", dateOf(FIRST_DAY + 280), "--json");
    expect(code).toBe(0);
    const figures = JSON.parse(out) as BacktestFigures;
    expect([figures.from, figures.to]).toEqual([dateOf(FIRST_DAY + 280), dateOf(FIRST_DAY + DAYS - 1)]);
    expect(figures.models.map(({ model }) => model)).toEqual([
      "ballast-hybrid",
      "ballast-hybrid-2",
      "ewma",
      "historical-500",
      "filtered-historical-500",
    ]);
    for (const { assets } of figures.models) {
      expect(Object.entries(assets).map(([asset, { days }]) => [asset, days])).toEqual([
        ["BTC", 140],
        ["ETH", 140],
        ["SOL", 139],
      ]);
      // The jump of SOL is beyond every model's rate.
      expect(assets["SOL"]?.exceptions).toBeGreaterThanOrEqual(1);
    }
    expect(figures.histories.flatMap(({ asset, findings }) => findings.map(({ kind }) => [asset, kind]))).toEqual([
      ["SOL", "MISSING"],
    ]);
    expect(figures.books.map(({ class: name, model }) => `${name} ${model}`)).toContain("hedged ballast-hybrid-2");
    expect(figures.horizons?.assets.map(({ hours }) => hours)).toEqual([1, 2, 4, 8, 12, 24, 48, 72, 120]);
  });

  test("prints tables for people", async () => {
    const { code, out } = await run("--daily", daily, "--no-books", "--from", dateOf(FIRST_DAY + 280));
    expect(code).toBe(0);
    expect(out).toContain("All assets");
    expect(out).toMatch(/SOL: 1 days? missing after/);
  });

  test.each([
    ["no file", [], "expected --daily FILE"],
    ["a file that is not there", ["--daily", path.join(folder, "none.csv")], "none.csv: expected a file"],
    ["a day that is none", ["--daily", daily, "--from", "2021-02-30"], "expected a day as"],
    ["an option that is none", ["--daily", daily, "--fast"], "--fast"],
    ["a file of another form", ["--daily", hourly], "a column of this name"],
    ["a day after the history", ["--daily", daily, "--from", "2030-01-01"], "expected days with a rate"],
  ])("%s: exit code 2 and a sentence", async (_, args, sentence) => {
    const { code, out, err } = await run(...args);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err).toContain(sentence);
  });
});

describe("the hundred books", () => {
  const books = hundredBooks("a");
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

  test("are six one way, twenty pairs, four baskets, forty neutral, thirty mixed", () => {
    const count = (kind: string): number => books.filter((book) => book.kind === kind).length;
    expect(["one-way", "pair", "basket", "neutral", "mixed"].map(count)).toEqual([6, 20, 4, 40, 30]);
    expect(new Set(books.map(({ id }) => id)).size).toBe(100);
  });

  test("have gross one; hedged ones are neutral", () => {
    for (const { weights, class: name } of books) {
      const signed = [...weights.values()];
      expect(sum(signed.map(Math.abs))).toBeCloseTo(1, 12);
      if (name === "hedged") expect(sum(signed)).toBeCloseTo(0, 12);
    }
  });

  test("are the same for the same seed, and others for another", () => {
    expect(hundredBooks("a")).toEqual(books);
    expect(hundredBooks("b")).not.toEqual(books);
  });
});
