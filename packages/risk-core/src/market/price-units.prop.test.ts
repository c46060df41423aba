import { expect, test } from "@jest/globals";
import { price } from "@ballast/money";
import fc from "fast-check";
import { decimalText } from "../testing.js";
import { exactPrice, productOf, publishedPrice, unitsOf } from "./price-units.js";

const anyUnits = fc.integer({ min: 1, max: 38 }).chain((digits) => fc.bigInt({ min: 1n, max: 10n ** BigInt(digits) }));

test("MARKET-4: a price read into units and back is the same price", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 10n ** 20n - 1n }), fc.integer({ min: 0, max: 18 }), (digits, scale) => {
      const text = decimalText(digits, scale);
      expect(exactPrice(unitsOf(price(text))).eq(price(text))).toBe(true);
    }),
  );
});

test("MARKET-4: a published price has at most 12 digits and 18 after the point, and is that near", () => {
  fc.assert(
    fc.property(anyUnits, (units) => {
      const [exact, published] = [exactPrice(units), publishedPrice(units)];
      expect(published.precision()).toBeLessThanOrEqual(12);
      expect(published.decimalPlaces()).toBeLessThanOrEqual(18);
      const near = exact.mul("5e-12").add("1e-18");
      expect(published.sub(exact).abs().lte(near)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test("MARKET-4: a product is to the nearest unit", () => {
  fc.assert(
    fc.property(anyUnits, anyUnits, (left, right) => {
      const exact = exactPrice(left).mul(exactPrice(right));
      expect(exactPrice(productOf(left, right)).sub(exact).abs().lte("5e-22")).toBe(true);
    }),
  );
});
