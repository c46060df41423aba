import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { ALTERNATIVE_POLICIES, choosePolicy, settledVolatility, STANDARD_POLICY } from "./policy.f64.js";

const CALM = { dailyVolatility: 0.02, speed: 0, displacement: 0, backlog: 0 };

describe("the policy", () => {
  //  what the market is like                     condition                                       manner     target  room
  test.each([
    ["a slow fall out of a calm sky", CALM, "RESTORE", 4, 0.02, ["CALM_SKY", "BACKLOG_FITS"]],
    ["a fast one", { ...CALM, speed: 0.005 }, "RESTORE", 6, 0.02, ["CALM_SKY", "FAST_FALL", "BACKLOG_FITS"]],
    [
      "more waiting than there is room for",
      { ...CALM, backlog: 0.03 },
      "RESTORE",
      4,
      0.02,
      ["CALM_SKY", "BACKLOG_WAITS"],
    ],
    [
      "a mark that is displaced already",
      { ...CALM, displacement: 0.015 },
      "RESTORE",
      4,
      0.005,
      ["CALM_SKY", "BACKLOG_FITS"],
    ],
    [
      "one displaced as far as it may be",
      { ...CALM, displacement: 0.05 },
      "RESTORE",
      4,
      0.001,
      ["CALM_SKY", "BACKLOG_FITS"],
    ],
    ["a storm of days", { ...CALM, dailyVolatility: 0.05 }, "WHOLE", 6, Infinity, ["STORM"]],
    [
      "a storm in which nothing is fast",
      { ...CALM, dailyVolatility: 0.04, backlog: 1 },
      "WHOLE",
      6,
      Infinity,
      ["STORM"],
    ],
  ] as const)("LIQUIDATION-20: %s", (_, condition, manner, target, room, because) => {
    const policy = choosePolicy(condition);
    expect(policy).toMatchObject({ manner, target, because });
    expect(policy.room).toBeCloseTo(room, 12);
  });

  test("LIQUIDATION-20: never moves the mark faster because more waits, and never restores less in a faster fall", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const condition = fc.record({ dailyVolatility: share, speed: share, displacement: share, backlog: share });
    fc.assert(
      fc.property(condition, share, (market, more) => {
        const now = choosePolicy(market);
        expect(choosePolicy({ ...market, backlog: market.backlog + more }).room).toBe(now.room);
        expect(choosePolicy({ ...market, speed: market.speed + more }).target).toBeGreaterThanOrEqual(now.target);
        expect(choosePolicy({ ...market, displacement: market.displacement + more }).room).toBeLessThanOrEqual(
          now.room,
        );
      }),
    );
  });

  test("LIQUIDATION-20: what was tried beside it is kept, each under its own name", () => {
    const names = [STANDARD_POLICY, ...ALTERNATIVE_POLICIES].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("the sky before the crash", () => {
  const calm = Array.from({ length: 96 }, (_, hour) => (hour % 2 === 0 ? 0.004 : -0.004));

  test("LIQUIDATION-20: hours of 0.4 per cent are days of about 2 per cent", () => {
    expect(settledVolatility(calm)).toBeCloseTo(0.004 * Math.sqrt(24), 12);
  });

  test("LIQUIDATION-20: the last day does not answer for the days before it", () => {
    const crash = [...calm, ...Array.from({ length: 24 }, () => -0.05)];
    expect(settledVolatility(crash)).toBeCloseTo(settledVolatility(calm), 12);
    expect(settledVolatility([...crash, 0])).toBeGreaterThan(settledVolatility(calm));
  });

  test("LIQUIDATION-20: without days before there is no storm", () => {
    expect(settledVolatility(calm.slice(0, 24))).toBe(0);
  });
});
