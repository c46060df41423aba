import { expect, test } from "@jest/globals";
import { amount, amounts, dollars } from "./format.js";

//  decimal string              digits  on the screen
test.each([
  ["1234567.891", 2, "1,234,567.89"],
  ["-0.00000001", 8, "-0.00000001"],
  ["9007199254740993.01", 2, "9,007,199,254,740,993.01"],
  ["0", 2, "0"],
])("%s with %d digits is %s", (text, digits, shown) => {
  expect(amount(text, digits)).toBe(shown);
});

test("dollars carry their unit, and no amounts are none", () => {
  expect(dollars("10.5")).toBe("10.5 USD");
  expect(amounts([])).toBe("none");
  expect(amounts([{ asset: "BTC", amount: "0.5" }])).toBe("0.5 BTC");
});
