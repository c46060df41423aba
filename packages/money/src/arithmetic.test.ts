import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  add,
  amountFor,
  exposure,
  inverseContractValue,
  linearContractValue,
  magnitude,
  max,
  min,
  negate,
  ONE,
  scale,
  sub,
  valueOf,
} from "./arithmetic.js";
import { Decimal, LEDGER_SCALE } from "./decimal.js";
import { anyAmount, anyContractSize, anyPrice, anyQuantity, anyRatio, anyUsd } from "./testing.js";
import { amount, contractSize, price, quantity, ratio, usd, ZERO_AMOUNT, ZERO_QUANTITY } from "./units.js";

const RUNS = { numRuns: 1_000 };

describe("NUMBERS-6: the legal operations", () => {
  //  what                                answer                                                        is
  test.each([
    ["ten dollars and five", add(usd("10"), usd("5")), "15"],
    ["ten dollars less fifteen", sub(usd("10"), usd("15")), "-5"],
    ["the opposite of three contracts", negate(quantity("3")), "-3"],
    ["the size of a short", magnitude(quantity("-3")), "3"],
    ["half of ten dollars", scale(usd("10"), ratio("0.5")), "5"],
    ["the whole of ten dollars", scale(usd("10"), ONE), "10"],
    ["the smaller price", min(price("8000"), price("7999.5")), "7999.5"],
    ["the larger price", max(price("8000"), price("7999.5")), "8000"],
    ["two coins at 8000", valueOf(amount("2"), price("8000")), "16000"],
    ["a debt of half a coin at 8000", valueOf(amount("-0.5"), price("8000")), "-4000"],
    ["coins for 4000 dollars at 8000", amountFor(usd("4000"), price("8000")), "0.5"],
    ["three short of 0.01 coins at 65000", exposure(quantity("-3"), contractSize("0.01"), price("65000")), "-1950"],
  ])("%s", (_, answer, is) => {
    expect(answer.toFixed()).toBe(is);
  });

  test.each([
    ["the opposite of nothing", negate(ZERO_QUANTITY)],
    ["none of a debt", scale(amount("-3"), ratio("0"))],
    [
      "a short too small for the ledger",
      linearContractValue(quantity("-0.000000000000000001"), contractSize("0.001"), price("1")),
    ],
    [
      "a long too small for the ledger",
      inverseContractValue(quantity("0.000000000000000001"), contractSize("1"), price("8000")),
    ],
  ])("NUMBERS-5: %s is plain zero", (_, zero) => {
    expect(zero.isZero()).toBe(true);
    expect(zero.isNegative()).toBe(false);
  });

  test("sums and differences undo each other, to the last of sixty digits", () => {
    fc.assert(
      fc.property(anyAmount(), anyAmount(), (one, other) => {
        expect(sub(add(one, other), other).eq(one)).toBe(true);
        expect(add(one, negate(one)).isZero()).toBe(true);
        expect(add(one, other).eq(add(other, one))).toBe(true);
      }),
      RUNS,
    );
  });

  test("dollars to coins and back lose nothing that is kept", () => {
    fc.assert(
      fc.property(anyUsd(), anyPrice(), (dollars, at) => {
        expect(valueOf(amountFor(dollars, at), at).sub(dollars).abs().lt("1e-40")).toBe(true);
      }),
      RUNS,
    );
  });

  test("a share between 0 and 1 never exceeds what it is of", () => {
    fc.assert(
      fc.property(anyUsd(), anyRatio(), (dollars, share) => {
        expect(magnitude(scale(dollars, share)).lte(magnitude(dollars))).toBe(true);
      }),
      RUNS,
    );
  });
});

describe("POSITION-1 POSITION-2: what contracts are worth", () => {
  //  payoff     contracts  size     price    in the settlement asset
  test.each([
    ["linear", "10", "0.001", "8000", "80"],
    ["linear", "-10", "0.001", "8000", "-80"],
    ["linear", "1", "0.01", "133.337", "1.33337"],
    ["inverse", "800", "10", "8000", "-1"],
    ["inverse", "-800", "10", "8000", "1"],
    ["inverse", "1", "10", "7", "-1.428571428571428571"],
    ["inverse", "2", "10", "7", "-2.857142857142857143"],
  ] as const)("%s: %s contracts of %s at %s", (payoff, contracts, size, at, value) => {
    const worth = payoff === "linear" ? linearContractValue : inverseContractValue;
    expect(worth(quantity(contracts), contractSize(size), price(at)).toFixed()).toBe(value);
  });

  test("contracts sold are worth minus contracts bought, so both sides of a fill carry one amount", () => {
    fc.assert(
      fc.property(anyQuantity(), anyContractSize, anyPrice(), (bought, size, at) => {
        for (const worth of [linearContractValue, inverseContractValue]) {
          expect(add(worth(negate(bought), size, at), worth(bought, size, at)).isZero()).toBe(true);
        }
      }),
      RUNS,
    );
  });

  test("a long gains and a short loses when the price rises", () => {
    fc.assert(
      fc.property(anyQuantity(), anyContractSize, anyPrice(), anyPrice(), (held, size, from, to) => {
        for (const worth of [linearContractValue, inverseContractValue]) {
          const profit = sub(worth(held, size, to), worth(held, size, from));
          expect(profit.cmp(ZERO_AMOUNT) * held.cmp(ZERO_QUANTITY) * to.cmp(from)).toBeGreaterThanOrEqual(0);
        }
      }),
      RUNS,
    );
  });

  test("a linear contract of a listed size and tick is worth exactly quantity × size × price", () => {
    fc.assert(
      fc.property(anyQuantity(), anyContractSize, anyPrice(), (held, size, at) => {
        const worth = linearContractValue(held, size, at);
        expect(worth.eq(new Decimal(held).mul(size).mul(at))).toBe(true);
        expect(worth.decimalPlaces()).toBeLessThanOrEqual(LEDGER_SCALE);
      }),
      RUNS,
    );
  });

  test("an inverse contract is worth its dollars over the price, to half a unit of the eighteenth digit", () => {
    fc.assert(
      fc.property(anyQuantity(), anyContractSize, anyPrice(), (held, size, at) => {
        const exact = new Decimal(held).mul(size).div(at).neg();
        expect(inverseContractValue(held, size, at).sub(exact).abs().lte("5e-19")).toBe(true);
      }),
      RUNS,
    );
  });
});
