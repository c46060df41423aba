import { expect, test } from "@jest/globals";
import { settlementForward, shockedForward } from "./settlement-window.f64.js";

const HALF_HOUR = 1800;

//  when                       seconds  fixed  variable  share
test.each([
  ["a day before", 86_400, 0, 1652, 1],
  ["as the window opens", 1800, 0, 1652, 1],
  ["half-way through it", 900, 823, 826, 0.5],
  ["three quarters through", 450, 1234.5, 413, 0.25],
  ["at expiry", 0, 1646, 0, 0],
])(
  "PRICING-11: %s the settlement forward is known so far and moves so far",
  (_, secondsToExpiry, fixed, variable, share) => {
    // Half-way, the published example of Derive's settlement: an average of 1646 and a forward of 1652 make 1649.
    expect(
      settlementForward({ secondsToExpiry, windowSeconds: HALF_HOUR }, { forward: 1652, averageSoFar: 1646 }),
    ).toEqual({ ok: true, value: { fixed, variable, variableShare: share } });
  },
);

test("PRICING-11: a move of the market moves the variable part only", () => {
  const half = { fixed: 823, variable: 826, variableShare: 0.5 };
  expect(shockedForward(half, 1)).toBe(1649);
  expect(shockedForward(half, 1.5)).toBe(823 + 1239);
  expect(shockedForward({ fixed: 1646, variable: 0, variableShare: 0 }, 0.1)).toBe(1646);
});

test("PRICING-11: before the window opens there is no average to ask for", () => {
  const before = settlementForward(
    { secondsToExpiry: 3600, windowSeconds: HALF_HOUR },
    { forward: 1652, averageSoFar: NaN },
  );
  expect(before.ok).toBe(true);
});

test.each([
  ["a window without length", { secondsToExpiry: 900, windowSeconds: 0 }, { forward: 1652, averageSoFar: 1646 }],
  ["an expiry in the past", { secondsToExpiry: -1, windowSeconds: HALF_HOUR }, { forward: 1652, averageSoFar: 1646 }],
  ["a forward of zero", { secondsToExpiry: 900, windowSeconds: HALF_HOUR }, { forward: 0, averageSoFar: 1646 }],
  [
    "no average inside the window",
    { secondsToExpiry: 900, windowSeconds: HALF_HOUR },
    { forward: 1652, averageSoFar: NaN },
  ],
])("PRICING-11: %s is refused", (_, window, prices) => {
  expect(settlementForward(window, prices)).toEqual({
    ok: false,
    rejection: { code: "SETTLEMENT_WINDOW_REFUSED", ...window, ...prices },
  });
});
