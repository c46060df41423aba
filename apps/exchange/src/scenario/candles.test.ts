import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@jest/globals";
import { assetId } from "@ballast/model";
import { readScenario, type ScenarioSource } from "./candles.js";

const BTC = assetId("BTC");
const ETH = assetId("ETH");
const HEADER = "asset,ts,open,high,low,close,mark_open,mark_high,mark_low,mark_close";

const source = (text: string, more: Partial<ScenarioSource> = {}): ScenarioSource => ({
  file: "some.csv",
  text,
  event: undefined,
  assets: [BTC],
  hoursMax: undefined,
  ...more,
});
const refusal = (text: string, more: Partial<ScenarioSource> = {}): string => {
  try {
    readScenario(source(text, more));
    return "no refusal";
  } catch (fault) {
    return (fault as Error).message;
  }
};

test("12 and 13 March 2020: 36 hours of both coins, marks everywhere, the low of the night", () => {
  const file = path.join(import.meta.dirname, "../../../../vectors/scenarios/2020-03-12-covid.csv");
  const scenario = readScenario(source(readFileSync(file, "utf8"), { file, assets: [BTC, ETH] }));
  expect(scenario.name).toBe("2020-03-12-covid");
  expect(scenario.hours).toHaveLength(36);
  expect(scenario.remarks).toEqual([]);
  const first = scenario.hours[0]?.marks.get(BTC);
  expect(first?.open.toFixed()).toBe("7933.863116");
  expect(scenario.hours[26]?.marks.get(BTC)?.low.toFixed()).toBe("3801.83058");
  expect(new Date(scenario.hours[26]?.startsAt ?? 0).toISOString()).toBe("2020-03-13T02:00:00.000Z");
});

const row = (ts: string, prices: string) => `BTC,${ts},${prices}`;
const GOOD = "10,12,9,11,10,12,9,11";

//  what is wrong                       rows                                                       what is said
test.each([
  ["an exponent", [row("1583971200", "1e3,12,9,11,10,12,9,11")], "line 2, column open: expected a decimal string"],
  ["a hexadecimal", [row("1583971200", "10,0x1F,9,11,10,12,9,11")], "line 2, column high: expected a decimal string"],
  [
    "a thousand separator",
    [row("1583971200", "10,12,9,11,10,1_2,9,11")],
    "line 2, column mark_high: expected a decimal",
  ],
  ["an empty last price", [row("1583971200", "10,,9,11,10,12,9,11")], "line 2, column high: expected a decimal string"],
  ["half a mark candle", [row("1583971200", "10,12,9,11,10,,9,11")], "line 2, column mark_high: expected a decimal"],
  [
    "a negative price",
    [row("1583971200", "10,12,-9,11,10,12,9,11")],
    "line 2, column low: expected a price above zero",
  ],
  ["a price of zero", [row("1583971200", "10,12,0,11,10,12,9,11")], "line 2, column low: expected a price above zero"],
  [
    "a close above the high",
    [row("1583971200", "10,12,9,13,10,12,9,11")],
    "line 2, column close: 13 is above the high",
  ],
  [
    "a low above the open",
    [row("1583971200", "10,12,9,11,10,12,10.5,11")],
    "line 2, column mark_open: 10 is below the low",
  ],
  ["milliseconds", [row("1583971200000", GOOD)], "line 2, column ts: expected the start of an hour in Unix seconds"],
  ["half past", [row("1583973000", GOOD)], "line 2, column ts: expected the start of an hour in Unix seconds"],
  ["a date", [row("2020-03-12", GOOD)], "line 2, column ts: expected the start of an hour in Unix seconds"],
  ["an hour twice", [row("1583971200", GOOD), row("1583971200", GOOD)], "line 3, column ts: BTC has this hour twice"],
  ["a gap", [row("1583971200", GOOD), row("1583978400", GOOD)], "expected an hour 1583974800; found 1583978400 next"],
  ["a cell too few", ["BTC,1583971200,10"], "line 2: expected 10 cells; found 3"],
  ["an asset that is no id", [`B TC,1583971200,${GOOD}`], "line 2, column asset: expected an asset id"],
  ["no rows of the asset", [`DOGE,1583971200,${GOOD}`], "expected hours of BTC; found none"],
] as const)("refused with its place: %s", (_, rows, said) => {
  expect(refusal([HEADER, ...rows].join("\n"))).toContain(`some.csv`);
  expect(refusal([HEADER, ...rows].join("\n"))).toContain(said);
});

test("refused: a file without a column that is needed, with a column twice, with nothing in it", () => {
  expect(refusal("asset,ts,open,high,low\n")).toContain("line 1: expected a column close");
  expect(refusal(`${HEADER},open\n`)).toContain("column open comes twice");
  expect(refusal("# only a comment\n")).toContain("found nothing");
});

test("an hour in which one of the assets is missing is refused", () => {
  const text = [HEADER, row("1583971200", GOOD)].join("\n");
  expect(refusal(text, { assets: [BTC, ETH] })).toContain("hour 1583971200 has no row of ETH");
});

test("where a row has no marks, the last prices stand in, and it is said", () => {
  const text = [HEADER, row("1583971200", "10,12,9,11,,,,"), row("1583974800", GOOD)].join("\n");
  const scenario = readScenario(source(text));
  expect(scenario.hours[0]?.marks.get(BTC)?.close.toFixed()).toBe("11");
  expect(scenario.remarks).toEqual(["BTC: no mark prices in 1 rows of the file; last prices stand in for them"]);
});

test("a file without mark columns is played on last prices", () => {
  const text = "asset,ts,open,high,low,close\nBTC,1583971200,10,12,9,11\n";
  expect(readScenario(source(text)).hours[0]?.marks.get(BTC)?.low.toFixed()).toBe("9");
});

const EVENTS = ["event,asset,ts,open,high,low,close", "a,BTC,1583971200,1,1,1,1", "b,BTC,1583971200,2,2,2,2"].join(
  "\n",
);

test("a file of several events needs to be told which, and plays only that", () => {
  expect(refusal(EVENTS)).toContain("--event is needed; the file has a, b");
  expect(refusal(EVENTS, { event: "c" })).toContain("no event c; the file has a, b");
  const scenario = readScenario(source(EVENTS, { event: "b" }));
  expect(scenario.name).toBe("b");
  expect(scenario.hours[0]?.marks.get(BTC)?.open.toFixed()).toBe("2");
});

test("rows come in any order, other assets and comments are passed over, and the number of hours can be limited", () => {
  const text = [HEADER, row("1583974800", GOOD), "# a note", `DOGE,7,${GOOD}`, row("1583971200", GOOD), ""].join(
    "\r\n",
  );
  expect(readScenario(source(text)).hours.map((hour) => hour.startsAt)).toEqual([1583971200000, 1583974800000]);
  expect(readScenario(source(text, { hoursMax: 1 })).hours).toHaveLength(1);
});
