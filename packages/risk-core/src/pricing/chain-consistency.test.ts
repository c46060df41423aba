import { expect, test } from "@jest/globals";
import { type ChainQuote, chainConsistency } from "./chain-consistency.f64.js";
import { priceInverseOption } from "./inverse-option.f64.js";

const terms = { expiry: 1_768_464_000, strike: 100_000, forward: 96_782.19, expiryYears: 0.05, volatility: 0.45 };

/** A quote with the price of its volatility, off by `error` coins. */
function quoted(type: "call" | "put", change: Partial<ChainQuote> = {}, error = 0): ChainQuote {
  const quote = { ...terms, type, ...change };
  const price = priceInverseOption(quote);
  if (!price.ok) throw new Error(price.rejection.code);
  return { ...quote, price: price.value + error };
}

test("PRICING-12: a chain priced by its own volatilities has no errors", () => {
  const consistent = chainConsistency([quoted("call"), quoted("put"), quoted("call", { strike: 90_000 })]);
  if (!consistent.ok) throw new Error(consistent.rejection.code);
  expect(Array.from(consistent.value.repriceErrors)).toEqual([0, 0, 0]);
  expect(Array.from(consistent.value.parityErrors)).toEqual([expect.closeTo(0, 15)]);
});

test("PRICING-12: a price that is off shows in its own row and in its pair", () => {
  const off = chainConsistency([quoted("put"), quoted("call", {}, 0.002)]);
  if (!off.ok) throw new Error(off.rejection.code);
  expect(Array.from(off.value.repriceErrors)).toEqual([0, expect.closeTo(0.002, 15)]);
  expect(Array.from(off.value.parityErrors)).toEqual([expect.closeTo(0.002, 15)]);
});

test.each([
  ["another expiry", { expiry: 1 }],
  ["another strike", { strike: 99_000 }],
  ["another forward", { forward: 96_782.2 }],
])("PRICING-12: %s makes no pair", (_, change) => {
  const apart = chainConsistency([quoted("put"), quoted("call", change)]);
  expect(apart.ok && apart.value.parityErrors.length).toBe(0);
});

test("PRICING-12: two calls are no pair, and the later one waits for its put", () => {
  const [early, late] = [quoted("call", {}, 0.002), quoted("call")];
  const pairs = (...quotes: readonly ChainQuote[]) => {
    const found = chainConsistency(quotes);
    return found.ok ? Array.from(found.value.parityErrors) : [];
  };
  expect(pairs(early, late)).toEqual([]);
  expect(pairs(early, late, quoted("put"))).toEqual([expect.closeTo(0, 15)]);
});

test("PRICING-12: a quote without volatility refuses the chain", () => {
  expect(chainConsistency([quoted("call"), { ...quoted("put"), volatility: 0 }])).toMatchObject({
    ok: false,
    rejection: { code: "PRICING_INPUT_OUTSIDE_DOMAIN", input: "volatility" },
  });
});
