import { describe, expect, test } from "@jest/globals";
import { Decimal } from "@ballast/money";
import { anyText } from "@ballast/money/testing";
import fc from "fast-check";
import { type LiquidationQuestion, liquidationPrice, notionalAt, priceInTier } from "./liquidation-price.js";
import { LIQUIDATION_RULES, stopBefore, venueLiquidationPrice } from "./liquidation-rules.js";
import { chargeOf, type DeductionTier, tierIndex, withDeductions } from "./tier-table.js";

const d = (text: string) => new Decimal(text);
const tiersOf = (...rows: readonly (readonly [from: string, rate: string])[]) =>
  withDeductions(rows.map(([from, rate]) => ({ from: d(from), rate: d(rate) })));

const TIERS = tiersOf(
  ["0", "0.004"],
  ["50000", "0.005"],
  ["250000", "0.01"],
  ["1000000", "0.025"],
  ["10000000", "0.05"],
);

const amount = (min: string, max: string, scale: number) => anyText({ min, max, scale }).map(d);
const anyQuestion: fc.Arbitrary<LiquidationQuestion> = fc
  .record({
    payoff: fc.constantFrom("linear", "inverse"),
    isLong: fc.boolean(),
    price: amount("0.01", "100000", 2),
    notional: amount("1", "20000000", 2),
    cover: amount("-0.1", "2", 4),
    fixedMaintenance: amount("0", "50000", 2),
  } as const)
  .map(({ payoff, isLong, price, notional, cover, fixedMaintenance }) => {
    const size = payoff === "linear" ? notional.div(price) : notional.mul(price);
    const quantity = isLong ? size : size.neg();
    return { payoff, quantity, price, equity: notional.mul(cover).add(fixedMaintenance), fixedMaintenance };
  });

/** Equity less maintenance at another price, from first principles. */
function surplusAt(question: LiquidationQuestion, tiers: readonly DeductionTier[], price: Decimal): Decimal {
  const { payoff, quantity, equity, fixedMaintenance } = question;
  const profit =
    payoff === "linear"
      ? quantity.mul(price.sub(question.price))
      : quantity.mul(new Decimal(1).div(question.price).sub(new Decimal(1).div(price)));
  const notional = notionalAt({ payoff, quantity, price });
  const tier = tiers[tierIndex(notional, tiers, "tier-that-ends")] as DeductionTier;
  return equity.add(profit).sub(fixedMaintenance).sub(chargeOf(notional, tier));
}

describe("the liquidation price", () => {
  test("TIERS-5: a tick before it the account is safe, at it equity is maintenance, a tick beyond it is not", () => {
    fc.assert(
      fc.property(anyQuestion, (question) => {
        const found = liquidationPrice(question, TIERS);
        fc.pre(found.kind === "price");
        const towards = question.quantity.gt(0) ? "0.999999999" : "1.000000001";
        const scale = notionalAt({ ...question, price: found.price }).add(1);
        expect(surplusAt(question, TIERS, found.price).abs().div(scale).lt("1e-45")).toBe(true);
        expect(found.equity.sub(found.maintenance).abs().div(scale).lt("1e-45")).toBe(true);
        expect(surplusAt(question, TIERS, found.price.mul(towards)).lt(0)).toBe(true);
        for (const share of ["0", "0.25", "0.5", "0.999999"]) {
          const between = question.price.add(found.price.sub(question.price).mul(share));
          if (!between.eq(found.price)) expect(surplusAt(question, TIERS, between).gt(0)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("TIERS-5: none means that no price liquidates, already that today's does", () => {
    fc.assert(
      fc.property(anyQuestion, (question) => {
        const { kind } = liquidationPrice(question, TIERS);
        expect(kind === "already").toBe(surplusAt(question, TIERS, question.price).lt(0));
        if (kind !== "none") return;
        for (const factor of question.quantity.gt(0) ? ["1e-3", "1e-9", "1e-18"] : ["1e3", "1e9", "1e18"]) {
          expect(surplusAt(question, TIERS, question.price.mul(factor)).gte(0)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("TIERS-5: more equity never brings it nearer", () => {
    fc.assert(
      fc.property(anyQuestion, amount("0", "10000", 2), (question, deposit) => {
        const [before, after] = [question, { ...question, equity: question.equity.add(deposit) }].map((each) =>
          liquidationPrice(each, TIERS),
        );
        if (before?.kind === "none") expect(after?.kind).toBe("none");
        if (before?.kind !== "price" || after?.kind !== "price") return;
        expect(question.quantity.gt(0) ? after.price.lte(before.price) : after.price.gte(before.price)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("TIERS-6: the closed form in the tier of the answer is the answer", () => {
    fc.assert(
      fc.property(anyQuestion, (question) => {
        const found = liquidationPrice(question, TIERS);
        fc.pre(found.kind === "price");
        const closed = priceInTier(question, TIERS[found.tier] as DeductionTier) as Decimal;
        expect(closed.sub(found.price).abs().div(found.price).lt("1e-50")).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  const long = { payoff: "linear", quantity: d("1"), price: d("100"), fixedMaintenance: d("0") } as const;

  //  what                                          equity   tiers                                    answer
  test.each([
    ["at equality today, today's price", "0.4", TIERS, "100"],
    ["a long that is covered beyond zero", "100.01", TIERS, "none"],
    ["a long that is covered exactly to zero", "100", TIERS, "none"],
    ["a cent below maintenance", "0.39", TIERS, "already"],
  ] as const)("TIERS-5: %s", (_, equity, tiers, answer) => {
    const found = liquidationPrice({ ...long, equity: d(equity) }, tiers);
    expect(found.kind === "price" ? found.price.toFixed() : found.kind).toBe(answer);
  });

  test("TIERS-5: a short walks up through the tiers, to the tier that the answer is in", () => {
    const short = { ...long, quantity: d("-1"), price: d("40000"), equity: d("20000") };
    const found = liquidationPrice(short, TIERS);
    expect(found).toMatchObject({ kind: "price", tier: 1 });
    // 60000 + 50 = price × 1.005
    expect(found.kind === "price" && found.price.toFixed(8)).toBe("59751.24378109");
  });

  test("TIERS-5: in a table that jumps, the answer may be the jump", () => {
    const jumping = [
      { from: d("0"), rate: d("0.01"), deduction: d("0") },
      { from: d("120"), rate: d("0.2"), deduction: d("0") },
    ];
    const short = { ...long, quantity: d("-1"), equity: d("30") };
    const found = liquidationPrice(short, jumping);
    expect(found.kind === "price" ? [found.price.toFixed(), found.tier] : found.kind).toEqual(["120", 1]);
  });

  test("TIERS-5: a price is asked for of a position", () => {
    expect(() => liquidationPrice({ ...long, quantity: d("0"), equity: d("1") }, TIERS)).toThrow("TIERS-5");
  });
});

describe("what venues publish", () => {
  const isolated = (quantity: string, price: string, leverage: string) =>
    ({
      payoff: "linear",
      quantity: d(quantity),
      price: d(price),
      equity: d(quantity).abs().mul(price).div(leverage),
      fixedMaintenance: d("0"),
    }) as const;

  //  venue          quantity  entry   leverage  rate     deduction  taker     price, by the venue's own formula
  test.each([
    ["binance", "1", "10", "3", "0.01", "0.01", "0", "6.7239"],
    ["gate", "1", "10", "5", "0.01", "0", "0.0006", "8.0857"],
    ["gate", "1", "10", "3", "0.01", "0", "0.0006", "6.7381"],
    ["bybit", "1", "10", "3", "0.01", "0", "0", "6.7667"],
    ["bybit", "-1", "10", "3", "0.01", "0", "0", "13.2333"],
    ["hyperliquid", "0.5", "250", "5", "0.05", "0", "0", "210.5263"],
  ] as const)("TIERS-6: %s, %s at %s × %s", (venue, quantity, price, leverage, rate, deduction, taker, answer) => {
    const tier = { rate: d(rate), deduction: d(deduction), takerFee: d(taker) };
    const found = venueLiquidationPrice(LIQUIDATION_RULES[venue], isolated(quantity, price, leverage), tier);
    expect(found?.toFixed(4)).toBe(answer);
  });

  // The venue's own example of a long with a deduction: wallet 1,535,443.01, 3,683.979 ETH at 1,456.84, 10 %, 135,365.
  test("TIERS-6: Binance's published isolated example comes out to the cent", () => {
    const question = { ...isolated("3683.979", "1456.84", "1"), equity: d("1535443.01") };
    const tier = { rate: d("0.1"), deduction: d("135365"), takerFee: d("0") };
    expect(venueLiquidationPrice(LIQUIDATION_RULES.binance, question, tier)?.toFixed(2)).toBe("1114.78");
  });

  test("TIERS-6: where everything is maintenance there is no price", () => {
    expect(priceInTier(isolated("1", "10", "2"), { rate: d("1"), deduction: d("0") })).toBeNull();
  });

  test("TIERS-6: a stop is moved back towards the entry, and never below zero", () => {
    expect(stopBefore(d("90"), d("100"), true, d("0.1")).toFixed()).toBe("91");
    expect(stopBefore(d("110"), d("100"), false, d("0.1")).toFixed()).toBe("109");
    expect(stopBefore(d("-30"), d("100"), true, d("0.1")).toFixed()).toBe("0");
  });
});
