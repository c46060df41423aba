import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { ceilDivide, floorDivide, scaledByTen, wholeRoot } from "./whole-numbers.js";

const any = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
const anyDivisor = any.filter((value) => value !== 0n);

test("a floor is at most the quotient and a ceiling at least, both within one of it", () => {
  fc.assert(
    fc.property(any, anyDivisor, (a, b) => {
      const [floor, ceiling] = [floorDivide(a, b), ceilDivide(a, b)];
      const sign = b > 0n ? 1n : -1n;
      expect(floor * b * sign <= a * sign && a * sign < (floor + 1n) * b * sign).toBe(true);
      expect(ceiling - floor).toBe(a % b === 0n ? 0n : 1n);
    }),
  );
});

test("the whole root squared is at most the number, and one more is beyond it", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 40n }), (value) => {
      const root = wholeRoot(value);
      expect(root * root <= value && (root + 1n) * (root + 1n) > value).toBe(true);
    }),
  );
});

test("a negative power of ten cuts towards zero", () => {
  expect([scaledByTen(-199n, -2n), scaledByTen(199n, -2n), scaledByTen(2n, 3n)]).toEqual([-1n, 1n, 2000n]);
});
