import { describe, expect, test } from "@jest/globals";
import { HOSTILE_VALUES } from "@ballast/money/testing";
import fc from "fast-check";
import { accountId, assetId, compareIds, ID_GRAMMAR, instrumentId, MalformedId } from "./ids.js";
import { anyIdText } from "./testing.js";

describe("identifiers", () => {
  test.each(["alice", "house.insurance-fund", "BTC_USDC-PERPETUAL", "BTC_USDC-26JUN20", "0", "a".repeat(64)])(
    "%s is one",
    (text) => {
      for (const id of [accountId, assetId, instrumentId]) expect(id(text)).toBe(text);
    },
  );

  //  why                               text
  test.each([
    ["nothing", ""],
    ["too long", "a".repeat(65)],
    ["much too long", "a".repeat(1_000_000)],
    ["starts with a point", ".."],
    ["starts with a dash", "-rf"],
    ["a prototype's key", "__proto__"],
    ["a path", "a/b"],
    ["parts a posting's text", "a|b"],
    ["parts a queue's key", "a:b"],
    ["a space", "a b"],
    ["a line", "a\n"],
    ["a byte of zero", "a\u0000"],
    ["letters that only look so", "аlice"],
    ["an accent", "é"],
    ["a quote", "a'b"],
  ])("%s is none", (_, text) => {
    for (const id of [accountId, assetId, instrumentId]) expect(() => id(text)).toThrow(MalformedId);
  });

  test.each(HOSTILE_VALUES)("%s is none", (_, value) => {
    expect(() => accountId(value as string)).toThrow(MalformedId);
  });

  test("the refusal names the kind of identifier and the rule, and not what it was sent", () => {
    expect(() => accountId("<script>")).toThrow(/^expected an account id: 1 to 64 letters/);
    expect(() => assetId("<script>")).toThrow(/^(?!.*script)expected/);
  });

  test("sorting by identifier is the same everywhere: by code point, whatever the order before", () => {
    expect(["b", "a.b", "B", "a-b", "10", "9"].sort(compareIds)).toEqual(["10", "9", "B", "a-b", "a.b", "b"]);
    fc.assert(
      fc.property(fc.array(anyIdText), (texts) => {
        const sorted = [...texts].sort(compareIds);
        expect([...texts].reverse().sort(compareIds)).toEqual(sorted);
        expect(texts.every((text) => ID_GRAMMAR.test(text) && compareIds(text, text) === 0)).toBe(true);
      }),
    );
  });
});
