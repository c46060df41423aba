import { describe, expect, test } from "@jest/globals";
import { compareAnswer } from "./compare.js";
import type { Answered, Json } from "./parity-case.js";
import { toleranceOf } from "./tolerance.js";

const exact = toleranceOf("exact");
const cent = toleranceOf("absolute 0.01");
const millionth = toleranceOf("relative 1e-6");

describe("a leaf agrees by value, and by nothing less", () => {
  //                                           expected                got                     tolerance   answer
  test.each<[string, Json, Answered, typeof exact, boolean]>([
    ["text of the same value", "1.50", "1.5", exact, true],
    ["text one unit of a long integer away", "1000000000000000000", "1000000000000000001", exact, false],
    ["text away in the last written place", "0.25", "0.2501", exact, false],
    ["a published rounding of a third", "0.333333333333", "0.33333333333333333333", exact, true],
    ["a rounding and another figure", "0.333333333333", "0.3333333333353", exact, false],
    ["a number and its text", 0.5, "0.5", exact, true],
    ["float64 noise where a file has numbers", 0.3, 0.1 + 0.2, exact, true],
    ["exponent notation", "5e-05", "0.00005", exact, true],
    ["within a cent", "100", "100.01", cent, true],
    ["beyond a cent", "100", "100.0101", cent, false],
    ["within a millionth", "2000000", "2000002", millionth, true],
    ["beyond a millionth", "2000000", "2000002.1", millionth, false],
    ["not a number", "0", Number.NaN, cent, false],
    ["nothing there", "0", [], cent, false],
    ["the same word", "MAINTENANCE", "MAINTENANCE", exact, true],
    ["another word", "MAINTENANCE", "INITIAL", cent, false],
    ["yes and yes", true, true, exact, true],
    ["yes and one", true, 1, exact, false],
    ["none and none", null, null, exact, true],
    ["none and zero", null, 0, exact, false],
  ])("%s", (_, expected, got, tolerance, answer) => {
    expect(compareAnswer({ at: [expected] }, { at: [got] }, tolerance, false).mismatches.length === 0).toBe(answer);
  });
});

test("a mismatch says where, what was expected and what was got", () => {
  const { mismatches } = compareAnswer(
    { account: { pnl: ["1", "2"], state: "OPEN" } },
    { account: { pnl: ["1", "2.5"] } },
    exact,
    false,
  );
  expect(mismatches).toEqual([
    { path: "account.pnl[1]", expected: '"2"', got: '"2.5"' },
    { path: "account.state", expected: '"OPEN"', got: "nothing" },
  ]);
});

test("a list is as long as it is said to be; more keys than expected are ignored", () => {
  expect(compareAnswer([1, 2], [1, 2, 3], exact, false).mismatches).toHaveLength(1);
  expect(compareAnswer([], [1], exact, false).mismatches).toHaveLength(1);
  expect(compareAnswer({ a: 1 }, { a: 1, b: 2 }, exact, false)).toEqual({ compared: 1, mismatches: [] });
});

test("a blind leaf is not compared, and does not count as compared", () => {
  const expected = { margin: null, moves: [null, null], currency: "BTC" };
  expect(compareAnswer(expected, { margin: "5", moves: ["1"], currency: "BTC" }, exact, true)).toEqual({
    compared: 1,
    mismatches: [],
  });
});
