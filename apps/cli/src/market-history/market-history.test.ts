import { describe, expect, test } from "@jest/globals";
import { readDailyCloses, readHourlyCloses } from "./closes.f64.js";
import { dateOf, dayFrom, MalformedHistory } from "./csv-table.f64.js";
import { readDailyCandles } from "./daily-candles.f64.js";
import { dayMovesOf } from "./replay-rates.f64.js";

const HEADER = "asset,date,open,high,low,close";

describe("market history from text", () => {
  test("candles by asset; other columns are passed over, empty lines at the end too", () => {
    const candles = readDailyCandles(
      `${HEADER},volume\r\nBTC,1970-01-02,1,2,0.5,1.5,9\r\nETH,1970-01-03,3,3,3,3,9\r\n`,
    );
    expect([...candles]).toEqual([
      ["BTC", [{ openedAtS: 86_400, open: 1, high: 2, low: 0.5, close: 1.5 }]],
      ["ETH", [{ openedAtS: 172_800, open: 3, high: 3, low: 3, close: 3 }]],
    ]);
  });

  test("closes in columns; an empty cell is none", () => {
    expect(readDailyCloses("date,BTC,ETH\n1970-01-02,5,\n1970-01-03,6e-1,7\n")).toEqual({
      times: [1, 2],
      of: new Map([
        ["BTC", [5, 0.6]],
        ["ETH", [undefined, 7]],
      ]),
    });
    expect(readHourlyCloses("ts,BTC\n3600,5\n").times).toEqual([3600]);
  });

  test.each([
    ["an empty text", "", "line 1, header"],
    ["a missing column", "asset,date,open,high,low\n", "line 1, close"],
    ["a short row", `${HEADER}\nBTC,1970-01-02,1,2,3\n`, "line 2, row"],
    ["an empty price", `${HEADER}\nBTC,1970-01-02,1,2,,1\n`, "line 2, low"],
    ["a price that is a word", `${HEADER}\nBTC,1970-01-02,1,2,1,NaN\n`, "line 2, close"],
    ["a price in hexadecimal", `${HEADER}\nBTC,1970-01-02,1,0x10,1,1\n`, "line 2, high"],
    ["the thirtieth of February", `${HEADER}\nBTC,2021-02-30,1,2,1,1\n`, "line 2, date"],
  ])("%s is refused with its place", (_, text, place) => {
    expect(() => readDailyCandles(text)).toThrow(MalformedHistory);
    expect(() => readDailyCandles(text)).toThrow(place);
  });

  test("a time that is missing is refused with its place", () => {
    expect(() => readHourlyCloses("ts,BTC\n,5\n")).toThrow("line 2, ts");
  });

  test("a day and its text are each other's", () => {
    for (const day of [-1, 0, 18_993, 19_782]) expect(dayFrom(dateOf(day))).toBe(day);
  });

  test("moves by day; one over missing days is told", () => {
    const candles = readDailyCandles(
      `${HEADER}\nBTC,1970-01-02,1,2,1,1\nBTC,1970-01-03,1,2,1,2\nBTC,1970-01-06,2,4,2,4\nETH,1970-01-03,1,1,1,1\n`,
    );
    const { moves, overHoles } = dayMovesOf(candles);
    expect([...moves].map(([day, brought]) => [day, [...brought]])).toEqual([
      [2, [["BTC", { logMove: Math.LN2, logRange: Math.LN2 }]]],
      [5, [["BTC", { logMove: Math.LN2, logRange: Math.LN2 }]]],
    ]);
    expect(overHoles).toEqual([{ asset: "BTC", day: 5, days: 3 }]);
  });
});
