import { describe, expect, test } from "@jest/globals";
import { KeyVault, newSecret } from "./key-vault.js";

const vault = new KeyVault(Buffer.alloc(32, 7));

describe("the key vault", () => {
  test("gives back what was sealed", () => {
    const secret = newSecret();
    expect(vault.open("k1", vault.seal("k1", secret))).toBe(secret);
  });

  test("never seals the same way twice, and never shows the secret", () => {
    const sealed = [vault.seal("k1", "a secret"), vault.seal("k1", "a secret")];
    expect(sealed[0]).not.toBe(sealed[1]);
    expect(Buffer.from(sealed[0]?.slice(3) ?? "", "base64url").includes("a secret")).toBe(false);
  });

  test.each([
    ["under another key id", (sealed: string) => vault.open("k2", sealed)],
    ["in another vault", (sealed: string) => new KeyVault(Buffer.alloc(32, 8)).open("k1", sealed)],
    ["after one character changed", (sealed: string) => vault.open("k1", flip(sealed))],
    ["with a shortened tag", (sealed: string) => vault.open("k1", sealed.slice(0, 20))],
    ["of another version", (sealed: string) => vault.open("k1", sealed.replace("v1.", "v2."))],
  ])("does not open %s", (_case, open) => {
    expect(() => open(vault.seal("k1", "a secret"))).toThrow(/./);
  });
});

function flip(sealed: string): string {
  const at = sealed.length - 8;
  return sealed.slice(0, at) + (sealed[at] === "A" ? "B" : "A") + sealed.slice(at + 1);
}
