import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { black76Call, black76Put } from "./black76.f64.js";
import { exponential } from "./elementary.f64.js";

const { cases } = JSON.parse(
  readFileSync(new URL("../../../../vectors/pricing/black76.json", import.meta.url), "utf8"),
) as { readonly cases: readonly { readonly in: Given; readonly out: { readonly price: number } }[] };

interface Given {
  readonly type: "call" | "put";
  readonly forward: number;
  readonly strike: number;
  readonly expiryYears: number;
  readonly volatility: number;
  readonly rate: number;
}

test.each(cases)(
  "PRICING-3: $in.type F $in.forward K $in.strike T $in.expiryYears σ $in.volatility",
  ({ in: given, out }) => {
    const { type, forward, strike, expiryYears, volatility, rate } = given;
    const price = (type === "call" ? black76Call : black76Put)(forward, strike, volatility * Math.sqrt(expiryYears));
    const discounted = exponential(-rate * expiryYears) * price;
    expect(Math.abs(discounted - out.price)).toBeLessThanOrEqual(1e-15 * Math.max(forward, strike));
  },
);
