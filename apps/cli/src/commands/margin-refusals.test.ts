import path from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { ran, ROOT, scratchFolder } from "./testing.js";

/*
 * What is wrong with a portfolio is said with a code and the place, or the number is right: never an exception from
 * inside. Every case is the same small book with one thing changed.
 */

const model = path.join(ROOT, "vectors/margin/model.json");
const { written, remove } = scratchFolder();
afterAll(remove);

type Fields = Record<string, unknown>;
const PERPETUAL: Fields = {
  id: "BTC-PERPETUAL",
  kind: "perpetual",
  payoff: "linear",
  underlying: "BTC",
  markPrice: "100000",
};
const CALL: Fields = {
  id: "BTC-CALL",
  kind: "option",
  payoff: "linear",
  underlying: "BTC",
  right: "call",
  strike: "110000",
  expiresAt: "2026-01-30T08:00:00Z",
  volatility: "0.6",
};
const BOOK = {
  quote: "USDC",
  at: "2026-01-02T08:00:00Z",
  underlyings: { BTC: { spot: "100000" } } as Fields,
  expiries: [{ underlying: "BTC", expiresAt: "2026-01-30T08:00:00Z", forward: "100500" }] as readonly Fields[],
  contracts: [PERPETUAL, CALL] as readonly Fields[],
  balances: { USDC: { amount: "50000", price: "1" } } as Fields,
  holdings: [
    { instrument: "BTC-PERPETUAL", quantity: "1" },
    { instrument: "BTC-CALL", quantity: "-1" },
  ] as readonly Fields[],
};
const withPerpetual = (change: Fields) => ({ ...BOOK, contracts: [{ ...PERPETUAL, ...change }, CALL] });
const withCall = (change: Fields) => ({ ...BOOK, contracts: [PERPETUAL, { ...CALL, ...change }] });

describe("a portfolio that is refused", () => {
  //  what                          document                                               code, place
  test.each([
    ["not a number", withPerpetual({ markPrice: "NaN" }), "PORTFOLIO_MALFORMED", "contracts[0].markPrice"],
    ["infinity", withPerpetual({ markPrice: "Infinity" }), "PORTFOLIO_MALFORMED", "contracts[0].markPrice"],
    [
      "a number for decimal text",
      withPerpetual({ markPrice: 100000 }),
      "PORTFOLIO_MALFORMED",
      "contracts[0].markPrice",
    ],
    ["an exponent", withPerpetual({ markPrice: "1e5" }), "PORTFOLIO_MALFORMED", "contracts[0].markPrice"],
    ["a price of zero", withPerpetual({ markPrice: "0" }), "PRICE_NOT_POSITIVE", "contracts[0].markPrice"],
    [
      "an expired option",
      withCall({ expiresAt: "2026-01-02T08:00:00Z" }),
      "INSTRUMENT_EXPIRED",
      "contracts[1].expiresAt",
    ],
    ["an expiry without a quote", { ...BOOK, expiries: [] }, "QUOTE_MISSING", "contracts[1].expiresAt"],
    ["volatility of zero", withCall({ volatility: "0" }), "VOLATILITY_NOT_POSITIVE", "contracts[1].volatility"],
    ["volatility below zero", withCall({ volatility: "-0.5" }), "VOLATILITY_NOT_POSITIVE", "contracts[1].volatility"],
    ["an unknown instrument", { ...BOOK, contracts: [PERPETUAL] }, "INSTRUMENT_UNKNOWN", "holdings[1].instrument"],
    ["a contract twice", { ...BOOK, contracts: [PERPETUAL, CALL, CALL] }, "INSTRUMENT_REPEATED", "contracts[2]"],
    ["a field nobody knows", { ...BOOK, leverage: "10" }, "PORTFOLIO_MALFORMED", ""],
    ["a list", [], "PORTFOLIO_MALFORMED", "the document"],
    ["null", null, "PORTFOLIO_MALFORMED", "the document"],
  ])("%s", async (_, document, code, place) => {
    const answer = await ran("margin", written("refused.json", document));
    expect([answer.code, answer.stdout]).toEqual([2, ""]);
    expect(answer.stderr).toContain(`(${code})`);
    expect(answer.stderr).toContain(place);
    expect(answer.stderr.trim().split("\n")).toHaveLength(1);
  });

  //  what is held and the model knows nothing of            preset            named
  const doge = {
    ...BOOK,
    underlyings: { ...BOOK.underlyings, PEPE: { spot: "0.1" } },
    contracts: [...BOOK.contracts, { ...PERPETUAL, id: "PEPE-PERPETUAL", underlying: "PEPE", markPrice: "0.1" }],
  };
  const held = { ...doge, holdings: [{ instrument: "PEPE-PERPETUAL", quantity: "1000000" }] };
  const ordered = { ...doge, orders: [{ instrument: "PEPE-PERPETUAL", quantity: "1", limitPrice: "0.1" }] };
  const collateral = { ...BOOK, balances: { SHIB: { amount: "1000000", price: "0.1" } } };
  const moving = { ...doge, balances: { PEPE: { amount: "1000000", price: "0.1", movesWith: "PEPE" } } };
  test.each([
    ["a position alone", { ...held, holdings: held.holdings }, "ballast-hybrid", "PEPE"],
    ["a position beside others", { ...held, holdings: [...BOOK.holdings, ...held.holdings] }, "ballast-hybrid", "PEPE"],
    ["an order", ordered, "ballast-hybrid", "PEPE"],
    ["collateral that moves with it", moving, "ballast-hybrid", "PEPE"],
    ["collateral without a haircut", collateral, "ballast-hybrid", "SHIB"],
    ["a coin that figures are counted in", { ...doge, numeraire: "PEPE" }, "ballast-hybrid", "PEPE"],
    ["a position under another venue's scan", held, "okx-pm", "PEPE"],
    ["a position under a clearing house's scan", held, "span-16", "PEPE"],
  ])("MODEL-8: %s is refused by name, not scanned over nothing", async (_, document, preset, named) => {
    const answer = await ran("margin", written("unknown.json", document), "--preset", preset);
    expect([answer.code, answer.stdout]).toEqual([2, ""]);
    expect(answer.stderr).toContain("(ESTIMATE_MISSING)");
    expect(answer.stderr).toContain(`of ${named} `);
  });

  test("what is only listed and not held needs no estimate", async () => {
    expect((await ran("margin", written("listed.json", doge))).code).toBe(0);
  });
});

describe("a model that is refused", () => {
  test("MODEL-5: crossed tiers, with the path of the field", async () => {
    const document = JSON.parse((await ran("presets", "ballast-standard", "--json")).stdout);
    const [first] = document.figures;
    const [underlying = ""] = Object.keys(first.rule.tiers);
    const [, second] = first.rule.tiers[underlying];
    second.from = "0";
    const file = written("crossed.json", document);
    const answer = await ran("margin", written("book.json", BOOK), "--model", file);
    expect(answer.code).toBe(2);
    expect(answer.stderr).toContain(`figures[0].rule.tiers.${underlying}[1].from`);
    expect(answer.stderr).toContain("(MODEL_INVALID)");
  });
});

describe("books at the edges", () => {
  test("MODEL-4: an empty book needs nothing", async () => {
    const empty = { quote: "USDC", at: BOOK.at, underlyings: {} };
    const { code, stdout } = await ran("margin", written("empty.json", empty), "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout).levels.map(({ requirement }: Fields) => requirement)).toEqual(["0", "0"]);
  });

  test("ten thousand positions are one book: a thousand times ten is what ten thousand are", async () => {
    const contracts = Array.from({ length: 10_000 }, (_, at) => ({ ...PERPETUAL, id: `BTC-${at}` }));
    const many = {
      ...BOOK,
      contracts,
      holdings: contracts.map(({ id }, at) => ({ instrument: id, quantity: at % 2 === 0 ? "-0.002" : "0.001" })),
    };
    const one = { ...BOOK, holdings: [{ instrument: "BTC-PERPETUAL", quantity: "-5" }] };
    const requirements = async (document: object) => {
      const { code, stdout } = await ran("margin", written("many.json", document), "--model", model, "--json");
      expect(code).toBe(1);
      return JSON.parse(stdout).levels.map(({ requirement }: Fields) => Number(requirement));
    };
    const [left, right] = [await requirements(many), await requirements(one)];
    for (const [at, requirement] of left.entries()) expect(requirement).toBeCloseTo(right[at], 6);
  });
});
