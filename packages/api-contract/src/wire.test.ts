import { describe, expect, test } from "@jest/globals";
import type { z } from "zod";
import { fillsRequest } from "./fills.js";
import { marksRequest } from "./marks.js";
import { movementRequest } from "./collateral.js";
import {
  amountText,
  decimalText,
  depthText,
  feeRateText,
  idText,
  keyText,
  nameText,
  priceText,
  timeText,
} from "./wire.js";

const takes = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;

describe("NUMBERS-1: an amount is text in the decimal grammar and nothing else", () => {
  test.each([
    ["plain", "1250.5", true],
    ["negative", "-3", true],
    ["eighteen digits after the point", "0.000000000000000001", true],
    ["fifteen digits before the point", "999999999999999", true],
    ["sixteen digits before the point", "1000000000000000", false],
    ["nineteen digits after the point", "0.0000000000000000001", false],
    ["exponent", "1e5", false],
    ["hexadecimal", "0x1F", false],
    ["underscore", "1_000", false],
    ["plus sign", "+1", false],
    ["no digit before the point", ".5", false],
    ["no digit after the point", "5.", false],
    ["leading zero", "01", false],
    ["space", " 1", false],
    ["line feed at the end", "1\n", false],
    ["thousands", "1,000", false],
    ["Arabic digits", "١٢٣", false],
    ["full-width digits", "１２３", false],
    ["NaN", "NaN", false],
    ["Infinity", "Infinity", false],
    ["empty", "", false],
    ["a million digits", "1".repeat(1_000_000), false],
    ["a JSON number", 1250.5, false],
    ["null", null, false],
    ["an array of one", ["1"], false],
    ["an object that prints as a number", { toString: () => "1" }, false],
    ["true", true, false],
  ])("%s", (_case, value, taken) => {
    expect(takes(amountText, value)).toBe(taken);
  });
});

describe("ranges", () => {
  test.each([
    ["the smallest price", priceText, "0.000001", true],
    ["below the smallest price", priceText, "0.0000009", false],
    ["zero price", priceText, "0", false],
    ["zero price with digits", priceText, "0.000", false],
    ["negative price", priceText, "-1", false],
    ["twelve digits of price", priceText, "999999999999.5", true],
    ["thirteen digits of price", priceText, "1000000000000", false],
    ["depth", depthText, "4000000", true],
    ["zero depth", depthText, "0.0", false],
    ["fee of five basis points", feeRateText, "0.0005", true],
    ["rebate", feeRateText, "-0.0001", true],
    ["no fee", feeRateText, "0", true],
    ["fee of a tenth", feeRateText, "0.1", false],
    ["fee above one", feeRateText, "2", false],
    ["any decimal of the ledger", decimalText, "99999999999999999999", true],
    ["account id", idText, "acct-42.sub_1", true],
    ["id that climbs", idText, "../alice", false],
    ["id with a colon", idText, "a:b", false],
    ["id of 65 characters", idText, "a".repeat(65), false],
    ["key", keyText, "deposit:2020-03-12.7", true],
    ["key with a space", keyText, "a b", false],
    ["name", nameText, "Alice & Söhne 株", true],
    ["name with a line feed", nameText, "a\nb", false],
    ["time", timeText, "2020-03-12T10:00:00.000Z", true],
    ["time with an offset", timeText, "2020-03-12T10:00:00+01:00", false],
    ["a day that does not exist", timeText, "2020-13-12T10:00:00Z", false],
    ["milliseconds as a number", timeText, 1_584_000_000_000, false],
  ])("%s", (_case, schema, value, taken) => {
    expect(takes(schema, value)).toBe(taken);
  });
});

describe("objects are strict", () => {
  const fill = {
    id: "f1",
    instrument: "BTC-PERPETUAL",
    buyer: "alice",
    seller: "bob",
    quantity: "10",
    price: "7900",
    buyerFeeRate: "0.0005",
    sellerFeeRate: "0",
    at: "2020-03-12T00:00:00Z",
  };

  test("a field nobody knows is refused", () => {
    expect(takes(movementRequest, { asset: "BTC", amount: "1" })).toBe(true);
    expect(takes(movementRequest, { asset: "BTC", amount: "1", Amount: "2" })).toBe(false);
  });

  test("a batch holds 1 to 1000 fills", () => {
    expect(takes(fillsRequest, { fills: [] })).toBe(false);
    expect(takes(fillsRequest, { fills: Array.from({ length: 1000 }, () => fill) })).toBe(true);
    expect(takes(fillsRequest, { fills: Array.from({ length: 1001 }, () => fill) })).toBe(false);
  });

  test("marks name only identifiers", () => {
    const marks = { sequence: 1, at: "2020-03-12T00:00:00Z", indexPrices: { BTC: "7900" }, markPrices: {}, depths: {} };
    expect(takes(marksRequest, marks)).toBe(true);
    expect(takes(marksRequest, { ...marks, indexPrices: { "B C": "7900" } })).toBe(false);
    expect(takes(marksRequest, { ...marks, sequence: 1.5 })).toBe(false);
    expect(takes(marksRequest, { ...marks, sequence: 0 })).toBe(false);
  });
});
