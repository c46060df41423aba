import { describe, expect, test } from "@jest/globals";
import { roundAsset, roundCharge, roundCredit, roundRequirement, roundToLots } from "./rounding.js";
import { amount, quantity, usd } from "./units.js";

describe("NUMBERS-3: rounding has a side", () => {
  //  what                        exact dollars      requirement   asset
  test.each([
    ["a third of a dollar", "0.333333333333", "0.33333334", "0.33333333"],
    ["already round", "0.25", "0.25", "0.25"],
    ["a debt", "-0.333333333333", "-0.33333333", "-0.33333334"],
    ["less than the last digit", "0.000000000001", "0.00000001", "0"],
    ["a debt of less than the last digit", "-0.000000000001", "0", "-0.00000001"],
    ["half a last digit", "0.000000005", "0.00000001", "0"],
    ["just over a cent", "0.010000000000000001", "0.01000001", "0.01"],
    ["nothing", "0", "0", "0"],
  ])("%s", (_, exact, requirement, asset) => {
    expect(roundRequirement(usd(exact)).toFixed()).toBe(requirement);
    expect(roundAsset(usd(exact)).toFixed()).toBe(asset);
  });

  //  what                     exact, in thirds   charge                   credit
  test.each([
    ["a third of a coin", "1", "0.333333333333333334", "0.333333333333333333"],
    ["minus a third", "-1", "-0.333333333333333333", "-0.333333333333333334"],
    ["a whole coin", "3", "1", "1"],
  ])("%s, to the ledger's eighteen digits", (_, thirds, charge, credit) => {
    const exact = amount(amount(thirds).div(3));
    expect(roundCharge(exact).toFixed()).toBe(charge);
    expect(roundCredit(exact).toFixed()).toBe(credit);
  });

  //  contracts  lot     whole lots
  test.each([
    ["10.9", "1", "10"],
    ["-10.9", "1", "-10"],
    ["0.35", "0.1", "0.3"],
    ["0.3", "0.1", "0.3"],
    ["7", "10", "0"],
    ["-7", "10", "0"],
    ["-30", "10", "-30"],
    ["0", "10", "0"],
  ])("NUMBERS-4: %s contracts in lots of %s are %s", (contracts, lot, whole) => {
    expect(roundToLots(quantity(contracts), quantity(lot)).toFixed()).toBe(whole);
  });
});

describe("NUMBERS-5: no minus zero", () => {
  test.each([
    ["a requirement of nearly nothing", roundRequirement(usd("-0.000000000001"))],
    ["a charge of nearly nothing", roundCharge(amount(amount("-1").div("1e30")))],
    ["a sale of less than a lot", roundToLots(quantity("-7"), quantity("10"))],
  ])("%s is plain zero", (_, zero) => {
    expect(zero.isZero()).toBe(true);
    expect(zero.isNegative()).toBe(false);
  });
});
