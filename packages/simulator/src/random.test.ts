import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { evenText, logNormalText, paretoText } from "./draws.f64.js";
import { randomOf } from "./random.js";

const take = (text: string, count: number): number[] => {
  const random = randomOf(text);
  return Array.from({ length: count }, () => random.uint32());
};

test("the same text gives the same draws, another text other draws", () => {
  expect(take("7/prices", 100)).toEqual(take("7/prices", 100));
  expect(take("7/prices", 100)).not.toEqual(take("8/prices", 100));
});

test("the first draws of a seed are pinned: a change of the generator would change every seeded run", () => {
  expect(take("pinned", 4)).toEqual([2353321524, 1307792847, 605311882, 126009479]);
});

test("draws below a limit stay below it and reach every answer", () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 12 }), (text, limit) => {
      const random = randomOf(text);
      const seen = new Set(Array.from({ length: 400 }, () => random.below(limit)));
      return seen.size === limit && [...seen].every((drawn) => drawn >= 0 && drawn < limit);
    }),
  );
});

test("bits are evenly spread: each of the 32 is set in half of 20,000 draws, give or take two per cent", () => {
  const draws = take("even", 20_000);
  for (let bit = 0; bit < 32; bit += 1) {
    const set = draws.filter((drawn) => (drawn >>> bit) & 1).length;
    expect({ bit, fair: set > 9_600 && set < 10_400 }).toEqual({ bit, fair: true });
  }
});

test("a shuffle keeps every element", () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.integer()), (text, list) => {
      const mixed = randomOf(text).shuffle(list);
      expect([...mixed].sort((a, b) => a - b)).toEqual([...list].sort((a, b) => a - b));
    }),
  );
});

const numbers = (count: number, draw: (bits: () => number) => string): number[] => {
  const random = randomOf("draws");
  return Array.from({ length: count }, () => Number(draw(random.uint32))).sort((a, b) => a - b);
};

test("Pareto draws: none outside the bounds, and the share above twice the least is 2^-1.16", () => {
  const sizes = numbers(20_000, (bits) => paretoText(bits(), 100, 1.16, 200, 2));
  expect(sizes[0]).toBeGreaterThanOrEqual(100);
  expect(sizes.at(-1)).toBeLessThanOrEqual(20_000);
  const share = sizes.filter((size) => size > 200).length / sizes.length;
  expect(Math.abs(share - 0.4475)).toBeLessThan(0.015);
});

test("log-normal draws: the middle one is the median, none outside the bounds", () => {
  const leverages = numbers(20_001, (bits) => logNormalText([bits(), bits()], 4, 0.8, 0.5, 40, 3));
  expect(Math.abs((leverages[10_000] ?? 0) - 4)).toBeLessThan(0.15);
  expect(leverages[0]).toBeGreaterThanOrEqual(0.5);
  expect(leverages.at(-1)).toBeLessThanOrEqual(40);
});

test("even draws stay inside and print as many digits as asked for", () => {
  const random = randomOf("even");
  for (let index = 0; index < 1_000; index += 1) {
    const text = evenText(random.uint32(), 1, 2, 4);
    expect(text).toMatch(/^[12]\.\d{4}$/);
    expect(Number(text)).toBeLessThanOrEqual(2);
  }
});
