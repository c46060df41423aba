import { describe, expect, test } from "@jest/globals";
import { BELLS, bells } from "./drawing.f64.js";

const drawn = (slack: string, netValue: string, deviation = { calm: "100", stressed: "200" }) =>
  bells({ deviation, slack, netValue });

describe("the bells of a day", () => {
  test("stand in the middle, the stressed one lower and wider", () => {
    const found = drawn("350", "700");
    const peak = (path: string) => Math.min(...[...path.matchAll(/[ML]\S+ (\S+)/g)].map(([, y]) => Number(y)));
    expect(peak(found?.calm ?? "")).toBeLessThan(peak(found?.stressed ?? ""));
    // 350 of 700 dollars to the left end.
    expect(found?.marginAt).toBe(BELLS.width / 4);
  });

  test("a line further away than the drawing reaches is not drawn, and nothing is shaded beyond it", () => {
    expect(drawn("350", "701")).toMatchObject({ zeroAt: null, beyondZero: "" });
    expect(drawn("350", "699")?.beyondZero).toMatch(/Z$/);
  });

  test("who is below maintenance margin has the line on the right", () => {
    expect(drawn("-100", "50")?.marginAt).toBeGreaterThan(BELLS.width / 2);
  });

  test("nothing is drawn where nothing moves", () => {
    expect(drawn("10", "10", { calm: "0", stressed: "0" })).toBeNull();
  });
});
