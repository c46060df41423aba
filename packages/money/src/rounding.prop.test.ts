import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { LEDGER_SCALE } from "./decimal.js";
import { roundAsset, roundCharge, roundCredit, roundRequirement, roundToLots, USD_SCALE } from "./rounding.js";
import { anyAmount, anyQuantity, anyUsd } from "./testing.js";
import { amount, quantity, usd } from "./units.js";

const RUNS = { numRuns: 1_000 };
/** Dollars to more digits than are kept. */
const fineUsd = fc
  .tuple(anyUsd({ scale: 18 }), fc.integer({ min: 1, max: 97 }))
  .map(([value, by]) => usd(value.div(by)));
/** Coins to more digits than the ledger keeps. */
const fineAmount = fc.tuple(anyAmount(), fc.integer({ min: 1, max: 97 })).map(([value, by]) => amount(value.div(by)));

describe("NUMBERS-3: rounding has a side", () => {
  test("a requirement is never less, an asset never more, than the exact figure, by less than a last digit", () => {
    fc.assert(
      fc.property(fineUsd, (exact) => {
        const [requirement, asset] = [roundRequirement(exact), roundAsset(exact)];
        expect(requirement.gte(exact) && asset.lte(exact)).toBe(true);
        expect(requirement.sub(exact).lt("0.00000001") && exact.sub(asset).lt("0.00000001")).toBe(true);
        expect(Math.max(requirement.decimalPlaces(), asset.decimalPlaces())).toBeLessThanOrEqual(USD_SCALE);
      }),
      RUNS,
    );
  });

  test("a charge is never less, a credit never more, than the exact amount, by less than a last digit", () => {
    fc.assert(
      fc.property(fineAmount, (exact) => {
        const [charge, credit] = [roundCharge(exact), roundCredit(exact)];
        expect(charge.gte(exact) && credit.lte(exact)).toBe(true);
        expect(charge.sub(exact).lt("1e-18") && exact.sub(credit).lt("1e-18")).toBe(true);
        expect(Math.max(charge.decimalPlaces(), credit.decimalPlaces())).toBeLessThanOrEqual(LEDGER_SCALE);
      }),
      RUNS,
    );
  });

  test("rounding twice is rounding once, and keeps the order of two figures", () => {
    fc.assert(
      fc.property(fineUsd, fineUsd, (one, other) => {
        for (const round of [roundRequirement, roundAsset]) {
          expect(round(round(one)).eq(round(one))).toBe(true);
          expect(round(one).cmp(round(other)) * one.cmp(other)).toBeGreaterThanOrEqual(0);
        }
      }),
      RUNS,
    );
  });

  test("what is charged for the parts is never less than for the whole, what is credited never more", () => {
    fc.assert(
      fc.property(fineAmount, fineAmount, (one, other) => {
        const whole = amount(one.add(other));
        expect(roundCharge(one).add(roundCharge(other)).gte(roundCharge(whole))).toBe(true);
        expect(roundCredit(one).add(roundCredit(other)).lte(roundCredit(whole))).toBe(true);
      }),
      RUNS,
    );
  });

  test("NUMBERS-4: lots are whole, never more than there is, and the same for long and short", () => {
    const lots = fc.constantFrom("0.1", "1", "10").map(quantity);
    fc.assert(
      fc.property(anyQuantity({ scale: 3 }), lots, (contracts, lot) => {
        const whole = roundToLots(contracts, lot);
        expect(whole.mod(lot).isZero()).toBe(true);
        expect(whole.abs().lte(contracts.abs())).toBe(true);
        expect(contracts.abs().sub(whole.abs()).lt(lot)).toBe(true);
        expect(roundToLots(quantity(contracts.neg()), lot).eq(whole.neg())).toBe(true);
      }),
      RUNS,
    );
  });
});
