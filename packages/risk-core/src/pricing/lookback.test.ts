import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { spotOptionGreeks } from "./black-scholes.f64.js";
import { fixedLookback, floatingLookback, type LookbackTerms } from "./lookback.f64.js";

type FixedTerms = LookbackTerms & { readonly strike: number };
type Case = { readonly out: { readonly price: number } } & (
  | { readonly in: LookbackTerms & { readonly style: "floating" } }
  | { readonly in: FixedTerms & { readonly style: "fixed" } }
);

const { cases } = JSON.parse(
  readFileSync(new URL("../../../../vectors/pricing/lookback.json", import.meta.url), "utf8"),
) as { readonly cases: readonly Case[] };

const valueOf = (result: ReturnType<typeof floatingLookback>): number => {
  if (!result.ok) throw new Error(result.rejection.code);
  return result.value;
};

describe("PRICING-9: options on the highest or lowest price", () => {
  test.each(cases)(
    "PRICING-9: $in.style $in.type S $in.spot extreme $in.extreme r $in.rate q $in.carryYield",
    ({ in: terms, out }) => {
      const value = terms.style === "floating" ? floatingLookback(terms) : fixedLookback(terms);
      expect(Math.abs(valueOf(value) - out.price)).toBeLessThanOrEqual(3e-14 * out.price);
    },
  );

  const terms: FixedTerms = {
    type: "call",
    spot: 100,
    extreme: 95,
    strike: 100,
    expiryYears: 0.5,
    volatility: 0.6,
    rate: 0.04,
    carryYield: 0.01,
  };

  test.each([
    ["a lowest price above the present one", floatingLookback, { extreme: 101 }, "EXTREME_NOT_REACHED"],
    ["a highest price below the present one", floatingLookback, { type: "put", extreme: 99 }, "EXTREME_NOT_REACHED"],
    ["a highest price below the present one", fixedLookback, { extreme: 99 }, "EXTREME_NOT_REACHED"],
    ["a lowest price above the present one", fixedLookback, { type: "put", extreme: 101 }, "EXTREME_NOT_REACHED"],
    ["a lowest price of zero", floatingLookback, { extreme: 0 }, "PRICING_INPUT_OUTSIDE_DOMAIN"],
    ["no volatility", floatingLookback, { volatility: 0 }, "PRICING_INPUT_OUTSIDE_DOMAIN"],
    ["fifty deviations and more", floatingLookback, { volatility: 80 }, "PRICING_INPUT_OUTSIDE_DOMAIN"],
    ["a spot that is no number", floatingLookback, { spot: NaN }, "PRICING_INPUT_OUTSIDE_DOMAIN"],
    ["a strike below zero", fixedLookback, { extreme: 105, strike: -1 }, "PRICING_INPUT_OUTSIDE_DOMAIN"],
  ] as const)("PRICING-9: %s is refused", (_, value, change, code) => {
    expect(value({ ...terms, ...change })).toMatchObject({ ok: false, rejection: { code } });
  });

  //  what is left at expiry          value            type    extreme  strike  worth
  test.each([
    ["spot less the lowest price", floatingLookback, "call", 95, 100, 5],
    ["the highest price less spot", floatingLookback, "put", 112, 100, 12],
    ["the highest price less strike", fixedLookback, "call", 112, 105, 7],
    ["nothing above the strike", fixedLookback, "call", 112, 120, 0],
    ["strike less the lowest price", fixedLookback, "put", 95, 105, 10],
  ] as const)("PRICING-9: at expiry %s", (_, value, type, extreme, strike, worth) => {
    expect(valueOf(value({ ...terms, type, extreme, strike, expiryYears: 0 }))).toBe(worth);
  });

  test("PRICING-9: with a strike of zero a put never pays, and a call pays the highest price", () => {
    expect(valueOf(fixedLookback({ ...terms, type: "put", extreme: 95, strike: 0 }))).toBe(0);
    const highest = fixedLookback({ ...terms, extreme: 105, strike: 0 });
    const fromStrike = fixedLookback({ ...terms, extreme: 105, strike: 100 });
    expect(valueOf(highest) - valueOf(fromStrike)).toBeCloseTo(100 * Math.exp(-0.04 * 0.5), 10);
  });

  const anyTerms = fc
    .record({
      type: fc.constantFrom("call", "put"),
      beyond: fc.double({ min: 0, max: 1, noNaN: true }),
      strike: fc.double({ min: 20, max: 400, noNaN: true }),
      expiryYears: fc.double({ min: 0.003, max: 2, noNaN: true }),
      volatility: fc.double({ min: 0.05, max: 3, noNaN: true }),
      rate: fc.double({ min: -0.05, max: 0.2, noNaN: true }),
      carryYield: fc.double({ min: -0.05, max: 0.2, noNaN: true }),
    })
    .map(({ beyond, ...rest }) => ({ ...rest, spot: 100, beyond }) as const);

  test("PRICING-9: hindsight is never worth less than an option without it", () => {
    fc.assert(
      fc.property(anyTerms, ({ beyond, ...rest }) => {
        const onMinimum = rest.type === "put";
        const extreme = onMinimum ? rest.spot * (1 - 0.9 * beyond) : rest.spot * (1 + beyond);
        const plain = spotOptionGreeks(rest);
        return plain.ok && valueOf(fixedLookback({ ...rest, extreme })) >= plain.value.price * (1 - 1e-12);
      }),
    );
  });

  test("PRICING-9: an extreme that lies further away is never worth less to a floating strike", () => {
    fc.assert(
      fc.property(anyTerms, ({ beyond, ...rest }) => {
        const near = valueOf(floatingLookback({ ...rest, extreme: rest.spot }));
        const extreme = rest.type === "call" ? rest.spot * (1 - 0.9 * beyond) : rest.spot * (1 + beyond);
        return valueOf(floatingLookback({ ...rest, extreme })) >= near * (1 - 1e-12);
      }),
    );
  });

  test("PRICING-9: nothing jumps where the cost of carry passes the border between the two ways to compute", () => {
    fc.assert(
      fc.property(anyTerms, ({ beyond, ...rest }) => {
        const extreme = rest.type === "call" ? rest.spot * (1 - 0.9 * beyond) : rest.spot * (1 + beyond);
        // Where |λ|·(s + s² + |k|) is 0.25, from both sides.
        const s = rest.volatility * Math.sqrt(rest.expiryYears);
        const border = (0.125 * rest.volatility ** 2) / (s + s * s + Math.abs(Math.log(extreme / rest.spot)));
        const at = (carry: number) => valueOf(floatingLookback({ ...rest, extreme, carryYield: rest.rate - carry }));
        const [inside, outside] = [at(border * (1 - 1e-12)), at(border * (1 + 1e-12))];
        return Math.abs(inside - outside) <= 1e-10 * inside;
      }),
    );
  });
});
