import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { black76Call, black76CallDelta, black76Put } from "./black76.f64.js";
import { black76Column } from "./black76-column.f64.js";
import { type OptionTerms, optionGreeks, priceOption } from "./price-option.f64.js";

const powerOfTen = (min: number, max: number) => fc.double({ min, max, noNaN: true }).map((power) => 10 ** power);

/** Forward, strike and deviation, from the last second to years and from next to the money to the wings. */
const option = fc
  .record({
    forward: powerOfTen(-3, 6),
    deviation: powerOfTen(-6, 1),
    distance: fc.oneof(fc.double({ min: -4, max: 4, noNaN: true }), fc.double({ min: -45, max: 45, noNaN: true })),
  })
  .map(({ forward, deviation, distance }) => ({
    forward,
    deviation,
    strike: forward * Math.exp(Math.max(-300, Math.min(300, distance * deviation))),
  }));

/** What rounding may do to a price. */
const tolerance = (forward: number, strike: number) => 1e-15 * Math.max(forward, strike);

describe("PRICING-3: what everybody knows about the price of an option", () => {
  test("PRICING-3: a call less a put is the forward less the strike", () => {
    fc.assert(
      fc.property(option, ({ forward, strike, deviation }) => {
        const parity = black76Call(forward, strike, deviation) - black76Put(forward, strike, deviation);
        return Math.abs(parity - (forward - strike)) <= 2 * tolerance(forward, strike);
      }),
    );
  });

  test("PRICING-3: never below intrinsic value, never above the forward (call) or the strike (put)", () => {
    fc.assert(
      fc.property(option, ({ forward, strike, deviation }) => {
        const call = black76Call(forward, strike, deviation);
        const put = black76Put(forward, strike, deviation);
        return (
          call >= Math.max(0, forward - strike) &&
          call <= forward &&
          put >= Math.max(0, strike - forward) &&
          put <= strike
        );
      }),
    );
  });

  test("PRICING-3: more deviation is never worth less", () => {
    fc.assert(
      fc.property(option, fc.double({ min: 0, max: 1, noNaN: true }), ({ forward, strike, deviation }, more) => {
        const less = black76Call(forward, strike, deviation);
        return black76Call(forward, strike, deviation * (1 + more)) >= less - tolerance(forward, strike);
      }),
    );
  });

  test("PRICING-3: a higher forward never makes a call cheaper or a put dearer", () => {
    fc.assert(
      fc.property(option, fc.double({ min: 0, max: 1, noNaN: true }), ({ forward, strike, deviation }, more) => {
        const higher = forward * (1 + more);
        return (
          black76Call(higher, strike, deviation) >=
            black76Call(forward, strike, deviation) - tolerance(higher, strike) &&
          black76Put(higher, strike, deviation) <= black76Put(forward, strike, deviation) + tolerance(higher, strike)
        );
      }),
    );
  });

  test("PRICING-3: a butterfly never costs less than nothing: the price is convex in the strike", () => {
    fc.assert(
      fc.property(option, fc.double({ min: 1e-3, max: 0.9, noNaN: true }), ({ forward, strike, deviation }, wing) => {
        const at = (k: number) => black76Call(forward, k, deviation);
        const butterfly = at(strike * (1 - wing)) - 2 * at(strike) + at(strike * (1 + wing));
        return butterfly >= -4 * tolerance(forward, strike * (1 + wing));
      }),
    );
  });

  test("PRICING-3: forward and strike exchanged, a call is a put", () => {
    fc.assert(
      fc.property(option, ({ forward, strike, deviation }) => {
        const put = black76Put(strike, forward, deviation);
        return Math.abs(black76Call(forward, strike, deviation) - put) <= tolerance(forward, strike);
      }),
    );
  });

  test("PRICING-3: delta is between 0 and 1 and is the slope of the call", () => {
    fc.assert(
      fc.property(option, ({ forward, strike, deviation }) => {
        const delta = black76CallDelta(forward, strike, deviation);
        // Far enough for the difference to show, near enough for the slope not to change.
        const step = 1e-4 * forward * Math.min(1, deviation);
        const [up, down] = [forward + step, forward - step];
        const slope = (black76Call(up, strike, deviation) - black76Call(down, strike, deviation)) / (up - down);
        const rounding = (2 * tolerance(forward, strike)) / step;
        return delta >= 0 && delta <= 1 && Math.abs(slope - delta) <= 1e-6 + rounding;
      }),
    );
  });

  //  what is left                            F    K    s         call      put   delta
  test.each([
    ["at expiry, in the money", 110, 100, 0, 10, 0, 1],
    ["at expiry, out of the money", 90, 100, 0, 0, 10, 0],
    ["at expiry, on the strike", 100, 100, 0, 0, 0, 0.5],
    ["a strike of zero", 100, 0, 0.5, 100, 0, 1],
    ["a forward of zero", 0, 100, 0.5, 0, 100, 0],
    ["nothing at all", 0, 0, 0, 0, 0, 0.5],
    ["endless deviation", 100, 70, Infinity, 100, 70, 1],
    ["so little deviation that it vanishes", 110, 100, 1e-310, 10, 0, 1],
    ["a forward below zero", -1, 100, 0.5, NaN, NaN, NaN],
    ["a strike below zero", 100, -1, 0.5, NaN, NaN, NaN],
    ["a deviation below zero", 100, 100, -0.5, NaN, NaN, NaN],
    ["a forward that is no number", NaN, 100, 0.5, NaN, NaN, NaN],
    ["a strike that is no number", 100, NaN, 0.5, NaN, NaN, NaN],
    ["an endless forward", Infinity, 100, 0.5, NaN, NaN, NaN],
    ["an endless strike", 100, Infinity, 0.5, NaN, NaN, NaN],
    ["a deviation that is no number", 100, 100, NaN, NaN, NaN, NaN],
  ])("PRICING-3: %s", (_, forward, strike, deviation, call, put, delta) => {
    const price = [black76Call, black76Put, black76CallDelta].map((value) => value(forward, strike, deviation));
    expect(price).toEqual([call, put, delta]);
  });

  test("PRICING-3: seconds before expiry the price keeps its digits, although both legs are the forward to eleven", () => {
    // 50 digits: 100·(2N(s/2) − 1) at the money, and one deviation out.
    expect(black76Call(100, 100, 1e-11) / 3.9894228040143266e-10).toBeCloseTo(1, 14);
    expect(black76Put(100, 100 * (1 - 1e-9), 1e-9) / 8.331547988577444e-9).toBeCloseTo(1, 14);
  });
});

test("PRICING-3: a column has the same bits as its rows, whatever its length and its limits", () => {
  const row = fc.oneof(
    { weight: 9, arbitrary: option },
    {
      weight: 1,
      arbitrary: fc.constantFrom({ forward: 0, strike: 5, deviation: 1 }, { forward: 5, strike: 0, deviation: 1 }),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom({ forward: 5, strike: 4, deviation: 0 }, { forward: NaN, strike: 4, deviation: 1 }),
    },
  );
  const some = fc.array(fc.tuple(row, fc.boolean()), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(some, fc.constantFrom(0, 1, 255, 256, 257, 600), (options, length) => {
      const rows = Array.from({ length }, (_, at) => options[at % options.length] as (typeof options)[number]);
      const column = (of: (option: { forward: number; strike: number; deviation: number }) => number) =>
        Float64Array.from(rows, ([each]) => of(each));
      const out = new Float64Array(length);
      const puts = Uint8Array.from(rows, ([, isPut]) => (isPut ? 1 : 0));
      const forwards = column(({ forward }) => forward);
      const strikes = column(({ strike }) => strike);
      black76Column({ forwards, strikes, deviations: column(({ deviation }) => deviation), puts }, out);
      return rows.every(([{ forward, strike, deviation }, isPut], at) =>
        Object.is(out[at], (isPut ? black76Put : black76Call)(forward, strike, deviation)),
      );
    }),
  );
});

describe("PRICING-4: the door", () => {
  const terms: OptionTerms = { type: "call", forward: 100, strike: 110, expiryYears: 0.5, volatility: 0.6, rate: 0.03 };

  test.each([
    ["a forward of zero", { forward: 0 }, "forward"],
    ["a forward below zero", { forward: -5 }, "forward"],
    ["a forward that is no number", { forward: NaN }, "forward"],
    ["an endless forward", { forward: Infinity }, "forward"],
    ["a strike below zero", { strike: -1 }, "strike"],
    ["an expiry in the past", { expiryYears: -1e-9 }, "expiryYears"],
    ["a volatility of zero, which is a missing one", { volatility: 0 }, "volatility"],
    ["a volatility below zero", { volatility: -0.2 }, "volatility"],
    ["a volatility that is no number", { volatility: NaN }, "volatility"],
    ["a rate that is no number", { rate: NaN }, "rate"],
    ["a rate that would discount by more than e^100", { rate: 201 }, "rate"],
  ])("PRICING-4: %s has no price and no greeks", (_, change, input) => {
    const refused = { ok: false, rejection: { code: "PRICING_INPUT_OUTSIDE_DOMAIN", input } };
    expect(priceOption({ ...terms, ...change })).toMatchObject(refused);
    expect(optionGreeks({ ...terms, ...change })).toMatchObject(refused);
  });

  test("PRICING-4: greeks are the slopes of the price", () => {
    const value = (change: Partial<OptionTerms>) => {
      const price = priceOption({ ...terms, ...change });
      if (!price.ok) throw new Error(price.rejection.code);
      return price.value;
    };
    const slope = (key: "forward" | "expiryYears" | "volatility" | "rate") => {
      const step = 1e-5 * terms[key];
      return (value({ [key]: terms[key] + step }) - value({ [key]: terms[key] - step })) / (2 * step);
    };
    const greeks = optionGreeks(terms);
    expect(greeks).toMatchObject({
      ok: true,
      value: {
        price: value({}),
        delta: expect.closeTo(slope("forward"), 7),
        vega: expect.closeTo(slope("volatility"), 6),
        theta: expect.closeTo(-slope("expiryYears"), 6),
        rho: expect.closeTo(slope("rate"), 6),
      },
    });
  });

  test("PRICING-4: a strike of zero is the discounted forward", () => {
    const price = 100 * Math.exp(-0.015);
    expect(optionGreeks({ ...terms, strike: 0 })).toMatchObject({
      ok: true,
      value: {
        price: expect.closeTo(price, 12),
        delta: expect.closeTo(price / 100, 14),
        gamma: 0,
        vega: 0,
        exerciseProbability: 1,
      },
    });
  });

  test.each([
    ["in the money", 120, { price: 10, delta: 1, gamma: 0, vega: 0, theta: 0.3, exerciseProbability: 1 }],
    ["out of the money", 90, { price: 0, delta: 0, gamma: 0, vega: 0, theta: 0, exerciseProbability: 0 }],
  ])("PRICING-4: at expiry and %s the greeks are those of the payoff", (_, forward, value) => {
    expect(optionGreeks({ ...terms, forward, expiryYears: 0 })).toMatchObject({ ok: true, value });
  });

  test("PRICING-4: at expiry and on the strike there is a price, but no slope", () => {
    expect(priceOption({ ...terms, forward: 110, expiryYears: 0 })).toEqual({ ok: true, value: 0 });
    expect(optionGreeks({ ...terms, forward: 110, expiryYears: 0 })).toEqual({
      ok: false,
      rejection: { code: "GREEKS_UNDEFINED_ON_STRIKE", forward: 110 },
    });
  });
});
