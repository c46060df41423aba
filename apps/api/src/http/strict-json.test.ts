import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { JSON_DEPTH_MAX, MalformedJson, parseStrictJson } from "./strict-json.js";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("JSON as this API reads it", () => {
  test.each([
    ["an object", '{"asset":"BTC","amount":"1"}', { asset: "BTC", amount: "1" }],
    ["the same key in two objects", '[{"a":1},{"a":2}]', [{ a: 1 }, { a: 2 }]],
    ["the same key at two depths", '{"a":{"a":1}}', { a: { a: 1 } }],
    ["a key's name as a value", '{"a":"__proto__","b":"a"}', { a: "__proto__", b: "a" }],
    ["quotes and braces inside text", '{"a":"\\"{,","b":"}"}', { a: '"{,', b: "}" }],
    ["a backslash before the closing quote", '{"a":"\\\\","b":1}', { a: "\\", b: 1 }],
    ["arrays in an object", '{"a":["x","y"],"b":["x"]}', { a: ["x", "y"], b: ["x"] }],
  ])("reads %s", (_case, text, value) => {
    expect(parseStrictJson(bytes(text))).toEqual(value);
  });

  test.each([
    ["nothing", ""],
    ["two values", "{} {}"],
    ["a trailing comma", '{"a":1,}'],
    ["a comment", "{} // no"],
    ["NaN", '{"a":NaN}'],
    ["a byte order mark", "\u{FEFF}{}"],
    ["a key twice", '{"amount":"1","amount":"2"}'],
    ["a key twice, once escaped", '{"amount":"1","\\u0061mount":"2"}'],
    ["a key twice, deep down", '{"a":[{"b":{"c":1,"c":2}}]}'],
    ["a prototype key", '{"__proto__":{"scopes":["exchange"]}}'],
    ["a prototype key, escaped", '{"\\u005f_proto__":1}'],
    ["a constructor key", '{"constructor":{"prototype":{}}}'],
    ["one level too many", `${"[".repeat(JSON_DEPTH_MAX + 1)}${"]".repeat(JSON_DEPTH_MAX + 1)}`],
  ])("refuses %s", (_case, text) => {
    expect(() => parseStrictJson(bytes(text))).toThrow(MalformedJson);
  });

  test("refuses bytes that are not UTF-8", () => {
    expect(() => parseStrictJson(Uint8Array.from([0x22, 0xff, 0x22]))).toThrow("expected UTF-8");
  });

  test("refuses a mebibyte of brackets without climbing them", () => {
    expect(() => parseStrictJson(bytes("[".repeat(1 << 20)))).toThrow(MalformedJson);
  });

  test("reads everything else as the library does", () => {
    const ordinary = fc
      .jsonValue({ maxDepth: 5 })
      .filter((value) => !/__proto__|constructor|prototype/.test(JSON.stringify(value)));
    fc.assert(
      fc.property(ordinary, (value) => {
        const text = JSON.stringify(value);
        expect(parseStrictJson(bytes(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  test("whatever the bytes, it answers or refuses by name", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string().map(bytes), fc.uint8Array()), (input) => {
        try {
          parseStrictJson(input);
        } catch (fault) {
          expect(fault).toBeInstanceOf(MalformedJson);
        }
        expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain("polluted");
      }),
    );
  });
});
