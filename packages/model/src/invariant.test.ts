import { describe, expect, test } from "@jest/globals";
import { assertInvariant, InvariantViolation } from "./invariant.js";
import { REJECTION_CODES } from "./rejections.js";
import { ok, reject } from "./result.js";

describe("a bug", () => {
  test("is thrown with the clause and what was found, and nothing is thrown when it holds", () => {
    expect(() => assertInvariant(true, "LEDGER-1 journals balance", { over: "1" })).not.toThrow();
    expect(() => assertInvariant(false, "LEDGER-1 journals balance", { over: "1" })).toThrow(InvariantViolation);
    expect(() => assertInvariant(false, "LEDGER-1 journals balance", { over: "1" })).toThrow(
      'LEDGER-1 journals balance: {"over":"1"}',
    );
    expect(() => assertInvariant(false, "LEDGER-1 journals balance")).toThrow("LEDGER-1 journals balance: {}");
  });

  test("asks for its facts only when there is one", () => {
    const facts = (): never => {
      throw new Error("asked");
    };
    expect(() => assertInvariant(true, "LEDGER-1 journals balance", facts)).not.toThrow();
    expect(() => assertInvariant(false, "LEDGER-1 journals balance", facts)).toThrow("asked");
  });
});

describe("an answer", () => {
  test("is yes with a value or no with a reason", () => {
    expect(ok(1)).toEqual({ ok: true, value: 1 });
    expect(reject({ code: "MARKET_UNKNOWN" })).toEqual({ ok: false, rejection: { code: "MARKET_UNKNOWN" } });
  });

  test("comes from a closed list, each code once, in the order of the checks", () => {
    expect(new Set(REJECTION_CODES).size).toBe(REJECTION_CODES.length);
    expect(REJECTION_CODES[0]).toBe("ACCOUNT_UNKNOWN");
    expect(REJECTION_CODES.every((code) => /^[A-Z]+(_[A-Z]+)*$/.test(code))).toBe(true);
  });
});
