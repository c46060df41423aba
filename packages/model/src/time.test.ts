import { describe, expect, test } from "@jest/globals";
import { HOSTILE_VALUES } from "@ballast/money/testing";
import { MalformedTime, toUtcMillis } from "./time.js";

describe("points in time", () => {
  test.each([
    ["the beginning", 0],
    ["noon of 12 March 2020", 1_584_014_400_000],
    ["the year 2200", 7_258_118_400_000],
  ])("%s is one", (_, millis) => {
    expect(toUtcMillis(millis)).toBe(millis);
  });

  test.each([
    ["before the beginning", -1],
    ["after 2200", 7_258_118_400_001],
    ["half a millisecond", 0.5],
    ["not a number", Number.NaN],
    ["never", Number.POSITIVE_INFINITY],
    ["microseconds by mistake", 1_584_014_400_000_000],
  ])("%s is none", (_, millis) => {
    expect(() => toUtcMillis(millis)).toThrow(MalformedTime);
  });

  test.each(HOSTILE_VALUES.filter(([, value]) => value !== 1))("%s is none", (_, value) => {
    expect(() => toUtcMillis(value as number)).toThrow(MalformedTime);
  });
});
