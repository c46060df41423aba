import { describe, expect, test } from "@jest/globals";
import { REJECTION_CODES } from "@ballast/model";
import { ERROR_CODES, HTTP_STATUS, SENTENCE } from "./errors.js";

describe("codes", () => {
  test("every rejection of the domain comes first, in its declared order", () => {
    expect(ERROR_CODES.slice(0, REJECTION_CODES.length)).toEqual([...REJECTION_CODES]);
  });

  test.each(ERROR_CODES.map((code) => [code] as const))("%s has a status that says no, and a sentence", (code) => {
    expect(HTTP_STATUS[code]).toBeGreaterThanOrEqual(400);
    expect(SENTENCE[code]).toMatch(/^[A-Z].*\.$/);
  });

  test("no two codes share a sentence", () => {
    expect(new Set(Object.values(SENTENCE)).size).toBe(ERROR_CODES.length);
  });
});
