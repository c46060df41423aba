import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { propertyRuns } from "@ballast/money/testing";
import fc from "fast-check";
import { black76Call, black76Put } from "../pricing/black76.f64.js";
import { exponential, logRatio } from "../pricing/elementary.f64.js";
import { cumulativeNormal, scaledTail as pricingTail } from "../pricing/normal.f64.js";
import { HALF_SQUARE_TO_EXP2 } from "./black76-coefficients.f64.js";
import { kernelEngine } from "./fastest-engine.js";
import { priceMatrix, priceOptions } from "./prices.f64.js";
import { exp2, logOfRatio, scaledTail } from "./reference/black76.f64.js";
import { referenceEngine } from "./reference/engine.f64.js";

const engines = [kernelEngine(), referenceEngine];
const bits = (values: Float64Array) => [...new BigUint64Array(values.buffer, values.byteOffset, values.length)];

interface Option {
  readonly forward: number;
  readonly strike: number;
  readonly deviation: number;
  readonly side: number;
}

const columnsOf = (options: readonly Option[]) => ({
  forwards: Float64Array.from(options, ({ forward }) => forward),
  strikes: Float64Array.from(options, ({ strike }) => strike),
  deviations: Float64Array.from(options, ({ deviation }) => deviation),
  sides: Float64Array.from(options, ({ side }) => side),
});

const readVectors = <Case>(file: string) =>
  (
    JSON.parse(readFileSync(new URL(`../../../../vectors/${file}`, import.meta.url), "utf8")) as {
      cases: readonly Case[];
    }
  ).cases;

/** A price at a scale, from next to nothing to far above everything, with strikes near it and far from it. */
const anyOption: fc.Arbitrary<Option> = fc
  .record({
    scale: fc.double({ min: -30, max: 30, noNaN: true }),
    away: fc.oneof(
      fc.double({ min: -1.5, max: 1.5, noNaN: true }),
      fc.double({ min: -1e-9, max: 1e-9, noNaN: true }),
      fc.double({ min: -25, max: 25, noNaN: true }),
      fc.constant(0),
    ),
    deviation: fc.oneof(
      fc.double({ min: 0.001, max: 3, noNaN: true }),
      fc.double({ min: 0, max: 64, noNaN: true }),
      fc.double({ min: 0, max: 1e-9, noNaN: true }),
      fc.constantFrom(0, 64),
    ),
    side: fc.constantFrom(1, -1),
  })
  .map(({ scale, away, deviation, side }) => {
    const forward = Math.exp(scale);
    return { forward, strike: away === 0 ? forward : forward * Math.exp(away), deviation, side };
  });

const anyOptions = fc.array(anyOption, { maxLength: 40 });

const anyMatrix = fc
  .record({
    options: fc.array(anyOption, { maxLength: 9 }),
    moves: fc.array(fc.double({ min: 0, max: 3, noNaN: true }), { minLength: 1, maxLength: 39 }),
  })
  .map(({ options, moves }) => ({
    forwards: Float64Array.from(moves, (move) => 100 * move),
    strikes: Float64Array.from(options, ({ strike, forward }) => (100 * strike) / forward),
    sides: Float64Array.from(options, ({ side }) => side),
    deviations: Float64Array.from(
      options.flatMap(({ deviation }) => moves.map((move) => Math.min(64, deviation * (1 + move)))),
    ),
  }));

describe("the two engines", () => {
  test("KERNEL-3: option prices are equal to the bit", () => {
    fc.assert(
      fc.property(anyOptions, (options) => {
        const [first, second] = engines.map((engine) => bits(priceOptions(columnsOf(options), engine)));
        expect(first).toEqual(second);
      }),
      propertyRuns(1000),
    );
  });

  test("KERNEL-3: so are matrices", () => {
    fc.assert(
      fc.property(anyMatrix, (matrix) => {
        const [first, second] = engines.map((engine) => bits(priceMatrix(matrix, engine)));
        expect(first).toEqual(second);
      }),
      propertyRuns(500),
    );
  });

  test("KERNEL-3: and columns longer than what is taken at a time", () => {
    const options = Array.from({ length: 9_001 }, (_, at) => ({
      forward: 100 + at,
      strike: 100 + ((at * 7919) % 9001),
      deviation: 0.01 + (at % 97) / 100,
      side: at % 2 === 0 ? 1 : -1,
    }));
    const [first, second] = engines.map((engine) => bits(priceOptions(columnsOf(options), engine)));
    expect(first).toEqual(second);
    const matrix = {
      ...columnsOf(options.slice(0, 700)),
      forwards: Float64Array.from({ length: 33 }, (_, at) => 3000 + 100 * at),
      deviations: Float64Array.from({ length: 700 * 33 }, (_, at) => 0.02 + (at % 89) / 100),
    };
    const [third, fourth] = engines.map((engine) => bits(priceMatrix(matrix, engine)));
    expect(third).toEqual(fourth);
  });
});

describe.each(engines)("prices ($name)", (engine) => {
  const priceOf = (option: Option) => priceOptions(columnsOf([option]), engine)[0] as number;
  /** The same option through the other door, among others. */
  const inMatrix = ({ forward, strike, deviation, side }: Option) =>
    priceMatrix(
      {
        forwards: Float64Array.of(0.7 * forward, forward, 0),
        strikes: Float64Array.of(strike),
        sides: Float64Array.of(side),
        deviations: Float64Array.of(1, deviation, 1),
      },
      engine,
    )[1] as number;

  test.each(
    readVectors<{ forward: number; strike: number; deviation: number; call: number; put: number }>(
      "kernel/black76-deviation.json",
    ),
  )("KERNEL-5: F $forward K $strike s $deviation", ({ call, put, ...given }) => {
    const tolerance = 1e-15 * Math.max(given.forward, given.strike);
    for (const price of [priceOf, inMatrix]) {
      expect(Math.abs(price({ ...given, side: 1 }) - call)).toBeLessThanOrEqual(tolerance);
      expect(Math.abs(price({ ...given, side: -1 }) - put)).toBeLessThanOrEqual(tolerance);
    }
  });

  test("KERNEL-5: within 1e-15 of the larger of forward and strike of what the pricing chapter says", () => {
    fc.assert(
      fc.property(anyOption, (option) => {
        // A wide deviation costs the scalar formula digits, because it always squares d1; here the smaller one is squared.
        fc.pre(option.deviation <= 3);
        const { forward, strike, deviation, side } = option;
        const expected = (side === 1 ? black76Call : black76Put)(forward, strike, deviation);
        for (const price of [priceOf, inMatrix]) {
          expect(Math.abs(price(option) - expected)).toBeLessThanOrEqual(1.5e-15 * Math.max(forward, strike));
        }
      }),
      propertyRuns(1000),
    );
  });

  test("KERNEL-5: a price is between intrinsic value and what is paid for, and parity holds", () => {
    fc.assert(
      fc.property(anyOption, (option) => {
        const { forward, strike, side } = option;
        const price = priceOf(option);
        expect(price).toBeGreaterThanOrEqual(Math.max(0, side * (forward - strike)));
        expect(price).toBeLessThanOrEqual((side === 1 ? forward : strike) * (1 + 1e-15));
        const parity = price - priceOf({ ...option, side: -side }) - side * (forward - strike);
        expect(Math.abs(parity)).toBeLessThanOrEqual(3e-16 * Math.max(forward, strike));
      }),
      propertyRuns(1000),
    );
  });

  test("KERNEL-5: more deviation is never cheaper, beyond the last digits", () => {
    fc.assert(
      fc.property(anyOption, fc.double({ min: 1, max: 2, noNaN: true }), (option, factor) => {
        const wider = priceOf({ ...option, deviation: Math.min(64, option.deviation * factor) });
        expect(wider).toBeGreaterThanOrEqual(priceOf(option) - 4e-16 * Math.max(option.forward, option.strike));
      }),
    );
  });

  test.each([
    ["no deviation, in the money", { forward: 120, strike: 100, deviation: 0, side: 1 }, 20],
    ["no deviation, at the money", { forward: 100, strike: 100, deviation: 0, side: -1 }, 0],
    ["no deviation, out of the money", { forward: 100, strike: 120, deviation: 0, side: 1 }, 0],
    ["a forward of nothing: a put pays its strike", { forward: 0, strike: 120, deviation: 0.5, side: -1 }, 120],
    ["a forward of nothing: a call pays nothing", { forward: 0, strike: 120, deviation: 64, side: 1 }, 0],
    ["a strike of nothing: a call is the forward", { forward: 100, strike: 0, deviation: 0.5, side: 1 }, 100],
    ["nothing for nothing", { forward: 0, strike: 0, deviation: 0.5, side: 1 }, 0],
    ["all the deviation there is: a call is the forward", { forward: 100, strike: 90, deviation: 64, side: 1 }, 100],
    ["the largest price there is", { forward: 1e60, strike: 1, deviation: 1, side: 1 }, 1e60],
  ])("KERNEL-5: %s", (_, option, expected) => {
    expect(priceOf(option)).toBe(expected);
    expect(inMatrix(option)).toBe(expected);
  });

  test("KERNEL-5: so far away that nothing is left", () => {
    const farAway = { forward: 1, strike: 1e60, deviation: 0.1, side: 1 };
    for (const price of [priceOf(farAway), inMatrix(farAway)]) expect(price).toBeLessThan(1e-290);
  });

  test("KERNEL-5: no options, no prices", () => {
    const none = columnsOf([]);
    expect(priceOptions(none, engine)).toHaveLength(0);
    expect(priceMatrix(none, engine)).toHaveLength(0);
    expect(priceMatrix({ ...none, forwards: Float64Array.of(1) }, engine)).toHaveLength(0);
    expect(priceMatrix({ ...none, strikes: Float64Array.of(1), sides: Float64Array.of(1) }, engine)).toHaveLength(0);
  });
});

describe("the pieces", () => {
  const depth = fc.double({ min: 0, max: 37, noNaN: true });

  test("KERNEL-5: the normal distribution within 3e-16, and within 1e-12 of itself in the far tail", () => {
    fc.assert(
      fc.property(depth, (z) => {
        const cumulative = exp2(z * z * HALF_SQUARE_TO_EXP2) * scaledTail(z);
        const expected = cumulativeNormal(-z);
        expect(Math.abs(cumulative - expected)).toBeLessThanOrEqual(Math.min(3e-16, 1e-12 * expected));
      }),
      propertyRuns(2000),
    );
    expect(scaledTail(0)).toBe(0.5);
  });

  test("KERNEL-5: the scaled tail within 3e-14 of itself", () => {
    fc.assert(
      fc.property(depth, (z) => {
        expect(Math.abs(scaledTail(z) / pricingTail(z) - 1)).toBeLessThanOrEqual(3e-14);
      }),
    );
  });

  test("KERNEL-5: exponential and logarithm within three units of the last place", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -900, max: 0, noNaN: true }),
        fc.double({ min: 0, max: 200, noNaN: true }),
        (x, y) => {
          const expected = exponential((x - Math.round(x)) * Math.LN2) * 2 ** Math.round(x);
          expect(Math.abs(exp2(x) / expected - 1)).toBeLessThanOrEqual(5e-16);
          const upper = Math.exp(y);
          expect(Math.abs(logOfRatio(1, upper) - logRatio(upper, 1))).toBeLessThanOrEqual(5e-16 * logRatio(upper, 1));
        },
      ),
      propertyRuns(2000),
    );
  });
});
