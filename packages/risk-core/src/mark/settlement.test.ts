import { describe, expect, test } from "@jest/globals";
import { Decimal, price, ratio } from "@ballast/money";
import { toMonotonicMillis } from "../market/monotonic-millis.js";
import { NO_SAMPLES, type Samples } from "./regular-samples.js";
import { openShare, sampleSettlement, settlementBlend, settlementPrice, settlingDelta } from "./settlement.js";

const MINUTE = 60_000;
const RULES = { windowMs: 30 * MINUTE, sampleEveryMs: 4_000, samplesShareMin: ratio("0.8") };

/** Looks once a second from `from` ms before the expiry until it; `indexAt` says the index, or null while it is frozen. */
function window(indexAt: (msToExpiry: number) => string | null, from = 31 * MINUTE): Samples {
  let samples = NO_SAMPLES;
  for (let left = from; left >= 0; left -= 1_000) {
    const said = indexAt(left);
    const now = toMonotonicMillis(from - left);
    samples = sampleSettlement(RULES, samples, said === null ? null : price(said), left, now);
  }
  return samples;
}

describe("MARK-4: what a contract settles at", () => {
  test("is the mean of one sample every four seconds of the last half hour", () => {
    const samples = window((left) => (left > 15 * MINUTE ? "100" : "200"));
    expect(samples.count).toBe(450);
    expect(settlementPrice(RULES, samples)).toEqual({ ok: true, value: price("150") });
  });

  test("nothing before the window counts, and nothing after the expiry", () => {
    expect(window((left) => (left >= 30 * MINUTE ? "1" : null)).count).toBe(0);
    const after = sampleSettlement(RULES, NO_SAMPLES, price("1"), -1, toMonotonicMillis(0));
    expect(after.count).toBe(0);
  });

  test("an instant of a wrong index is one sample in 450", () => {
    const samples = window((left) => (left === 10 * MINUTE + 3_000 ? "1000" : "100"));
    expect(settlementPrice(RULES, samples)).toEqual({ ok: true, value: price("102") });
  });

  //  frozen for           answer
  test.each([
    ["five minutes", 5, true],
    ["six minutes and a little", 7, false],
    ["all of it", 30, false],
  ])("an index that was frozen for %s", (_, minutes, settles) => {
    const answer = settlementPrice(
      RULES,
      window((left) => (left <= minutes * MINUTE ? null : "100")),
    );
    expect(answer.ok).toBe(settles);
    if (!answer.ok) expect(answer.rejection).toMatchObject({ code: "SAMPLES_TOO_FEW", required: 360 });
  });

  //  time left          open share
  test.each([
    ["an hour", 60, "1"],
    ["the whole window", 30, "1"],
    ["half of it", 15, "0.5"],
    ["a minute and a half", 1.5, "0.05"],
    ["nothing", 0, "0"],
    ["less than nothing", -1, "0"],
  ])("the settlement is open with %s left", (_, minutes, answer) => {
    expect(openShare(minutes * MINUTE, RULES.windowMs).toFixed()).toBe(answer);
  });

  test("half way the mark stands on the average so far and the forward, one half each", () => {
    expect(settlementBlend(price("1950"), price("1975"), ratio("0.6")).toFixed()).toBe("1965");
  });

  test("a delta falls in a straight line to nothing, and so does the premium in coin that is taken from it", () => {
    const { delta, netTransactionDelta } = settlingDelta(new Decimal("0.8"), new Decimal("0.2"), ratio("0.25"));
    expect([delta.toFixed(), netTransactionDelta.toFixed()]).toEqual(["0.2", "0.15"]);
  });
});
