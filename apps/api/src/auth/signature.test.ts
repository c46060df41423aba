import { describe, expect, test } from "@jest/globals";
import { isAuthentic, isInWindow, isSigned, readSignature, sha256Hex, signatureOf } from "./signature.js";

const SECRET = "a secret of the exchange";
const parts = {
  timestamp: "1584000000000",
  nonce: "n-0123456789abcdef",
  method: "POST",
  target: "/v1/transfers?x=1",
  bodySha256: sha256Hex('{"a":"1"}'),
};
const headers = {
  "ballast-key": "exchange",
  "ballast-timestamp": parts.timestamp,
  "ballast-nonce": parts.nonce,
  "ballast-signature": signatureOf(SECRET, parts),
};

describe("a signature", () => {
  test("is HMAC-SHA-256 over the canonical text, as an independent tool computes it", () => {
    // printf 'v1\n1584000000000\nn-0123456789abcdef\nPOST\n/v1/transfers?x=1\n<sha256 of the body>\n' | openssl dgst -sha256 -hmac 'a secret of the exchange'
    expect(signatureOf(SECRET, parts)).toBe("v1=f6d806466ef56975f90806de4e5e6f12e1483209b49b82b9202406a3bc32bdfb");
  });

  test("is authentic for what was signed", () => {
    const read = readSignature(headers);
    if (!read.ok) throw new Error(read.rejection);
    expect(read.value.keyId).toBe("exchange");
    expect(isAuthentic(read.value.digest, SECRET, parts)).toBe(true);
  });

  test.each([
    ["another method", { method: "GET" }],
    ["another path", { target: "/v1/transfers" }],
    ["the query in another order", { target: "/v1/transfers?y=2&x=1" }],
    ["another body", { bodySha256: sha256Hex('{"a":"2"}') }],
    ["another time", { timestamp: "1584000000001" }],
    ["another nonce", { nonce: "n-0123456789abcdeg" }],
  ])("is not authentic for %s", (_case, change) => {
    const digest = Buffer.from(signatureOf(SECRET, parts).slice(3), "hex");
    expect(isAuthentic(digest, SECRET, { ...parts, ...change })).toBe(false);
  });

  test("is not authentic under another secret", () => {
    const digest = Buffer.from(signatureOf("another secret", parts).slice(3), "hex");
    expect(isAuthentic(digest, SECRET, parts)).toBe(false);
  });

  test.each([
    ["no key", { "ballast-key": undefined }, "SIGNATURE_MISSING"],
    ["no timestamp", { "ballast-timestamp": undefined }, "SIGNATURE_MISSING"],
    ["no nonce", { "ballast-nonce": "" }, "SIGNATURE_MISSING"],
    ["no signature", { "ballast-signature": undefined }, "SIGNATURE_MISSING"],
    ["two signatures", { "ballast-signature": ["v1=00", "v1=11"] }, "SIGNATURE_MISSING"],
    ["a signature of another version", { "ballast-signature": `v2=${"0".repeat(64)}` }, "SIGNATURE_INVALID"],
    ["a short signature", { "ballast-signature": "v1=00" }, "SIGNATURE_INVALID"],
    ["upper-case hex", { "ballast-signature": `v1=${"A".repeat(64)}` }, "SIGNATURE_INVALID"],
    ["seconds instead of milliseconds", { "ballast-timestamp": "1584000000" }, "SIGNATURE_INVALID"],
    ["a timestamp with an exponent", { "ballast-timestamp": "1.584e12" }, "SIGNATURE_INVALID"],
    ["a nonce with a line feed", { "ballast-nonce": "n-0123456789\nabcdef" }, "SIGNATURE_INVALID"],
    ["a short nonce", { "ballast-nonce": "n-1" }, "SIGNATURE_INVALID"],
    ["a key id that is a path", { "ballast-key": "../exchange" }, "SIGNATURE_INVALID"],
  ])("with %s is refused", (_case, change, code) => {
    expect(readSignature({ ...headers, ...change })).toEqual({ ok: false, rejection: code });
  });

  test("one header of the four is enough to mean a signature", () => {
    expect(isSigned({ "ballast-nonce": "x" })).toBe(true);
    expect(isSigned({ cookie: "x" })).toBe(false);
  });

  const now = 1_584_000_000_000;
  test.each([
    ["now", 0, true],
    ["a minute ago", -60_000, true],
    ["a minute ahead", 60_000, true],
    ["a minute and a millisecond ago", -60_001, false],
    ["a minute and a millisecond ahead", 60_001, false],
  ])("of %s", (_case, offset, taken) => {
    expect(isInWindow(String(now + offset), now)).toBe(taken);
  });
});
