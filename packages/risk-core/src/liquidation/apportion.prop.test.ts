import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { apportion } from "./apportion.js";

const anyWeights = fc.uniqueArray(
  fc.record({ id: fc.string({ minLength: 1, maxLength: 3 }), weight: fc.bigInt({ min: 0n, max: 10n ** 30n }) }),
  { selector: ({ id }) => id, minLength: 1, maxLength: 12 },
);
const anyTotal = fc.bigInt({ min: 0n, max: 10n ** 30n });
const sumOf = (values: Iterable<bigint>) => [...values].reduce((sum, value) => sum + value, 0n);

test("LIQUIDATION-10: shares are whole units that add up to the total, and each is within one unit of proportion", () => {
  fc.assert(
    fc.property(anyWeights, anyTotal, (weights, total) => {
      const sum = sumOf(weights.map(({ weight }) => weight));
      fc.pre(sum > 0n);
      const shares = apportion(total, weights);
      expect(sumOf(shares.values())).toBe(total);
      for (const { id, weight } of weights) {
        const share = shares.get(id) ?? -1n;
        // |share − total · weight ÷ sum| < 1
        const off = share * sum - total * weight;
        expect(off < sum && -off < sum).toBe(true);
        if (weight === 0n) expect(share).toBe(0n);
        if (total <= sum) expect(share <= weight).toBe(true);
      }
    }),
  );
});

test("LIQUIDATION-10: the order of the rows changes nothing", () => {
  fc.assert(
    fc.property(anyWeights, anyTotal, (weights, total) => {
      fc.pre(weights.some(({ weight }) => weight > 0n));
      expect([...apportion(total, [...weights].reverse())]).toEqual([...apportion(total, weights)]);
    }),
  );
});

//  what is shared                        total   weights          shares
test.each([
  ["an even split", 10n, [1n, 1n], [5n, 5n]],
  ["one unit over goes to the lower id", 11n, [1n, 1n], [6n, 5n]],
  ["the largest remainder first", 10n, [1n, 5n, 1n], [2n, 7n, 1n]],
  ["nothing", 0n, [0n, 0n], [0n, 0n]],
] as const)("LIQUIDATION-10: %s", (_, total, weights, expected) => {
  const shares = apportion(
    total,
    weights.map((weight, at) => ({ id: `holder-${at}`, weight })),
  );
  expect([...shares.values()]).toEqual(expected);
});

test("LIQUIDATION-10: a loss that nobody can take is a fault, not a silence", () => {
  expect(() => apportion(1n, [{ id: "a", weight: 0n }])).toThrow("LIQUIDATION-10");
});
