import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { DEFAULT_ESTIMATES } from "@ballast/risk-core";
import { ran, ROOT, scratchFolder } from "./testing.js";

const vectors = path.join(ROOT, "vectors/margin");
const [portfolio, model] = [path.join(vectors, "portfolio.json"), path.join(vectors, "model.json")];
const { written, remove } = scratchFolder();
afterAll(remove);

const read = (file: string) => JSON.parse(readFileSync(file, "utf8"));

describe("margin", () => {
  test("a short that cannot open more: initial margin is missed, maintenance met, the rise decides", async () => {
    const { code, stdout } = await ran("margin", portfolio, "--model", model);
    expect(code).toBe(1);
    expect(stdout).toContain("ten-per-cent version 1");
    expect(stdout).toMatch(/^ {2}initial +13000 +-500$/m);
    expect(stdout).toMatch(/^ {2}maintenance +10000 +2500$/m);
    expect(stdout).toContain("BTC: up decides, then stay");
  });

  test("with more collateral every level is met", async () => {
    const richer = { ...read(portfolio), balances: { USD: { amount: "20000", price: "1" } } };
    expect((await ran("margin", written("richer.json", richer), "--model", model)).code).toBe(0);
  });

  test("who names no model gets the hybrid one, under the estimates that come with the house", async () => {
    const [unsaid, said, given] = await Promise.all([
      ran("margin", portfolio),
      ran("margin", portfolio, "--preset", "ballast-hybrid"),
      ran("margin", portfolio, "--estimates", written("estimates.json", DEFAULT_ESTIMATES)),
    ]);
    expect(unsaid.stdout).toContain(`estimates for ${DEFAULT_ESTIMATES.day}`);
    expect([said.stdout, given.stdout]).toEqual([unsaid.stdout, unsaid.stdout]);
  });

  test("MODEL-8: twice the rate is more margin", async () => {
    const { BTC } = DEFAULT_ESTIMATES.underlyings;
    const stormy = { ...DEFAULT_ESTIMATES, underlyings: { BTC: { ...BTC, logRate: 2 * (BTC?.logRate ?? 0) } } };
    const requirementIn = async (...args: readonly string[]) =>
      Number(JSON.parse((await ran("margin", portfolio, "--json", ...args)).stdout).levels[0].requirement);
    const calm = await requirementIn();
    expect(await requirementIn("--estimates", written("stormy.json", stormy))).toBeGreaterThan(2 * calm);
  });

  //  what                       arguments                                        sentence
  test.each([
    ["no portfolio", ["--model", model], "expected one portfolio document"],
    ["model and preset", [portfolio, "--model", model, "--preset", "x"], "expected --preset or --model"],
    ["an unknown preset", [portfolio, "--preset", "nobody"], 'there is no preset "nobody"; known are ballast-hybrid,'],
    [
      "estimates for a preset without",
      [portfolio, "--preset", "max-loss", "--estimates", portfolio],
      "ESTIMATES_INVALID",
    ],
    ["estimates for a model", [portfolio, "--model", model, "--estimates", portfolio], "has its estimates in it"],
    ["explanation and receipt", [portfolio, "--explain", "--json"], "expected --explain or --json"],
    ["a model for a portfolio", [model, "--model", model], "PORTFOLIO_MALFORMED"],
    ["a portfolio for a model", [portfolio, "--model", portfolio], "MODEL_INVALID"],
  ])("%s: exit code 2 and a sentence", async (_, args, sentence) => {
    const { code, stdout, stderr } = await ran("margin", ...args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(sentence);
  });
});

describe("receipt", () => {
  test("a receipt computes itself again, and a bent one is found out at the line", async () => {
    const { stdout } = await ran("margin", portfolio, "--model", model, "--json");
    const receipt = JSON.parse(stdout);
    const kept = await ran("receipt", written("kept.json", receipt));
    expect([kept.code, kept.stdout]).toEqual([0, expect.stringContaining("the same, to the last byte")]);
    receipt.levels[1].requirement = "9000";
    const bent = await ran("receipt", written("bent.json", receipt));
    expect(bent.code).toBe(1);
    expect(bent.stdout).toContain('stated    "requirement": "9000"');
  });

  test("so does one of the hybrid model, estimates and all", async () => {
    const { stdout } = await ran("margin", portfolio, "--json");
    expect((await ran("receipt", written("hybrid.json", stdout))).code).toBe(0);
  });

  test.each([
    ["nothing", [], "expected one receipt"],
    ["a list", ["list"], "expected a receipt"],
    ["a portfolio", [portfolio], "PORTFOLIO_MALFORMED"],
  ])("%s is refused", async (_, args, sentence) => {
    const files = args.map((arg) => (arg === "list" ? written("list.json", []) : arg));
    const { code, stderr } = await ran("receipt", ...files);
    expect(code).toBe(2);
    expect(stderr).toContain(sentence);
  });
});

describe("presets", () => {
  test("every model by its id, with title, sources and notes; ours among them", async () => {
    const [text, json] = [await ran("presets"), await ran("presets", "--json")];
    expect([text.code, json.code]).toEqual([0, 0]);
    const models = JSON.parse(json.stdout) as readonly Readonly<Record<string, unknown>>[];
    expect(models.map(({ id }) => id)).toEqual(expect.arrayContaining(["ballast-hybrid", "deribit-pm", "span-16"]));
    for (const { id, title, sources } of models) {
      expect(text.stdout).toContain(`${String(id)} version`);
      expect([typeof title, (sources as readonly string[]).length > 0]).toEqual(["string", true]);
    }
  });

  test("one model as a document is one that `margin --model` reads", async () => {
    const { stdout } = await ran("presets", "ballast-standard", "--json");
    const [named, given] = [
      await ran("margin", portfolio, "--preset", "ballast-standard"),
      await ran("margin", portfolio, "--model", written("standard.json", stdout)),
    ];
    expect(given).toEqual(named);
    expect((await ran("presets", "nobody")).code).toBe(2);
  });
});
