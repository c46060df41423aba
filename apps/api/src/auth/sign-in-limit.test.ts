import { describe, expect, test } from "@jest/globals";
import {
  ADDRESS_FAILURES_MAX,
  countedUnder,
  FAILURE_WINDOW_MS,
  NAME_FAILURES_MAX,
  SignInLimit,
} from "./sign-in-limit.js";

const NOW = 1_600_000_000_000;
const admin = countedUnder("admin", "::1");

function after(failures: number, attempt: (index: number) => ReturnType<typeof countedUnder>): SignInLimit {
  const limit = new SignInLimit();
  for (let failure = 0; failure < failures; failure++) limit.failed(attempt(failure), NOW + failure);
  return limit;
}

describe("the limit on signing in", () => {
  test("hears the fifth attempt and makes the sixth wait for the first failure to fade", () => {
    expect(after(NAME_FAILURES_MAX - 1, () => admin).waitMs(admin, NOW + 10)).toBe(0);
    const limit = after(NAME_FAILURES_MAX, () => admin);
    expect(limit.waitMs(admin, NOW + 10)).toBe(FAILURE_WINDOW_MS - 10);
    expect(limit.waitMs(admin, NOW + FAILURE_WINDOW_MS)).toBe(0);
  });

  test("counts a name wherever the attempts come from", () => {
    const limit = after(NAME_FAILURES_MAX, (at) => countedUnder("admin", `10.0.0.${at}`));
    expect(limit.waitMs(countedUnder("admin", "10.0.0.9"), NOW + 10)).toBeGreaterThan(0);
  });

  test("counts an address whatever names it tries, and leaves other addresses alone", () => {
    const limit = after(ADDRESS_FAILURES_MAX, (at) => countedUnder(`user-${at}`, "::1"));
    expect(limit.waitMs(countedUnder("somebody", "::1"), NOW + 100)).toBeGreaterThan(0);
    expect(limit.waitMs(countedUnder("user-1", "::2"), NOW + 100)).toBe(0);
  });

  test("a few failures of others behind the same proxy keep nobody out", () => {
    const limit = after(NAME_FAILURES_MAX * 2, (at) => countedUnder(`user-${at}`, "::1"));
    expect(limit.waitMs(admin, NOW + 100)).toBe(0);
  });

  test("forgets failures after a success", () => {
    const limit = after(NAME_FAILURES_MAX, () => admin);
    limit.succeeded(admin);
    expect(limit.waitMs(admin, NOW + 10)).toBe(0);
  });
});
