import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ran, type Ran, ROOT, scratchFolder } from "./testing.js";

const examples = path.join(ROOT, "docs/examples");
const { written, remove } = scratchFolder();
afterAll(remove);

/** The number at a place of the line that begins so, within a text. */
function numberIn(text: string, start: string, place = 0): number {
  const line = text.split("\n").find((candidate) => candidate.trim().startsWith(start)) ?? "";
  return Number(
    line
      .slice(line.indexOf(start) + start.length)
      .match(/-?[\d,]+\.\d+/g)
      ?.[place]?.replaceAll(",", ""),
  );
}

describe("long bitcoin and short ether perpetuals, explained", () => {
  let [page, initial, broken] = ["", "", ""];
  let answer: Ran;
  beforeAll(async () => {
    answer = await ran("margin", path.join(examples, "btc-eth-hedge.json"), "--explain");
    page = answer.stdout;
    initial = page.slice(page.indexOf("Initial: how"), page.indexOf("Maintenance: how"));
    broken = page.slice(page.indexOf("If correlation breaks"), page.indexOf("Maintenance: how"));
  });

  test("the page is the one that the examples show", () => {
    expect(answer.code).toBe(0);
    const shown = readFileSync(path.join(examples, "README.md"), "utf8");
    expect(shown).toContain(page.trimEnd());
  });

  test("HYBRID-2: the credit is what the binding view asks less than the sum without offset, and the page says which", () => {
    const demands = [
      "calm correlation",
      "all together, one way",
      "largest leg alone",
      "credit cap",
      "joint history",
    ].map((view) => numberIn(initial, view));
    const noOffset = numberIn(initial, "sum without offset");
    expect(numberIn(initial, "credit ", 0)).toBeGreaterThan(0);
    expect(noOffset - Math.max(...demands)).toBeCloseTo(
      numberIn(initial.slice(initial.indexOf("  legs:")), "credit "),
      2,
    );
    expect(initial).toContain("largest leg alone binds: one underlying may jump by its rate");
  });

  test("RECEIPT-2: what the positions add sums to the requirement, in the digits that are shown", () => {
    const adds = initial.slice(initial.indexOf("what each position adds"), initial.indexOf("five views"));
    const parts = ["BTC-PERPETUAL", "ETH-PERPETUAL", "account"].map((line) => numberIn(adds, line));
    const sum = numberIn(adds, "sum");
    expect(Math.round(parts.reduce((total, part) => total + part, 0) * 100)).toBe(Math.round(sum * 100));
    expect(sum).toBe(numberIn(page, "initial"));
  });

  test("RECEIPT-4: every line that counts is there, and the sum is the requirement", () => {
    const tree = initial.slice(0, initial.indexOf("worst scenario"));
    const [views, closing] = ["* initialViews", "* closing"].map((line) => numberIn(tree, line)) as [number, number];
    expect(views + closing).toBeCloseTo(numberIn(tree, "* initialRequirement"), 2);
  });

  test("INVERSE-1: as correlation goes from calm to nothing to the worst signs, the credit shrinks and vanishes", () => {
    const regimes = ["every pair +1", "calm, as estimated", "every pair 0", "every pair ±1 against the book"];
    const credits = regimes.map((regime) => numberIn(broken, regime, 2));
    expect([...credits].sort((left, right) => right - left)).toEqual(credits);
    expect(credits[1]).toBeGreaterThan(0);
    expect(credits[3]).toBe(0);
    const noOffset = numberIn(initial, "sum without offset");
    expect(numberIn(broken, "every pair ±1 against the book", 1)).toBe(noOffset);
  });

  test("the worst scenario of each underlying is its own move against the book, and the runner-up ends differently", () => {
    expect(initial).toMatch(/BTC +initial fall 100% vol up +-[\d,.]+ +initial fall 75% vol up +-[\d,.]+/);
    expect(initial).toMatch(/ETH +initial rise 100% vol up +-[\d,.]+ +initial rise 75% vol up +-[\d,.]+/);
  });
});

describe("other books, explained", () => {
  const hedge = JSON.parse(readFileSync(path.join(examples, "btc-eth-hedge.json"), "utf8"));

  test("INVERSE-1: with three underlyings every pair is broken alone as well", async () => {
    const three = {
      ...hedge,
      underlyings: { ...hedge.underlyings, SOL: { spot: "90" } },
      contracts: [
        ...hedge.contracts,
        { ...hedge.contracts[0], id: "SOL-PERPETUAL", underlying: "SOL", markPrice: "90" },
      ],
      holdings: [...hedge.holdings, { instrument: "SOL-PERPETUAL", quantity: "-1000" }],
    };
    const { stdout } = await ran("margin", written("three.json", three), "--explain");
    for (const pair of ["BTC and ETH", "BTC and SOL", "ETH and SOL"]) expect(stdout).toContain(`only ${pair} against`);
  });

  test("one underlying has nothing to break, and an empty book needs nothing", async () => {
    const one = { ...hedge, holdings: hedge.holdings.slice(0, 1) };
    expect((await ran("margin", written("one.json", one), "--explain")).stdout).not.toContain("If correlation breaks");
    const { code, stdout } = await ran("margin", written("none.json", { ...hedge, holdings: [] }), "--explain");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}initial +0\.00 +250,000\.00 {2}met$/m);
  });

  test("a model without views is explained by its scenarios", async () => {
    const model = path.join(ROOT, "vectors/margin/model.json");
    const { stdout } = await ran(
      "margin",
      path.join(ROOT, "vectors/margin/portfolio.json"),
      "--model",
      model,
      "--explain",
    );
    expect(stdout).toMatch(/^ {2}initial +13,000\.\d\d +-500\.\d\d {2}NOT MET$/m);
    expect(stdout).not.toContain("five views");
  });
});
