import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { black76Call, black76Put, type SviSmile, sviTotalVariance } from "../pricing/index.js";
import { hasNoButterfly } from "./butterfly.f64.js";
import { fitSmile } from "./fit-smile.f64.js";
import { markOption } from "./option-mark.f64.js";
import { type ParityCosts, parityReport } from "./put-call-parity.f64.js";
import { smileVariance } from "./smile.f64.js";
import { fitSurface, surfaceVariance, surfaceVolatility, type VolSurface } from "./vol-surface.f64.js";
import { type ExpiryQuotes, type OptionQuote, type VolPoint, volPoints } from "./vol-points.f64.js";

type Row = readonly ["call" | "put", number, number | null, number | null];
const carried = JSON.parse(
  readFileSync(new URL("../../../../vectors/market/option-quotes.json", import.meta.url), "utf8"),
) as { readonly expiries: readonly (Omit<ExpiryQuotes, "quotes"> & { readonly quotes: readonly Row[] })[] };
const CHAIN: readonly ExpiryQuotes[] = carried.expiries.map((expiry) => ({
  ...expiry,
  quotes: expiry.quotes.map(([type, strike, bid, ask]) => ({ type, strike, bid, ask })),
}));
const [NEAR, FAR] = CHAIN as [ExpiryQuotes, ExpiryQuotes];

const RULES = { lastGoodMsMax: 600_000 };
const COSTS: ParityCosts = { optionFee: 0.0003, optionFeeCap: 0.125, forwardCost: 0.0006 };
const at = (logMoneyness: number, volatility: number, halfSpread = 0.005): VolPoint => ({
  strike: Math.exp(logMoneyness),
  logMoneyness,
  volatility,
  halfSpread,
});

/** Quotes of an expiry whose options have this volatility, with a spread of one per cent of the price on each side. */
function quotedAt(
  expiry: number,
  expiryYears: number,
  volatilityAt: (k: number) => number,
  logMoneyness: readonly number[],
): ExpiryQuotes {
  const quotes = logMoneyness.flatMap((k): OptionQuote[] => {
    const strike = Math.exp(k);
    const deviation = volatilityAt(k) * Math.sqrt(expiryYears);
    const sides = (price: number) => ({ bid: 0.99 * price, ask: 1.01 * price });
    return [
      { type: "call", strike, ...sides(black76Call(1, strike, deviation)) },
      { type: "put", strike, ...sides(black76Put(1, strike, deviation)) },
    ];
  });
  return { expiry, expiryYears, forward: 1, quotes };
}

const grid = (from: number, to: number, steps: number): number[] =>
  Array.from({ length: steps + 1 }, (_, step) => from + ((to - from) * step) / steps);

/** Call prices over strikes: falling and convex is what it means to have no butterfly arbitrage. */
function expectNoButterfly(varianceAt: (k: number) => number): void {
  const strikes = grid(0.2, 4, 200);
  const calls = strikes.map((strike) => black76Call(1, strike, Math.sqrt(varianceAt(Math.log(strike)))));
  const slopes = calls.slice(1).map((call, step) => call - (calls[step] as number));
  const bends = slopes.slice(1).map((slope, step) => slope - (slopes[step] as number));
  expect(Math.max(...slopes)).toBeLessThanOrEqual(1e-13);
  expect(Math.min(...bends)).toBeGreaterThanOrEqual(-1e-12);
}

/** At equal moneyness a later expiry has no less total variance. */
function expectNoCalendar(surface: VolSurface, years: readonly number[]): void {
  const steps = grid(-2, 2, 40).flatMap((k) => {
    const variances = years.map((expiryYears) => surfaceVariance(surface, k, expiryYears));
    return variances.slice(1).map((variance, at) => variance - (variances[at] as number));
  });
  expect(Math.min(...steps)).toBeGreaterThanOrEqual(-1e-11);
}

const anySmile: fc.Arbitrary<SviSmile> = fc
  .record({
    level: fc.double({ min: 0.001, max: 0.2, noNaN: true }),
    b: fc.double({ min: 0.01, max: 0.5, noNaN: true }),
    rho: fc.double({ min: -0.8, max: 0.8, noNaN: true }),
    m: fc.double({ min: -0.2, max: 0.2, noNaN: true }),
    sigma: fc.double({ min: 0.05, max: 0.5, noNaN: true }),
  })
  .map(({ level, ...rest }) => ({ a: level - rest.b * rest.sigma * Math.sqrt(1 - rest.rho ** 2) * 0.9, ...rest }))
  .filter(hasNoButterfly);

describe("MARK-6: a smile is fitted", () => {
  test("to within a hundredth of a point of a smile that has this form", () => {
    fc.assert(
      fc.property(anySmile, (svi) => {
        const points = grid(-0.6, 0.6, 24).map((k) => at(k, Math.sqrt(sviTotalVariance(svi, k) / 0.25), 0.001));
        const fitted = fitSmile(points, 0.25);
        expect(fitted?.smile.form).toBe("svi");
        expect(fitted?.quality.worst).toBeLessThan(1e-3);
        expect(fitted?.quality.rootMeanSquare).toBeLessThan(2e-4);
      }),
      { numRuns: 40 },
    );
  });

  test("to quotes of a crash: nine in ten are met between bid and ask", () => {
    const { surface, reports } = fitSurface(CHAIN, null, 0, RULES);
    expect(reports.map(({ form }) => form)).toEqual(["svi", "svi"]);
    for (const { quality } of reports) {
      expect(quality?.points).toBeGreaterThanOrEqual(39);
      expect(quality?.insideSpread).toBeGreaterThanOrEqual(0.9);
      expect(quality?.rootMeanSquare).toBeLessThan(0.025);
    }
    const money = surfaceVolatility(surface, 0, NEAR.expiryYears);
    expect(money.ok && money.value).toBeGreaterThan(0.9);
    expect(money.ok && money.value).toBeLessThan(1.2);
  });

  test("from the option out of the money, and what says nothing is named with its reason", () => {
    const quotes: OptionQuote[] = [
      { type: "put", strike: 90, bid: 0.02, ask: 0.021 },
      { type: "call", strike: 90, bid: 0.5, ask: 0.6 },
      { type: "call", strike: 100, bid: 0.05, ask: null },
      { type: "call", strike: 110, bid: 0.03, ask: 0.02 },
      { type: "call", strike: 120, bid: 0.99, ask: 1.2 },
      { type: "put", strike: 130, bid: 0.31, ask: 0.32 },
    ];
    const { points, unusable } = volPoints({ expiry: 1, expiryYears: 0.1, forward: 100, quotes });
    expect(points.map(({ strike }) => strike)).toEqual([90, 130]);
    expect(unusable.map(({ strike, reason }) => [strike, reason])).toEqual([
      [100, "ONE_SIDED"],
      [110, "CROSSED"],
      [120, "PRICE_NOT_BELOW_CEILING"],
    ]);
  });

  test("one wrong quote among twenty-five, however narrow, moves the others by less than half a point", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 24 }), fc.double({ min: 0.05, max: 5, noNaN: true }), (wrong, said) => {
        const svi: SviSmile = { a: 0.01, b: 0.1, rho: -0.3, m: 0, sigma: 0.2 };
        const truth = (k: number) => Math.sqrt(sviTotalVariance(svi, k) / 0.25);
        const ks = grid(-0.6, 0.6, 24);
        const points = ks.map((k, index) => at(k, index === wrong ? said : truth(k), index === wrong ? 0 : 0.01));
        const fitted = fitSmile(points, 0.25);
        for (const [index, k] of ks.entries()) {
          if (index === wrong || fitted === null) continue;
          expect(Math.abs(Math.sqrt(smileVariance(fitted.smile, k) / 0.25) - truth(k))).toBeLessThan(0.005);
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe("MARK-7: no arbitrage", () => {
  const anyChain = fc
    .array(
      fc.array(
        fc.record({
          k: fc.double({ min: -1, max: 1, noNaN: true }),
          volatility: fc.double({ min: 0.2, max: 2.5, noNaN: true }),
        }),
        { minLength: 1, maxLength: 12 },
      ),
      { minLength: 1, maxLength: 4 },
    )
    .map((expiries) =>
      expiries.map((points, index): ExpiryQuotes => {
        const years = [0.01, 0.05, 0.2, 1][index] as number;
        const volatility = new Map(points.map((point) => [point.k, point.volatility]));
        return quotedAt(index, years, (k) => volatility.get(k) ?? 1, [...volatility.keys()]);
      }),
    );

  test("whatever is quoted: call prices fall and are convex in the strike, and later options are worth no less", () => {
    fc.assert(
      fc.property(anyChain, (chain) => {
        const { surface } = fitSurface(chain, null, 0, RULES);
        for (const { expiryYears } of surface.expiries) {
          expectNoButterfly((k) => surfaceVariance(surface, k, expiryYears));
        }
        expectNoCalendar(surface, [0.001, 0.01, 0.03, 0.05, 0.1, 0.2, 0.6, 1, 3]);
      }),
      { numRuns: 40 },
    );
  });

  test("quotes of a crash", () => {
    const { surface } = fitSurface(CHAIN, null, 0, RULES);
    for (const expiryYears of [NEAR.expiryYears / 2, NEAR.expiryYears, 0.035, FAR.expiryYears, 1]) {
      expectNoButterfly((k) => surfaceVariance(surface, k, expiryYears));
    }
    expectNoCalendar(surface, [0.001, NEAR.expiryYears, 0.03, FAR.expiryYears, 1]);
  });

  test("an expiry that is quoted below an earlier one is lifted to it, and that is reported", () => {
    const ks = grid(-0.5, 0.5, 10);
    const chain = [quotedAt(1, 0.1, () => 1, ks), quotedAt(2, 0.2, () => 0.5, ks)];
    const { surface, reports } = fitSurface(chain, null, 0, RULES);
    expect(reports.map(({ lifted }) => Number(lifted.toFixed(3)))).toEqual([0, 0.207]);
    const lifted = surfaceVolatility(surface, 0, 0.2);
    expect(lifted.ok && lifted.value).toBeCloseTo(Math.sqrt((1 * 0.1) / 0.2), 3);
  });

  test("what a smile says outside its own quotes does not lift an expiry that is quoted there", () => {
    const steep = (k: number) => 0.6 + 3 * Math.max(0, k) ** 2;
    const chain = [quotedAt(1, 0.1, steep, grid(-0.3, 0.2, 10)), quotedAt(2, 0.2, () => 0.6, grid(-0.8, 1.2, 20))];
    const { reports } = fitSurface(chain, null, 0, RULES);
    // By itself the first smile would say 84 % for the furthest strike of the second.
    const { surface: alone } = fitSurface(chain.slice(0, 1), null, 0, RULES);
    expect(Math.sqrt(surfaceVariance(alone, 1.2, 0.1) / 0.2) - 0.6).toBeGreaterThan(0.2);
    expect(reports[1]?.lifted).toBeLessThan(0.05);
  });

  test("a smile with arbitrage is seen wherever it hides", () => {
    // Vogt's example, in Gatheral and Jacquier: Arbitrage-free SVI volatility surfaces, 2014.
    expect(hasNoButterfly({ a: -0.041, b: 0.1331, rho: 0.306, m: 0.3586, sigma: 0.4153 })).toBe(false);
    expect(hasNoButterfly({ a: 0.04, b: 0.2, rho: -0.3, m: 0.05, sigma: 0.1 })).toBe(true);
    fc.assert(
      fc.property(anySmile, (svi) => expectNoButterfly((k) => sviTotalVariance(svi, k))),
      { numRuns: 40 },
    );
  });
});

describe("MARK-8: with few quotes", () => {
  //  quotes at (log-moneyness, volatility)                                               form
  test.each<[string, readonly (readonly [number, number])[], string]>([
    [
      "six on both sides",
      [
        [-0.2, 0.9],
        [-0.1, 0.8],
        [-0.05, 0.77],
        [0.05, 0.76],
        [0.1, 0.78],
        [0.2, 0.85],
      ],
      "svi",
    ],
    [
      "six on one side",
      [
        [0.1, 0.78],
        [0.15, 0.81],
        [0.2, 0.85],
        [0.25, 0.9],
        [0.3, 0.95],
        [0.35, 1],
      ],
      "quadratic",
    ],
    [
      "five",
      [
        [-0.2, 0.9],
        [-0.1, 0.8],
        [0, 0.75],
        [0.1, 0.78],
        [0.2, 0.85],
      ],
      "quadratic",
    ],
    [
      "four that bend down",
      [
        [-0.2, 0.7],
        [-0.1, 0.8],
        [0.1, 0.8],
        [0.2, 0.7],
      ],
      "quadratic",
    ],
    [
      "two",
      [
        [-0.1, 0.8],
        [0.1, 0.78],
      ],
      "quadratic",
    ],
    [
      "two that no line without arbitrage joins",
      [
        [-0.01, 3],
        [0.01, 0.1],
      ],
      "flat",
    ],
    ["one", [[0.1, 0.78]], "flat"],
  ])("%s", (_, quoted, form) => {
    const fitted = fitSmile(
      quoted.map(([k, volatility]) => at(k, volatility)),
      0.25,
    );
    expect(fitted?.smile.form).toBe(form);
    expectNoButterfly((k) => smileVariance(fitted?.smile ?? { form: "flat", totalVariance: 0 }, k));
  });

  test("one volatility alone is known to a quarter of itself", () => {
    expect(fitSmile([at(0, 0.8)], 0.25)?.uncertainty).toBeCloseTo(0.2, 12);
    expect(fitSmile([at(0, 0.8, 0.3)], 0.25)?.uncertainty).toBeCloseTo(0.3, 12);
    expect(fitSmile([at(-0.1, 0.8, 0.01), at(0.1, 0.8, 0.03)], 0.25)?.uncertainty).toBeCloseTo(0.03, 12);
  });

  const ks = grid(-0.5, 0.5, 10);
  const silent = (expiryYears: number): ExpiryQuotes => ({ expiry: 1, expiryYears, forward: 1, quotes: [] });

  test("none: the last good smile with its volatility, for as long as it is young enough, then nothing", () => {
    const before = fitSurface([quotedAt(1, 0.2, () => 0.7, ks)], null, 0, RULES).surface;
    const young = fitSurface([silent(0.19)], before, 600_000, RULES);
    expect(young.reports[0]?.form).toBe("last-good");
    const kept = surfaceVolatility(young.surface, 0.1, 0.19);
    expect(kept.ok && kept.value).toBeCloseTo(0.7, 5);
    const again = fitSurface([silent(0.19)], young.surface, 600_001, RULES);
    expect(again.reports[0]?.form).toBe("none");
    expect(surfaceVolatility(again.surface, 0.1, 0.19)).toEqual({
      ok: false,
      rejection: { code: "VOLATILITY_UNKNOWN", expiryYears: 0.19 },
    });
  });

  test("the form of a smile is kept as its time runs out", () => {
    for (const forms of [ks, [-0.2, -0.1, 0, 0.1], [0]]) {
      const before = fitSurface([quotedAt(1, 0.2, (k) => 0.7 + 0.2 * k * k, forms)], null, 0, RULES).surface;
      const { surface } = fitSurface([silent(0.1)], before, 1, RULES);
      for (const k of [-0.3, 0, 0.2]) {
        const [then, now] = [surfaceVolatility(before, k, 0.2), surfaceVolatility(surface, k, 0.1)];
        expect(then.ok && now.ok && now.value).toBeCloseTo((then.ok && then.value) || 0, 12);
      }
    }
  });

  test("no surface and no time left have no volatility", () => {
    expect(surfaceVolatility({ expiries: [] }, 0, 0.1).ok).toBe(false);
    const { surface } = fitSurface([quotedAt(1, 0.2, () => 0.7, ks)], null, 0, RULES);
    expect([surfaceVolatility(surface, 0, 0).ok, surfaceVolatility(surface, 0, -1).ok]).toEqual([false, false]);
  });

  test("between expiries total variance is linear in time, before and after them volatility stays", () => {
    const { surface } = fitSurface([quotedAt(1, 0.1, () => 1, ks), quotedAt(2, 0.3, () => 0.8, ks)], null, 0, RULES);
    const told = (years: number) => {
      const found = surfaceVolatility(surface, 0, years);
      return found.ok ? found.value : Number.NaN;
    };
    expect(told(0.05)).toBeCloseTo(1, 4);
    expect(told(0.2)).toBeCloseTo(Math.sqrt((0.1 + (0.3 * 0.64 - 0.1) / 2) / 0.2), 4);
    expect(told(2)).toBeCloseTo(0.8, 4);
  });
});

describe("MARK-9: put–call parity", () => {
  const report = (changed: Partial<ExpiryQuotes> = {}) => parityReport({ ...FAR, ...changed }, COSTS);

  test("quotes of a crash are one market: no strike is beyond what it costs to trade it away", () => {
    for (const expiry of CHAIN) {
      const { deviations, impliedForward, isSuspicious } = parityReport(expiry, COSTS);
      expect(deviations.length).toBeGreaterThan(10);
      expect(deviations.filter(({ beyondCosts }) => beyondCosts !== 0)).toEqual([]);
      expect(Math.abs((impliedForward ?? 0) / expiry.forward - 1)).toBeLessThan(0.0025);
      expect(isSuspicious).toBe(false);
    }
  });

  test("a forward that these options are not priced on is seen", () => {
    expect(report({ forward: FAR.forward * 1.02 }).isSuspicious).toBe(true);
    expect(report({ forward: FAR.forward * 0.98 }).isSuspicious).toBe(true);
  });

  test("calls from another moment are seen at every strike where they leave the room", () => {
    const stale = FAR.quotes.map((quote) =>
      quote.type === "call" && quote.bid !== null && quote.ask !== null
        ? { ...quote, bid: quote.bid + 0.03, ask: quote.ask + 0.03 }
        : quote,
    );
    const { deviations, isSuspicious } = report({ quotes: stale });
    expect(isSuspicious).toBe(true);
    expect(deviations.filter(({ beyondCosts }) => beyondCosts > 0).length).toBeGreaterThan(deviations.length / 2);
  });

  //  strike 100 at a forward of 100: call and put are worth the same      beyond costs
  test.each([
    ["inside the spread", 0.05, 0.06, 0.055, 0.065, 0],
    ["too dear by less than the fees", 0.0608, 0.07, 0.05, 0.06, 0],
    ["too dear", 0.07, 0.08, 0.05, 0.06, 0.01 - 0.0006 - 0.0006],
    ["too cheap", 0.05, 0.06, 0.07, 0.08, -(0.01 - 0.0006 - 0.0006)],
  ])("one strike %s", (_, callBid, callAsk, putBid, putAsk, answer) => {
    const quotes: OptionQuote[] = [
      { type: "call", strike: 100, bid: callBid, ask: callAsk },
      { type: "put", strike: 100, bid: putBid, ask: putAsk },
    ];
    const { deviations } = parityReport({ expiry: 1, expiryYears: 0.1, forward: 100, quotes }, COSTS);
    expect(deviations[0]?.beyondCosts).toBeCloseTo(answer, 12);
  });

  test("an expiry without a pair says nothing", () => {
    const { deviations, impliedForward, isSuspicious } = report({
      quotes: FAR.quotes.filter(({ type }) => type === "put"),
    });
    expect([deviations, impliedForward, isSuspicious]).toEqual([[], null, false]);
  });
});

describe("MARK-14: the mark of an option", () => {
  const { surface } = fitSurface(CHAIN, null, 0, RULES);

  test("lies between bid and ask for nine in ten quotes of a crash, in or out of the money", () => {
    for (const expiry of CHAIN) {
      const quoted = expiry.quotes.filter(({ bid, ask }) => bid !== null && ask !== null);
      const met = quoted.filter(({ type, strike, bid, ask }) => {
        const mark = markOption(surface, { ...expiry, type, strike });
        return mark.ok && mark.value.price >= (bid ?? 0) && mark.value.price <= (ask ?? 0);
      });
      expect(quoted.length).toBeGreaterThan(50);
      expect(met.length / quoted.length).toBeGreaterThan(0.9);
    }
  });

  test("call less put is the forward less the strike, to the last bits, at every strike", () => {
    for (const strike of grid(20_000, 200_000, 60)) {
      const [call, put] = (["call", "put"] as const).map((type) => markOption(surface, { ...NEAR, type, strike }));
      expect((call?.ok && put?.ok && call.value.price - put.value.price) || 0).toBeCloseTo(
        1 - strike / NEAR.forward,
        12,
      );
    }
  });

  test("is what exercising pays once there is no time left, and unknown without a surface", () => {
    const terms = { type: "call", strike: 80, forward: 100 } as const;
    expect(markOption(surface, { ...terms, expiryYears: 0 })).toEqual({
      ok: true,
      value: { price: 1 - 0.8, volatility: null },
    });
    expect(markOption({ expiries: [] }, { ...terms, expiryYears: 0 }).ok).toBe(true);
    expect(markOption({ expiries: [] }, { ...terms, expiryYears: 0.1 })).toMatchObject({
      ok: false,
      rejection: { code: "VOLATILITY_UNKNOWN" },
    });
  });
});
