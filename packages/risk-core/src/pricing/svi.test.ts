import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type SviPoint, type SviSmile, smileRefused, sviPoint, sviVolatility } from "./svi.f64.js";

const { cases } = JSON.parse(
  readFileSync(new URL("../../../../vectors/pricing/svi.json", import.meta.url), "utf8"),
) as {
  readonly cases: readonly {
    readonly in: { readonly smile: SviSmile; readonly logMoneyness: number };
    readonly out: SviPoint;
  }[];
};

describe("PRICING-8: a smile by five numbers", () => {
  test.each(cases)("PRICING-8: b $in.smile.b ρ $in.smile.rho σ $in.smile.sigma at k $in.logMoneyness", (reference) => {
    const { in: given, out } = reference;
    const point = sviPoint(given.smile, given.logMoneyness);
    for (const [key, expected] of Object.entries(out)) {
      const off = Math.abs(point[key as keyof SviPoint] - expected);
      const within = off <= 1e-13 * (1 + Math.abs(expected));
      expect({ key, off, within }).toEqual({ key, off, within: true });
    }
  });

  const smile: SviSmile = { a: 0.04, b: 0.2, rho: -0.3, m: 0.05, sigma: 0.1 };
  const at = { forward: 100, strike: 90, expiryYears: 0.25 };

  test("PRICING-8: volatility is the root of total variance a year", () => {
    const { totalVariance } = sviPoint(smile, Math.log(0.9));
    const volatility = sviVolatility(smile, at);
    expect(volatility.ok && volatility.value).toBeCloseTo(Math.sqrt(totalVariance / 0.25), 14);
  });

  test.each([
    ["wings that fall", { b: -0.1 }],
    ["a tilt of one", { rho: 1 }],
    ["a tilt beyond one", { rho: -1.5 }],
    ["a bend without roundness", { sigma: 0 }],
    ["a variance below zero at its lowest", { a: -0.5 }],
    ["no number", { m: NaN }],
    ["an endless level", { a: Infinity }],
  ])("PRICING-8: %s is refused", (_, change) => {
    const refused = { ...smile, ...change };
    expect(smileRefused(refused)).toEqual({ code: "SVI_SMILE_REFUSED", smile: refused });
    expect(sviVolatility(refused, at)).toMatchObject({ ok: false, rejection: { code: "SVI_SMILE_REFUSED" } });
  });

  test.each([
    ["an expiry of now", { expiryYears: 0 }, "expiryYears"],
    ["a strike of zero", { strike: 0 }, "strike"],
    ["a forward that is no number", { forward: NaN }, "forward"],
  ])("PRICING-8: %s has no volatility", (_, change, input) => {
    expect(sviVolatility(smile, { ...at, ...change })).toMatchObject({
      ok: false,
      rejection: { code: "PRICING_INPUT_OUTSIDE_DOMAIN", input },
    });
  });

  test("PRICING-8: a known smile with butterfly arbitrage is seen, and a gentle one has none", () => {
    // Vogt's example, in Gatheral and Jacquier: Arbitrage-free SVI volatility surfaces, 2014.
    const vogt: SviSmile = { a: -0.041, b: 0.1331, rho: 0.306, m: 0.3586, sigma: 0.4153 };
    const moneyness = Array.from({ length: 61 }, (_, step) => -1.5 + step * 0.05);
    expect(smileRefused(vogt)).toBeNull();
    expect(Math.min(...moneyness.map((k) => sviPoint(vogt, k).durrleman))).toBeLessThan(0);
    expect(Math.min(...moneyness.map((k) => sviPoint(smile, k).durrleman))).toBeGreaterThan(0);
  });

  test("PRICING-8: a flat smile has one volatility for every strike", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 1e6, noNaN: true }),
        fc.double({ min: 0.01, max: 4, noNaN: true }),
        (strike, v) => {
          const flat: SviSmile = { a: v * v * 0.25, b: 0, rho: 0, m: 0, sigma: 0.1 };
          const volatility = sviVolatility(flat, { ...at, strike });
          return volatility.ok && Math.abs(volatility.value - v) <= 1e-15 * v;
        },
      ),
    );
  });
});
