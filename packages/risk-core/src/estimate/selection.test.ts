import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { nthLargest } from "./selection.f64.js";

test.each([
  ["one value", [3], 1, 3],
  ["all the same", [2, 2, 2], 2, 2],
  ["zeros of both signs", [0, -0, 0], 3, 0],
  ["far apart", [-1e308, 1e308, 0], 2, 0],
  ["close together", [5e-324, 0, 1e-323], 1, 1e-323],
] as const)("%s", (_, values, n, expected) => {
  expect(nthLargest(Float64Array.from(values), n) + 0).toBe(expected);
});

test("the value that a sort would put there", () => {
  const values = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(values, fc.nat(), (drawn, rank) => {
      const n = 1 + (rank % drawn.length);
      const sorted = Float64Array.from(drawn).sort();
      // A sort puts −0 before 0; here they are one value.
      expect(nthLargest(Float64Array.from(drawn), n) + 0).toBe((sorted[drawn.length - n] as number) + 0);
    }),
  );
});
