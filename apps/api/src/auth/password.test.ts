import { describe, expect, test } from "@jest/globals";
import { hashPassword, isPassword } from "./password.js";

describe("passwords", () => {
  test("the right one is right, another is not, and a missing user has none", async () => {
    const stored = await hashPassword("correct horse");
    expect(stored).toMatch(/^scrypt\$32768\$8\$1\$/);
    expect(stored).not.toContain("correct horse");
    expect(await isPassword("correct horse", stored)).toBe(true);
    expect(await isPassword("correct horsf", stored)).toBe(false);
    expect(await isPassword("correct horse", null)).toBe(false);
  });

  test("two hashes of one password differ", async () => {
    expect(await hashPassword("correct horse")).not.toBe(await hashPassword("correct horse"));
  });

  test("the same letters typed another way are the same password", async () => {
    expect(await isPassword("Zu\u0308rich-8021", await hashPassword("Z\u00fcrich-8021"))).toBe(true);
  });

  test("a stored text of another form is a fault, not a no", async () => {
    await expect(isPassword("x", "md5$abc")).rejects.toThrow("expected a stored password");
  });
});
