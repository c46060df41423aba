import { expect, test } from "@jest/globals";
import { parseDecimal } from "@ballast/money";
import { change, count, dollars, exactly, figure } from "./figures.js";

//  value               dollars         change           two digits        exactly
test.each([
  ["0", "$0", "$0", "0.00", "0"],
  ["0.4", "$0", "$0", "0.40", "0.4"],
  ["-0.4", "$0", "$0", "-0.40", "-0.4"],
  ["-0.001", "$0", "$0", "0.00", "-0.001"],
  ["999.5", "$1,000", "+$1,000", "999.50", "999.5"],
  ["1234567.891", "$1,234,568", "+$1,234,568", "1,234,567.89", "1,234,567.891"],
  ["-1234567.891", "-$1,234,568", "-$1,234,568", "-1,234,567.89", "-1,234,567.891"],
  ["0.000000000000000001", "$0", "$0", "0.00", "0.000000000000000001"],
] as const)("%s is shown so", (text, inDollars, asChange, rounded, exact) => {
  const value = parseDecimal(text);
  expect([dollars(value), change(value), figure(value, 2), exactly(value)]).toEqual([
    inDollars,
    asChange,
    rounded,
    exact,
  ]);
});

test("counts have their thousands apart", () => {
  expect([0, 999, 1000, 12345678].map(count)).toEqual(["0", "999", "1,000", "12,345,678"]);
});
