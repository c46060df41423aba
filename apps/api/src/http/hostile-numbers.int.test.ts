import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Answered, EXCHANGE, freshKey, startTestApi, type TestApi, verdict } from "../testing/test-api.js";
import { fill, marks, open, publish } from "../testing/trading-day.js";

/*
 * API-1: numbers that are not numbers. Every door that takes an amount is tried with every one of them; each is refused
 * before a decimal is made of it, in words, and with nothing changed.
 */

/** One hostile string can keep the library's own parser busy for minutes: the suite's time limit would say so. */
function ask(target: string, body: string): Promise<Answered> {
  return api.askAs(EXCHANGE, { method: "POST", target, body });
}

let api: TestApi;
let journalsBefore: number;

beforeAll(async () => {
  api = await startTestApi();
  await open(api, ["alice", "alice/sub", "bob"], "1000");
  await publish(api, 1, "8000");
  journalsBefore = (await api.store.summary()).journals;
}, 60_000);

afterAll(async () => {
  await api.expectBooksToBalance();
  await api.close();
});

/** What stands in the JSON where an amount should be, as raw text. */
const HOSTILE: readonly (readonly [what: string, raw: string])[] = [
  ["a JSON number", "1"],
  ["a JSON number with a fraction", "0.1"],
  ["a JSON number beyond double precision", "9007199254740993"],
  ["a JSON number that overflows", "1e400"],
  ["minus zero as a number", "-0"],
  ["null", "null"],
  ["true", "true"],
  ["an array", '["1"]'],
  ["a nested array", '[["1"]]'],
  ["an object", '{"toString":"1"}'],
  ["the empty string", '""'],
  ["a space", '" "'],
  ["NaN", '"NaN"'],
  ["Infinity", '"Infinity"'],
  ["minus Infinity", '"-Infinity"'],
  ["an exponent", '"1e5"'],
  ["a small exponent", '"1e-5"'],
  ["an exponent that takes minutes", '"1e10000000"'],
  ["an exponent that becomes Infinity", '"1e9000000000000001"'],
  ["an exponent that becomes zero", '"1e-9000000000000001"'],
  ["hexadecimal", '"0x1F"'],
  ["binary", '"0b101"'],
  ["octal", '"0o17"'],
  ["a hexadecimal float", '"0x1p3"'],
  ["an underscore", '"1_000"'],
  ["a comma", '"1,000"'],
  ["a plus sign", '"+1"'],
  ["no digit before the point", '".5"'],
  ["no digit after the point", '"5."'],
  ["a leading zero", '"007"'],
  ["two points", '"1.2.3"'],
  ["two signs", '"--1"'],
  ["a space before", '" 1"'],
  ["a line feed after", '"1\\n"'],
  ["a null byte after", '"1\\u0000"'],
  ["Arabic digits", '"١٢٣"'],
  ["full-width digits", '"１２３"'],
  ["a minus that is not ASCII", '"−1"'],
  ["twenty-one digits", '"100000000000000000000"'],
  ["nineteen digits after the point", '"0.0000000000000000001"'],
  ["ten thousand digits", `"${"9".repeat(10_000)}"`],
];

/** Doors that take an amount: the request with `AMOUNT` where it stands. */
const DOORS: readonly (readonly [what: string, target: string, body: () => string])[] = [
  ["deposit", "/v1/accounts/alice/deposits", () => '{"asset":"USDC","amount":AMOUNT}'],
  ["withdrawal", "/v1/accounts/alice/withdrawals", () => '{"asset":"USDC","amount":AMOUNT}'],
  ["transfer", "/v1/transfers", () => '{"from":"alice","to":"alice.sub","asset":"USDC","amount":AMOUNT}'],
  [
    "batch deposit",
    "/v1/deposits",
    () => '{"deposits":[{"account":"alice","asset":"USDC","amount":AMOUNT,"key":"k"}]}',
  ],
  ["fill quantity", "/v1/fills", () => fillWith("quantity")],
  ["fill price", "/v1/fills", () => fillWith("price")],
  ["fee rate", "/v1/fills", () => fillWith("buyerFeeRate")],
  ["mark", "/v1/marks", () => marksWith("markPrices")],
  ["index", "/v1/marks", () => marksWith("indexPrices")],
  ["depth", "/v1/marks", () => marksWith("depths")],
];

const HOLE = '"AMOUNT"';

function fillWith(field: "quantity" | "price" | "buyerFeeRate"): string {
  const one = { ...fill(api, { buyer: "alice", seller: "bob" }), [field]: "AMOUNT" };
  return JSON.stringify({ fills: [one] }).replace(HOLE, "AMOUNT");
}

function marksWith(field: "markPrices" | "indexPrices" | "depths"): string {
  const body = marks(api, 2, "8000");
  const hostile = { ...body, [field]: { ...body[field], BTC: "AMOUNT" } };
  return JSON.stringify(hostile).replace(HOLE, "AMOUNT");
}

describe.each(DOORS)("API-1: %s", (_what, target, body) => {
  test.each(HOSTILE)("refuses %s", async (_case, raw) => {
    const answered = await ask(
      target,
      body().replace("AMOUNT", () => raw),
    );
    expect(verdict(answered)).toBe("422 REQUEST_INVALID");
    expect(answered.text).not.toContain("9".repeat(100));
  });
});

describe("API-1: bodies that are not what they seem", () => {
  test.each([
    ["the amount twice", '{"asset":"USDC","amount":"1","amount":"1000000"}', "400 BODY_MALFORMED"],
    ["the amount twice, once escaped", '{"asset":"USDC","amount":"1","\\u0061mount":"2"}', "400 BODY_MALFORMED"],
    ["a prototype", '{"asset":"USDC","amount":"1","__proto__":{"x":1}}', "400 BODY_MALFORMED"],
    ["a constructor", '{"asset":"USDC","amount":"1","constructor":{"prototype":{}}}', "400 BODY_MALFORMED"],
    ["NaN without quotes", '{"asset":"USDC","amount":NaN}', "400 BODY_MALFORMED"],
    ["cut off", '{"asset":"USDC","amount":"1"', "400 BODY_MALFORMED"],
    ["two values", '{"asset":"USDC","amount":"1"}{}', "400 BODY_MALFORMED"],
    ["an array", '[{"asset":"USDC","amount":"1"}]', "422 REQUEST_INVALID"],
    ["a field too many", '{"asset":"USDC","amount":"1","note":"x"}', "422 REQUEST_INVALID"],
    ["a field in another case", '{"asset":"USDC","Amount":"1"}', "422 REQUEST_INVALID"],
    ["a field missing", '{"asset":"USDC"}', "422 REQUEST_INVALID"],
    ["an asset that is a list", '{"asset":["USDC"],"amount":"1"}', "422 REQUEST_INVALID"],
    ["deep nesting", `{"asset":${"[".repeat(5000)}${"]".repeat(5000)},"amount":"1"}`, "400 BODY_MALFORMED"],
    ["16 KiB and a byte", `{"asset":"USDC","amount":"${"1".repeat(16 * 1024)}"}`, "413 BODY_TOO_LARGE"],
    ["nothing", "", "400 BODY_MALFORMED"],
  ])("refuses %s", async (_case, body, expected) => {
    expect(verdict(await ask("/v1/accounts/alice/deposits", body))).toBe(expected);
  });

  test("a batch may be a mebibyte, and not a byte more", async () => {
    const padded = (bytes: number) => `{"deposits":[]}${" ".repeat(bytes - 15)}`;
    expect(verdict(await ask("/v1/deposits", padded(1024 * 1024)))).toBe("422 REQUEST_INVALID");
    expect(verdict(await ask("/v1/deposits", padded(1024 * 1024 + 1)))).toBe("413 BODY_TOO_LARGE");
  });

  test("the pointer says which field, the detail which rule, and neither repeats the value", async () => {
    const body = '{"asset":"USDC","amount":"0xDEADBEEF"}';
    const answered = await ask("/v1/accounts/alice/deposits", body);
    expect(answered.json).toMatchObject({ errors: [{ pointer: "/amount" }] });
    expect(answered.text).not.toContain("DEADBEEF");
  });

  test("nothing of all this was booked", async () => {
    expect((await api.store.summary()).journals).toBe(journalsBefore);
    const deposit = { asset: "USDC", amount: "0.000001" };
    await expect(api.client().deposit(freshKey(), "alice", deposit)).resolves.toMatchObject({ balance: "1000.000001" });
  });
});
