import { describe, expect, test } from "@jest/globals";
import { accountId, type Payoff } from "@ballast/model";
import { contractSize, Decimal, price, quantity, rate, ratio, usd } from "@ballast/money";
import fc from "fast-check";
import { toMonotonicMillis } from "../market/monotonic-millis.js";
import { accruedFunding, fundingSince } from "./funding-index.js";
import { type FundedPosition, fundingOf, fundingPayments } from "./funding-payments.js";
import { damped, fundingRate, type FundingRules, impactNotional, premiumOf, samplePremium } from "./funding-rate.js";
import { NO_SAMPLES, type Samples } from "./regular-samples.js";

const RULES: FundingRules = {
  windowMs: 8 * 3_600_000,
  sampleEveryMs: 60_000,
  samplesShareMin: ratio("0.5"),
  interestRate: rate("0.0001"),
  dampener: rate("0.0005"),
  intervalShare: ratio("1"),
  staticRate: rate("0"),
  rateMax: rate("0.0075"),
};

describe("MARK-10: the premium", () => {
  //  index   impact bid and ask       premium
  test.each<[string, string | null, string | null, string]>([
    ["100", "99", "101", "0"],
    ["100", "102", "103", "0.02"],
    ["100", "97", "98", "-0.02"],
    ["100", null, "98", "-0.02"],
    ["100", "102", null, "0.02"],
    ["100", null, null, "0"],
    // A crossed book says both; they cancel.
    ["100", "102", "98", "0"],
  ])("index %s, bid %s, ask %s", (index, bid, ask, answer) => {
    const side = (text: string | null) => (text === null ? null : price(text));
    expect(premiumOf(price(index), { bid: side(bid), ask: side(ask) }).toFixed()).toBe(answer);
  });

  test("is asked for at the size that a fixed margin opens", () => {
    expect(impactNotional(usd("500"), ratio("0.02")).toFixed()).toBe("25000");
  });
});

describe("MARK-11: the rate", () => {
  //  premium          interest  rate, dampener 0.0005
  test.each([
    ["0", "0.0001", "0.0001"],
    ["0.0004", "0.0001", "0.0001"],
    ["0.0006", "0.0001", "0.0001"],
    ["0.0007", "0.0001", "0.0002"],
    ["-0.0004", "0.0001", "0.0001"],
    ["-0.001", "0.0001", "-0.0005"],
    ["0.01", "0.0001", "0.0095"],
  ])("a premium of %s with interest %s", (premium, interest, answer) => {
    expect(damped(new Decimal(premium), new Decimal(interest), new Decimal("0.0005")).toFixed()).toBe(answer);
  });

  const interval = (premiums: readonly (string | null)[], rules = RULES): Samples => {
    let samples = NO_SAMPLES;
    for (const [minute, said] of premiums.entries()) {
      const now = toMonotonicMillis(minute * 60_000);
      samples = samplePremium(rules, samples, said === null ? null : rate(said), now);
    }
    return samples;
  };
  const minutes = (count: number, said: string | null): (string | null)[] => Array.from({ length: count }, () => said);

  test("is made from samples of the whole interval: an instant of a wild book is one in 480", () => {
    const calm = fundingRate(RULES, interval(minutes(480, "0.001")));
    const wild = fundingRate(RULES, interval([...minutes(479, "0.001"), "0.1"]));
    expect(calm).toEqual({ ok: true, value: rate("0.0005") });
    expect(wild).toEqual({ ok: true, value: rate("0.00070625") });
  });

  test("is capped, both ways, after the share of the interval is taken", () => {
    const hourly = { ...RULES, windowMs: 3_600_000, intervalShare: ratio("0.125") };
    expect(fundingRate(hourly, interval(minutes(60, "0.9")))).toEqual({ ok: true, value: rate("0.0075") });
    expect(fundingRate(hourly, interval(minutes(60, "-0.9")))).toEqual({ ok: true, value: rate("-0.0075") });
    expect(fundingRate(hourly, interval(minutes(60, "0.0085")))).toEqual({ ok: true, value: rate("0.001") });
  });

  test("a static part is added to every interval, before the cap", () => {
    const extra = { ...RULES, staticRate: rate("0.0002") };
    expect(fundingRate(extra, interval(minutes(480, "0.001")))).toEqual({ ok: true, value: rate("0.0007") });
    expect(fundingRate(extra, interval(minutes(480, "0.9")))).toEqual({ ok: true, value: rate("0.0075") });
  });

  test("an interval that was mostly frozen has none", () => {
    const samples = interval([...minutes(239, "0.001"), ...minutes(241, null)]);
    expect(fundingRate(RULES, samples)).toEqual({
      ok: false,
      rejection: { code: "SAMPLES_TOO_FEW", samples: 239, required: 240 },
    });
    expect(fundingRate(RULES, NO_SAMPLES).ok).toBe(false);
  });
});

describe("MARK-12: what is paid", () => {
  const LINEAR = { payoff: "linear", contractSize: contractSize("0.001") } as const;
  const INVERSE = { payoff: "inverse", contractSize: contractSize("10") } as const;
  const held = (account: string, contracts: string): FundedPosition => ({
    account: accountId(account),
    quantity: quantity(contracts),
  });
  const told = (funding: ReturnType<typeof fundingPayments>) => [
    ...funding.payments.map(({ account, amount }) => `${account} ${amount.toFixed()}`),
    `dust ${funding.dust.toFixed()}`,
  ];

  test("longs pay shorts when the rate is positive", () => {
    const positions = [held("bob", "-600"), held("alice", "1000"), held("carol", "-400"), held("dave", "0")];
    expect(told(fundingPayments(LINEAR, positions, rate("0.0001"), price("8000")))).toEqual([
      "alice -0.8",
      "bob 0.48",
      "carol 0.32",
      "dust 0",
    ]);
  });

  test("in coin, with what does not come out even kept by the house", () => {
    const positions = [held("alice", "3"), held("bob", "-1"), held("carol", "-2")];
    expect(told(fundingPayments(INVERSE, positions, rate("0.0001"), price("7")))).toEqual([
      "alice -0.000428571428571429",
      "bob 0.000142857142857142",
      "carol 0.000285714285714285",
      "dust 0.000000000000000002",
    ]);
  });

  test("contracts that do not sum to zero, or an account twice, are a bug of whoever asks", () => {
    const pay = (positions: readonly FundedPosition[]) => () =>
      fundingPayments(LINEAR, positions, rate("0.0001"), price("8000"));
    expect(pay([held("alice", "1")])).toThrow("MARK-12 contracts of all accounts sum to zero");
    expect(pay([held("alice", "1"), held("alice", "-1")])).toThrow("MARK-12 an account is funded once");
  });

  const anyContract = fc.record({
    payoff: fc.constantFrom<Payoff>("linear", "inverse"),
    contractSize: fc.constantFrom("0.001", "1", "10", "0.00000001").map(contractSize),
  });
  const anyHoldings = fc
    .array(fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }), { minLength: 1, maxLength: 40 })
    .map((sizes) => [...sizes, -sizes.reduce((sum, size) => sum + size, 0n)]);
  const anyRate = fc.integer({ min: -75_000, max: 75_000 }).map((millionths) => rate((millionths / 1e6).toFixed(6)));
  const anyPrice = fc.double({ min: 0.0001, max: 200_000, noNaN: true }).map((value) => price(value.toFixed(8)));

  test("payments and dust sum to zero to the last unit, nobody gains by rounding, and the dust is below a unit each", () => {
    fc.assert(
      fc.property(anyContract, anyHoldings, anyRate, anyPrice, (contract, holdings, paid, mark) => {
        const positions = holdings.map((size, index) => held(`account-${index}`, size.toString()));
        const { payments, dust } = fundingPayments(contract, positions, paid, mark);
        const sum = payments.reduce((total, { amount }) => total.add(amount), dust as Decimal);
        expect(sum.isZero()).toBe(true);
        expect(dust.gte(0) && dust.lte(new Decimal(holdings.length).mul("1e-18"))).toBe(true);
        const bySize = new Map(positions.map(({ account, quantity: size }) => [account, size]));
        for (const { account, amount } of payments) {
          const exact = fundingOf(contract, bySize.get(account) ?? quantity("0"), paid, mark);
          expect(amount.lte(exact) && exact.sub(amount).lt("1e-18")).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("a position split over many accounts receives no more than the whole", () => {
    fc.assert(
      fc.property(anyContract, fc.integer({ min: 2, max: 30 }), anyRate, anyPrice, (contract, parts, paid, mark) => {
        const whole = fundingPayments(contract, [held("x", `${parts}`), held("y", `-${parts}`)], paid, mark);
        const split = fundingPayments(
          contract,
          [...Array.from({ length: parts }, (_, at) => held(`x-${at}`, "1")), held("y", `-${parts}`)],
          paid,
          mark,
        );
        const received = (funding: typeof whole) =>
          funding.payments
            .filter(({ account }) => account !== "y")
            .reduce((sum, { amount }) => sum.add(amount), new Decimal(0));
        expect(received(split).lte(received(whole))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

describe("MARK-13: funding that accrues", () => {
  test("an hour of a premium of 12, then two of 18, on an eight-hour rate", () => {
    const stretch = (mark: string, hours: number) => ({
      mark: price(mark),
      index: price("100"),
      elapsed: new Decimal(hours),
    });
    const first = accruedFunding(new Decimal(1000), stretch("112", 1), new Decimal(8));
    const second = accruedFunding(first, stretch("118", 2), new Decimal(8));
    expect([first.toFixed(), second.toFixed()]).toEqual(["1001.5", "1006"]);
    expect(fundingSince(quantity("50"), new Decimal(1000), second).toFixed()).toBe("-300");
    expect(fundingSince(quantity("-50"), first, second).toFixed()).toBe("225");
  });
});
