import { describe, expect, test } from "@jest/globals";
import { price } from "@ballast/money";
import type { IndexPrice } from "./index-price.js";
import { loadIndexRules } from "./index-rules.js";
import { rulesOf, rulesText, ToldIndex } from "./testing.js";

/*
 * Prices that went wrong, as they were reported, told to an index that has three walls more. Levels are those of the
 * public accounts; where an account gives only the result, the source that makes it is solved for and said so.
 */

const reasons = ({ excluded }: IndexPrice) => excluded.map(({ source, reason }) => `${source} ${reason}`);

describe("MARKET-3 MARKET-8: index incidents", () => {
  test("2019-10-31: one of seven venues at half the price, one offline for 75 minutes (index fell from 9,150 to 7,720)", () => {
    const index = new ToldIndex(rulesOf(["v1", "v2", "v3", "v4", "v5", "v6", "v7"], { deviationMax: "0.02" }));
    // The level of v6 is solved for: it makes the reported low.
    index.say({
      v1: "9150",
      v2: "9150",
      v3: "9155",
      v4: "9145",
      v5: "9150",
      v6: "4860",
      v7: { price: "9160", ageMs: 4_500_000 },
    });
    expect([index.price, index.last.condition]).toEqual(["9150", "DEGRADED"]);
    expect(reasons(index.last)).toEqual(["v7 STALE", "v6 DEVIATES"]);
  });

  test("2019-05-17: a large sale on one venue of a two-venue index (it fell by a fifth within minutes)", () => {
    const index = new ToldIndex(rulesOf(["bitstamp", "other", "third"]));
    index.say({ bitstamp: "7700", other: "7690", third: "7695" });
    for (const level of ["7400", "7000", "6600", "6200"]) index.say({ bitstamp: level, other: "7650", third: "7655" });
    expect([index.price, index.last.condition]).toEqual(["7652.5", "DEGRADED"]);
    // With two there is nobody to ask: nothing is decided.
    index.keepSaying({ bitstamp: "6200", other: "7650" }, 20_000);
    expect([index.price, index.last.condition, index.last.reason]).toEqual(["7652.5", "FROZEN", "TOO_FEW_SOURCES"]);
  });

  test("2019-06-25: the won a thousand times too high on one of two sources that were left", () => {
    const index = new ToldIndex(rulesOf(["a", "b", "c"]));
    index.say({ a: "0.000865", b: "0.000865", c: "0.000866" });
    index.pass(11_000);
    index.say({ a: "0.000865", b: "0.865" });
    expect([Number(index.price).toFixed(6), index.last.condition]).toEqual(["0.000865", "FROZEN"]);
    expect(reasons(index.last)).toContain("c STALE");
    // All three back, two of them wrong together: the price in force does not move, however long it lasts.
    index.keepSaying({ a: "0.865", b: "0.865", c: "0.000865" }, 1_000_000, 5_000);
    expect([Number(index.price).toFixed(6), index.last.condition]).toEqual(["0.000865", "NEEDS_PERSON"]);
  });

  test("2020-11-26: a stablecoin at 1.30 on one venue (debts in it were liquidated)", () => {
    const index = new ToldIndex(rulesOf(["coinbase", "b", "c", "d"], { deviationMax: "0.01", jumpMax: "0.02" }));
    index.say({ coinbase: "1.01", b: "1.01", c: "1.012", d: "1.009" });
    index.keepSaying({ coinbase: "1.3", b: "1.012", c: "1.015", d: "1.011" }, 60_000);
    expect(Number(index.price)).toBeLessThan(1.016);
    expect(reasons(index.last)).toEqual(["coinbase DEVIATES"]);
  });

  test("2022-05-12: feeds that stop at their floor while the market goes through it", () => {
    const sources = ["a", "b", "c"].map((id) => ({ id, priceMin: "0.107" }));
    const index = new ToldIndex(loadIndexRules(rulesText([...sources, { id: "d" }, { id: "e" }])));
    const everybody = (level: string) => ({ a: level, b: level, c: level, d: level, e: level });
    index.say(everybody("0.12"));
    index.say(everybody("0.11"));
    index.say({ a: "0.107", b: "0.107", c: "0.107", d: "0.05", e: "0.05" });
    expect([index.price, index.last.condition, index.last.reason]).toEqual(["0.11", "FROZEN", "TOO_FEW_SOURCES"]);
    expect(reasons(index.last)).toEqual(["a OUT_OF_DOMAIN", "b OUT_OF_DOMAIN", "c OUT_OF_DOMAIN"]);
  });

  test("2025-10-10: a staked coin priced from the house's own book (430 while ether stood above 3,800)", () => {
    const index = new ToldIndex(
      loadIndexRules(
        rulesText([
          { id: "own", role: "own-book" },
          { id: "ext1" },
          { id: "ext2" },
          { id: "redemption", role: "redemption", quotedIn: "ETH", ageMsMax: 86_400_000 },
        ]),
      ),
      () => price("3800"),
    );
    index.say({ own: "3790", ext1: "3790", ext2: "3785", redemption: "1" });
    index.say({ own: "430" });
    expect([index.last.condition, index.last.creditPrice?.toFixed()]).toEqual(["LIVE", "3791.66666667"]);
  });

  test("2025-10-10: a dollar token at 0.65 on one venue is not; at 0.65 on all of them it is, and no peg holds it up", () => {
    const rules = rulesOf(["own", "ext1", "ext2", "ext3"], { deviationMax: "0.02", jumpMax: "0.05" });
    const index = new ToldIndex(rules);
    index.say({ own: "1", ext1: "1", ext2: "1", ext3: "1" });
    index.keepSaying({ own: "0.6567", ext1: "0.995", ext2: "0.99", ext3: "0.992" }, 60_000);
    expect(Number(index.price)).toBeGreaterThan(0.98);
    index.keepSaying({ own: "0.65", ext1: "0.65", ext2: "0.66", ext3: "0.65" }, 600_000, 5_000);
    expect([Number(index.price) < 0.66, index.last.condition]).toEqual([true, "LIVE"]);
  });

  test("2023-03-11: the settlement stablecoin at 0.877 everywhere is worth 0.878", () => {
    const index = new ToldIndex(rulesOf(["a", "b", "c", "d"], { deviationMax: "0.01", jumpMax: "0.02" }));
    index.say({ a: "0.8774", b: "0.88", c: "0.877", d: "0.879" });
    expect([index.price, index.last.condition]).toEqual(["0.87835", "LIVE"]);
  });
});
