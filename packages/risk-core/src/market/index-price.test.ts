import { describe, expect, test } from "@jest/globals";
import { price } from "@ballast/money";
import type { IndexPrice } from "./index-price.js";
import { loadIndexRules, sourceId } from "./index-rules.js";
import { toMonotonicMillis } from "./monotonic-millis.js";
import { ONE_UNITS } from "./price-units.js";
import { rulesOf, rulesText, type Said, type SourceText, ToldIndex } from "./testing.js";

const VENUES = ["a", "b", "c", "d", "e"];
const all = (text: string): Record<string, string> => Object.fromEntries(VENUES.map((venue) => [venue, text]));
const reasons = ({ excluded }: IndexPrice) => excluded.map(({ source, reason }) => `${source} ${reason}`);
const told = (sources: readonly SourceText[], changed = {}) =>
  new ToldIndex(loadIndexRules(rulesText(sources, changed)));

describe("MARKET-3: who is heard", () => {
  //  what happens                        what the five say                                           price   condition   who is not heard
  test.each<[string, Record<string, Said>, string | null, string, string[]]>([
    ["all agree", all("100"), "100", "LIVE", []],
    ["one is ten times too high", { ...all("100"), e: "1000" }, "100", "DEGRADED", ["e DEVIATES"]],
    ["one is a thousandth", { ...all("100"), e: "0.1" }, "100", "DEGRADED", ["e DEVIATES"]],
    ["one is at the edge of agreeing", { ...all("100"), e: "103" }, "100.1", "LIVE", []],
    ["one is beyond the edge", { ...all("100"), e: "103.01" }, "100", "DEGRADED", ["e DEVIATES"]],
    ["one is late", { ...all("100"), e: { price: "100", ageMs: 60_000 } }, "100", "DEGRADED", ["e STALE"]],
    ["one has an age of exactly the limit", { ...all("100"), e: { price: "100", ageMs: 10_000 } }, "100", "LIVE", []],
    ["one says zero", { ...all("100"), e: "0" }, "100", "DEGRADED", ["e OUT_OF_DOMAIN"]],
    ["one says less than nothing", { ...all("100"), e: "-37.63" }, "100", "DEGRADED", ["e OUT_OF_DOMAIN"]],
    ["one is where its feed stops", { ...all("100"), e: "10000000" }, "100", "DEGRADED", ["e OUT_OF_DOMAIN"]],
    ["one is silent", { a: "100", b: "100", c: "100", d: "101" }, "100.125", "DEGRADED", ["e MISSING"]],
    ["two are silent", { a: "100", b: "100", c: "101" }, "100.166666667", "DEGRADED", ["d MISSING", "e MISSING"]],
    ["three are silent", { a: "100", b: "100" }, null, "FROZEN", ["c MISSING", "d MISSING", "e MISSING"]],
    [
      "two camps",
      { a: "100", b: "100", c: "110", d: "110" },
      null,
      "FROZEN",
      ["e MISSING", "a DEVIATES", "b DEVIATES", "c DEVIATES", "d DEVIATES"],
    ],
    [
      "nobody agrees with anybody",
      { a: "10", b: "100", c: "1000" },
      null,
      "FROZEN",
      ["d MISSING", "e MISSING", "a DEVIATES", "c DEVIATES"],
    ],
  ])("%s", (_, said, answer, condition, excluded) => {
    const index = new ToldIndex(rulesOf(VENUES));
    index.say(said);
    expect([index.price, index.last.condition, reasons(index.last)]).toEqual([answer, condition, excluded]);
  });

  test("an older tick never replaces a newer one, and is counted", () => {
    const index = new ToldIndex(rulesOf(VENUES));
    index.say(all("100"));
    index.say({ e: { price: "101", sequence: 90 } });
    index.say({ e: { price: "50", sequence: 89 }, d: { price: "50", sequence: 1 } });
    index.say({ e: { price: "50", sequence: 90 } });
    expect(index.state.quotes.map((quote) => [quote?.units, quote?.ignored])).toEqual([
      [100n * ONE_UNITS, 0],
      [100n * ONE_UNITS, 0],
      [100n * ONE_UNITS, 0],
      [100n * ONE_UNITS, 1],
      [101n * ONE_UNITS, 2],
    ]);
  });

  test("MARKET-2: a source that repeats itself for too long is stuck, where its rule says so", () => {
    const index = told([...VENUES.slice(0, 4).map((id) => ({ id })), { id: "e", unchangedMsMax: 5_000 }]);
    index.say(all("100"));
    expect(index.keepSaying(all("100"), 5_000).condition).toBe("LIVE");
    expect(reasons(index.keepSaying(all("100"), 1_000))).toEqual(["e STUCK"]);
    expect(index.say({ e: "100.01" }).condition).toBe("LIVE");
  });

  test("a tick from nobody is refused, and so is one without a whole sequence or with a negative age", () => {
    const index = new ToldIndex(rulesOf(VENUES));
    const tick = { price: price("1"), receivedAtMs: toMonotonicMillis(0), ageMs: 0, sequence: 1 };
    const apply = (changed: object) => () => index.apply({ kind: "tick", source: sourceId("a"), ...tick, ...changed });
    expect(apply({ source: sourceId("z") })).toThrow("expected a source of the index; found z");
    expect(apply({ sequence: Number.NaN })).toThrow("expected a whole sequence; found NaN");
    expect(apply({ sequence: 1.5 })).toThrow("expected a whole sequence");
    expect(apply({ ageMs: -1 })).toThrow("expected an age of at least 0 ms; found -1");
    expect(apply({ ageMs: Number.NaN })).toThrow("expected an age");
    expect(apply({ ageMs: Number.POSITIVE_INFINITY })).toThrow("expected finite milliseconds");
  });
});

describe("MARKET-4: the average", () => {
  test("takes nobody as further from the median than the cap, by weight", () => {
    const index = told(
      [
        { id: "a", weight: "0.25" },
        { id: "b", weight: "0.5" },
        { id: "c", weight: "0.25" },
      ],
      { deviationMax: "0.2" },
    );
    index.say({ a: "100", b: "102", c: "120" });
    // 0.25 × 101.49 + 0.5 × 102 + 0.25 × 102.51
    expect(index.price).toBe("102");
    index.say({ a: "102", b: "102", c: "120" });
    expect(index.price).toBe("102.1275");
  });
});

describe("MARKET-5: the own book", () => {
  const sources = (["a", "b", "c"] as const).map((id): SourceText => ({ id }));
  const withOwn: readonly SourceText[] = [...sources, { id: "own", role: "own-book", weight: "3" }];

  test("excluded, it says nothing, and that is no degradation", () => {
    const index = told(withOwn);
    index.say({ a: "100", b: "100", c: "100", own: "1" });
    expect([index.price, index.last.condition, reasons(index.last)]).toEqual(["100", "LIVE", ["own OWN_BOOK"]]);
  });

  test("capped, it moves the index by its share of the cap and not further", () => {
    const index = told(withOwn, { ownBook: "capped" });
    index.say({ a: "100", b: "100", c: "100", own: "1000000" });
    expect(index.price).toBe("100.25");
  });

  test("alone it makes no index", () => {
    const index = told(withOwn, { ownBook: "capped" });
    expect(index.say({ a: "100", b: "100", own: "100" }).condition).toBe("FROZEN");
  });
});

describe("MARKET-6: a source that quotes in a stablecoin", () => {
  const sources: readonly SourceText[] = [{ id: "a", quotedIn: "USDT" }, { id: "b", quotedIn: "USDT" }, { id: "c" }];

  test("is converted at that coin's own index: a stablecoin below its peg does not raise bitcoin", () => {
    const index = new ToldIndex(loadIndexRules(rulesText(sources)), () => price("0.9"));
    index.say({ a: "10000", b: "10000", c: "9000" });
    expect([index.price, index.last.condition]).toEqual(["9000", "LIVE"]);
  });

  test("is not heard while that coin has no usable price", () => {
    const index = new ToldIndex(loadIndexRules(rulesText(sources)), () => null);
    index.say({ a: "10000", b: "10000", c: "9000" });
    expect(reasons(index.last)).toEqual(["a QUOTE_ASSET_UNPRICED", "b QUOTE_ASSET_UNPRICED"]);
    expect(index.last.condition).toBe("FROZEN");
  });
});

describe("MARKET-7: a staked asset", () => {
  const sources: readonly SourceText[] = [
    { id: "own", role: "own-book" },
    { id: "a" },
    { id: "b" },
    { id: "c" },
    { id: "redemption", role: "redemption", quotedIn: "ETH", ageMsMax: 86_400_000, priceMax: "100" },
  ];
  const ether = { price: "3800" };
  const staked = () => {
    const index = new ToldIndex(loadIndexRules(rulesText(sources)), () => price(ether.price));
    index.say({ own: "3790", a: "3790", b: "3785", c: "3788", redemption: "1" });
    return index;
  };

  test("is not priced by a crash of the own book", () => {
    const index = staked();
    index.say({ own: "430" });
    expect(index.price).toBe("3790.75");
    expect(index.last.creditPrice?.toFixed()).toBe("3790.75");
  });

  test("follows its underlying down at once as collateral, before its venues have quoted again", () => {
    const index = staked();
    ether.price = "3000";
    index.pass(0);
    expect([index.price, index.last.creditPrice?.toFixed()]).toEqual(["3787.66666667", "3000"]);
    ether.price = "3800";
  });

  test("counts for no more than it redeems for, and for less when all venues say less and go on saying it", () => {
    const index = staked();
    index.keepSaying({ a: "3900", b: "3900", c: "3900" }, 2_000);
    expect([index.price, index.last.creditPrice?.toFixed()]).toEqual(["3895.125", "3800"]);
    const depeg = { a: "3000", b: "3000", c: "3000" };
    index.say(depeg);
    expect([index.last.condition, index.last.reason, index.last.candidate?.toFixed()]).toEqual([
      "FROZEN",
      "JUMP",
      "3000",
    ]);
    index.keepSaying(depeg, 10_000);
    expect([index.price, index.last.condition, reasons(index.last)]).toEqual([
      "3000",
      "DEGRADED",
      ["own OWN_BOOK", "redemption DEVIATES"],
    ]);
    expect(index.last.creditPrice?.toFixed()).toBe("3000");
  });
});

describe("MARKET-8: the jump gate", () => {
  const crashed = all("79");
  const before = () => {
    const index = new ToldIndex(rulesOf(VENUES));
    index.say(all("100"));
    return index;
  };

  //  all venues say               for        price  condition
  test.each([
    ["91 (less than the gate)", "91", 0, "91", "LIVE"],
    ["110 (exactly the gate)", "110", 0, "110", "LIVE"],
    ["110.01 (beyond it)", "110.01", 0, "100", "FROZEN"],
    ["110.01 for 3 s", "110.01", 3_000, "100", "FROZEN"],
    ["110.01 for 4 s", "110.01", 4_000, "110.01", "LIVE"],
    ["80 (÷1.25: two and a half gates) for 7 s", "80", 7_000, "100", "FROZEN"],
    ["80 for 8 s", "80", 8_000, "80", "LIVE"],
    ["1000 (ninety gates) for a minute", "1000", 60_000, "100", "FROZEN"],
    ["1000 for four and a half minutes", "1000", 270_000, "1000", "LIVE"],
    ["0.1 (a mistake in the unit) for ten minutes", "0.1", 600_000, "100", "FROZEN"],
    ["0.1 for a quarter of an hour", "0.1", 900_000, "100", "NEEDS_PERSON"],
  ])("%s", (_, level, ms, answer, condition) => {
    const index = before();
    index.say(all(level));
    index.keepSaying(all(level), ms);
    expect([index.price, index.last.condition]).toEqual([answer, condition]);
  });

  test("believes nobody who has said it once and fallen silent", () => {
    const index = before();
    index.say(crashed);
    expect(index.pass(9_000).condition).toBe("FROZEN");
  });

  test("a jump that comes back is forgotten, and the next one lasts its own time", () => {
    const index = before();
    index.say(crashed);
    index.keepSaying(crashed, 5_000);
    expect(index.say(all("100")).condition).toBe("LIVE");
    index.say(crashed);
    expect(index.keepSaying(crashed, 5_000).condition).toBe("FROZEN");
    expect(index.keepSaying(crashed, 4_000).condition).toBe("LIVE");
  });

  test("a jump that is out of sight for a moment goes on; for longer, it begins again", () => {
    const split = { a: "100", b: "100", c: "79", d: "79" };
    for (const [lostMs, condition] of [
      [2_000, "LIVE"],
      [4_000, "FROZEN"],
    ] as const) {
      const index = before();
      index.say(crashed);
      index.keepSaying(crashed, 5_000);
      index.say({ ...split, e: "0" });
      expect(index.last.reason).toBe("SOURCES_DISAGREE");
      index.pass(lostMs);
      index.say(crashed);
      expect([lostMs, index.keepSaying(crashed, 2_000).condition]).toEqual([lostMs, condition]);
    }
  });

  test("a jump that turns round begins again", () => {
    const index = before();
    index.say(all("80"));
    index.keepSaying(all("80"), 7_000);
    index.say(all("125"));
    expect(index.keepSaying(all("125"), 5_000).condition).toBe("FROZEN");
  });

  test("two of three cannot walk it away in small steps: it stays near the last price that three stood behind", () => {
    const index = new ToldIndex(rulesOf(["a", "b", "c"]));
    index.say({ a: "100", b: "100", c: "100" });
    for (let level = 101; level <= 130; level += 1) index.keepSaying({ a: `${level}`, b: `${level}`, c: "100" }, 1_000);
    // The third agrees until 103, when it counts as 102.485; the gate is 10 % from the average of that moment.
    expect([index.price, index.last.condition, index.last.reason]).toEqual(["113.2825", "FROZEN", "JUMP"]);
  });
});

describe("MARKET-9: frozen is bounded in time, then a person", () => {
  const frozen = () => {
    const index = new ToldIndex(rulesOf(VENUES));
    index.say(all("100"));
    index.pass(11_000);
    return index;
  };

  test("every source gone: the last price stays, with no confidence, and recovers by itself", () => {
    const index = frozen();
    expect([index.price, index.last.condition, index.last.reason]).toEqual(["100", "FROZEN", "TOO_FEW_SOURCES"]);
    expect(index.last.confidence.toFixed()).toBe("0");
    expect(index.say(all("101")).condition).toBe("LIVE");
  });

  test("after a quarter of an hour it stays frozen even when the sources come back", () => {
    const index = frozen();
    expect(index.pass(899_999).condition).toBe("FROZEN");
    expect(index.pass(1).condition).toBe("NEEDS_PERSON");
    expect(index.keepSaying(all("100"), 5_000).condition).toBe("NEEDS_PERSON");
    expect([index.price, index.last.candidate?.toFixed()]).toEqual(["100", "100"]);
  });

  test("a person says the price: the index goes on from there, and is live when the sources agree with the person", () => {
    const index = frozen();
    index.pass(900_000);
    index.say(all("40"));
    expect(index.person("41").condition).toBe("LIVE");
    expect(index.price).toBe("40");
  });

  test("a person who says a price to silence is in force, frozen, with a new quarter of an hour", () => {
    const index = frozen();
    index.pass(900_000);
    expect([index.person("41").condition, index.price]).toEqual(["FROZEN", "41"]);
    expect(index.pass(899_999).condition).toBe("FROZEN");
    expect(index.pass(1).condition).toBe("NEEDS_PERSON");
  });

  test.each(["0", "-1"])("a person cannot say %s", (text) => {
    expect(() => frozen().person(text)).toThrow("MARKET-9 a person says a price above zero");
  });

  test("a clock that is set back changes nothing", () => {
    const index = frozen();
    index.nowMs -= 600_000;
    expect(index.pass(0).condition).toBe("FROZEN");
    expect(index.state.nowMs).toBe(1_011_000);
  });
});

describe("MARKET-10: confidence", () => {
  //  what the five say                                        confidence
  test.each<[string, Record<string, Said>, string]>([
    ["all the same", all("100"), "1"],
    ["a little apart: 1 % of a band of 6 %", { ...all("100"), e: "101" }, "0.8333"],
    ["one silent", { a: "100", b: "100", c: "100", d: "100" }, "0.8"],
    ["one far away", { ...all("100"), e: "1000" }, "0.8"],
    ["across the whole band", { ...all("100"), d: "97", e: "103" }, "0"],
    ["too few", { a: "100", b: "100" }, "0"],
  ])("%s", (_, said, answer) => {
    expect(new ToldIndex(rulesOf(VENUES)).say(said).confidence.toFixed()).toBe(answer);
  });
});

describe("MARKET-1: rules from outside", () => {
  const document = rulesText(VENUES.map((id) => ({ id })));
  const [first, ...rest] = document.sources;

  //  what is wrong                        changed                                                            refused at
  test.each<[string, object, string]>([
    ["two sources", { sources: document.sources.slice(0, 2) }, "sources: expected at least three sources"],
    [
      "own books as the third",
      { sources: [...document.sources.slice(0, 2), { ...first, id: "z", role: "own-book" }] },
      "sources: expected at least three",
    ],
    [
      "a source twice",
      { sources: [first, first, ...rest] },
      "sources[1].id: expected a source that is not named before",
    ],
    [
      "a name with a space",
      { sources: [{ ...first, id: "a b" }, ...rest] },
      "sources[0].id: expected a name for a source",
    ],
    ["a weight of zero", { sources: [{ ...first, weight: "0" }, ...rest] }, "sources[0].weight: expected"],
    ["a feed with no room", { sources: [{ ...first, priceMin: "5", priceMax: "5" }, ...rest] }, "sources[0].priceMax"],
    ["two fresh sources enough", { freshSourcesMin: 2 }, "freshSourcesMin: expected a whole number from 3 to 5"],
    ["more fresh sources than there are", { freshSourcesMin: 6 }, "freshSourcesMin"],
    ["a cap wider than agreement", { capWidth: "0.04" }, "capWidth: expected a decimal string"],
    ["no gate", { jumpMax: "0" }, "jumpMax"],
    ["frozen for ever", { frozenMsMax: 86_400_000 }, "frozenMsMax"],
    ["a number that is no text", { deviationMax: 0.03 }, "deviationMax: expected a decimal string"],
    ["a word too many", { jumpGate: "0.1" }, "jumpGate: expected no such field"],
  ])("%s", (_, changed, message) => {
    expect(() => loadIndexRules({ ...document, ...changed })).toThrow(message);
  });
});
