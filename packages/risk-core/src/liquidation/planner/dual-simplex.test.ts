import { describe, expect, test } from "@jest/globals";
import { chordCost, outcomeOf } from "./certificate.f64.js";
import { solveProgramme } from "./dual-simplex.f64.js";
import { buildProgramme, type Programme } from "./programme.f64.js";

/** One perpetual of `notional` dollars at a price of 1, margined at `rate` on a fall of that size. */
function oneLeg(notional: number, rate: number, equity: number, half: number, k: number, segments: number): Programme {
  return buildProgramme({
    cells: 2,
    segments,
    target: 1.1,
    offset: 0.7,
    guard: 0,
    costShareMax: 1,
    cash: equity,
    underlyings: 1,
    bucketRates: [0],
    columns: [
      {
        underlying: 0,
        bucket: 0,
        direction: -1,
        unitsMax: notional,
        halfSpread: half,
        impact: k,
        delta: 1,
        charge: 0,
        held: notional,
        mark: 0,
        profits: Float64Array.of(-rate, rate),
      },
    ],
  });
}

/** Dollars to close so that E − h·x − k·x² = τ·r·(N − x): the smaller root of the parabola. */
function closedForm(notional: number, rate: number, equity: number, half: number, k: number): number {
  const b = 1.1 * rate - half;
  return (b - Math.sqrt(b * b - 4 * k * (1.1 * rate * notional - equity))) / (2 * k);
}

describe("one leg", () => {
  //  notional   margin rate   equity   half spread   impact
  test.each([
    [1_000_000, 0.06, 55_000, 0.0005, 1e-9],
    [1_000_000, 0.06, 40_000, 0.0005, 5e-9],
    [50_000, 0.12, 3_500, 0.001, 1e-8],
    [2_000_000, 0.05, 90_000, 0, 2e-9],
  ])(
    "LIQUIDATION-15: %d dollars at %d with equity %d trade what the closed form says",
    (notional, rate, equity, half, k) => {
      const exact = closedForm(notional, rate, equity, half, k);
      const [coarse, fine] = [8, 64].map((segments) => {
        const programme = oneLeg(notional, rate, equity, half, k, segments);
        const { status, shares } = solveProgramme(programme, { cost: 1, shortfall: 0 });
        expect(status).toBe("OPTIMAL");
        return (shares[0] ?? Number.NaN) * notional;
      });
      // Chords overestimate the cost, so they trade a little more; the finer they are, the less.
      expect(coarse).toBeGreaterThanOrEqual(exact * (1 - 1e-9));
      expect(fine).toBeGreaterThanOrEqual(exact * (1 - 1e-9));
      expect(fine).toBeLessThanOrEqual((coarse ?? 0) + 1e-6);
      expect((fine ?? 0) / exact - 1).toBeLessThan(1e-4);
    },
  );

  test("LIQUIDATION-15: closing costs more than there is, so nothing restores, and the least shortfall is what remains", () => {
    const programme = oneLeg(1_000_000, 0.06, 10_000, 0.0005, 5e-8, 8);
    expect(solveProgramme(programme, { cost: 1, shortfall: 0 }).status).toBe("INFEASIBLE");
    const { status, shares } = solveProgramme(programme, { cost: 1e-9, shortfall: 1 });
    expect(status).toBe("OPTIMAL");
    const { cost, shortfall } = outcomeOf(programme, shares);
    expect(cost).toBeLessThanOrEqual(programme.costMax * (1 + 1e-9));
    // Every other share leaves more.
    for (let share = 0; share <= 1; share += 0.01) {
      const other = outcomeOf(programme, Float64Array.of(share));
      if (other.cost <= programme.costMax) expect(other.shortfall).toBeGreaterThanOrEqual(shortfall - 1e-6);
    }
  });
});

describe("chords", () => {
  const leg = { unitsMax: 80, halfSpread: 2, impact: 0.5 };
  //  units   parabola 2x + x²/2   chords on 8 segments of 10
  test.each([
    [0, 0, 0],
    [10, 70, 70],
    [15, 142.5, 155],
    [80, 3360, 3360],
  ])("LIQUIDATION-15: %d units cost %d, and %d by chords", (units, parabola, chords) => {
    expect(chordCost(leg, 8, units)).toBeCloseTo(chords, 9);
    expect(chordCost(leg, 8, units)).toBeGreaterThanOrEqual(parabola - 1e-9);
  });
});
