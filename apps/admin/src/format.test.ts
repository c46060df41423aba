import { expect, test } from "@jest/globals";
import { amount, amounts, dollars, percent, time, words } from "./format.js";

//  decimal string              digits  on the screen
test.each([
  ["1234567.891", 2, "1,234,567.89"],
  ["-0.00000001", 8, "-0.00000001"],
  ["-0.00000001", 2, "0"],
  ["9007199254740993.01", 2, "9,007,199,254,740,993.01"],
  ["0", 2, "0"],
])("%s with %d digits is %s", (text, digits, shown) => {
  expect(amount(text, digits)).toBe(shown);
});

test("dollars carry their unit, and no amounts are none", () => {
  expect(dollars("10.5")).toBe("10.50 USD");
  expect(amounts([])).toBe("none");
  expect(amounts([{ asset: "BTC", amount: "0.5" }])).toBe("0.5 BTC");
});

//  ratio      on the screen
test.each([
  ["0", "0.0 %"],
  ["1", "100.0 %"],
  ["0.5", "50.0 %"],
  ["0.00049", "0.0 %"],
  ["0.1234", "12.3 %"],
  ["-0.25", "-25.0 %"],
  ["12.3456", "1,234.6 %"],
])("a ratio of %s is %s", (ratio, shown) => {
  expect(percent(ratio)).toBe(shown);
});

test("times and codes read like words", () => {
  expect(time("2020-03-12T10:40:00.000Z")).toBe("2020-03-12 10:40 UTC");
  expect(words("BANKRUPT_ADL")).toBe("bankrupt adl");
});
