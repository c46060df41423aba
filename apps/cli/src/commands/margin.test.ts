import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { InvalidModel } from "@ballast/risk-core";
import { main } from "../main.js";
import { marginPresets } from "../presets.js";
import { presetNamed } from "./presets.js";

const vectors = path.join(import.meta.dirname, "../../../../vectors/margin");
const [portfolio, model] = [path.join(vectors, "portfolio.json"), path.join(vectors, "model.json")];

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "ballast-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: readonly string[]) {
  let [stdout, stderr] = ["", ""];
  const around = {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
  };
  const code = await main(args, around);
  return { code, stdout, stderr };
}

function written(name: string, document: unknown): string {
  const file = path.join(folder, name);
  writeFileSync(file, JSON.stringify(document));
  return file;
}

const read = (file: string) => JSON.parse(readFileSync(file, "utf8"));

describe("margin", () => {
  test("a short that cannot open more: initial margin is missed, maintenance met, the rise decides", async () => {
    const { code, stdout } = await run("margin", portfolio, "--model", model);
    expect(code).toBe(1);
    expect(stdout).toContain("ten-per-cent version 1");
    expect(stdout).toMatch(/^ {2}initial +13000\.\d+ +-500\.\d+$/m);
    expect(stdout).toMatch(/^ {2}maintenance +10000\.\d+ +2499\.\d+$/m);
    expect(stdout).toContain("BTC: up decides, then stay");
  });

  test("with more collateral every level is met", async () => {
    const richer = { ...read(portfolio), balances: { USD: { amount: "20000", price: "1" } } };
    expect((await run("margin", written("richer.json", richer), "--model", model)).code).toBe(0);
  });

  //  what                       arguments                                        sentence
  test.each([
    ["no portfolio", ["--model", model], "expected one portfolio document"],
    ["neither model nor preset", [portfolio], "expected --preset or --model"],
    ["both", [portfolio, "--model", model, "--preset", "x"], "expected --preset or --model"],
    ["an unknown preset", [portfolio, "--preset", "nobody"], 'there is no preset "nobody"'],
    ["a model for a portfolio", [model, "--model", model], "PORTFOLIO_MALFORMED"],
    ["a portfolio for a model", [portfolio, "--model", portfolio], "MODEL_INVALID"],
  ])("%s: exit code 2 and a sentence", async (_, args, sentence) => {
    const { code, stdout, stderr } = await run("margin", ...args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(sentence);
  });
});

describe("receipt", () => {
  test("a receipt computes itself again, and a bent one is found out at the line", async () => {
    const { stdout } = await run("margin", portfolio, "--model", model, "--json");
    const receipt = JSON.parse(stdout);
    const kept = await run("receipt", written("kept.json", receipt));
    expect([kept.code, kept.stdout]).toEqual([0, expect.stringContaining("the same, to the last byte")]);
    receipt.levels[1].requirement = "9000";
    const bent = await run("receipt", written("bent.json", receipt));
    expect(bent.code).toBe(1);
    expect(bent.stdout).toContain('stated    "requirement": "9000"');
  });

  test.each([
    ["nothing", [], "expected one receipt"],
    ["a list", ["list"], "expected a receipt"],
    ["a portfolio", [portfolio], "PORTFOLIO_MALFORMED"],
  ])("%s is refused", async (_, args, sentence) => {
    const files = args.map((arg) => (arg === "list" ? written("list.json", []) : arg));
    const { code, stderr } = await run("receipt", ...files);
    expect(code).toBe(2);
    expect(stderr).toContain(sentence);
  });
});

describe("presets", () => {
  const [first, second] = [
    { ...read(model), id: "b" },
    { ...read(model), id: "a" },
  ];

  test("what the door offers, each checked, by id; nothing where it offers nothing", () => {
    expect(marginPresets({ PRESETS: [first, second] }).map(({ id }) => id)).toEqual(["a", "b"]);
    expect(marginPresets({ PRESETS: { first, second } }).map(({ id }) => id)).toEqual(["a", "b"]);
    expect(marginPresets({})).toEqual([]);
    expect(() => marginPresets({ PRESETS: [{}] })).toThrow(InvalidModel);
  });

  test("a preset is found by its id, or those that are known are named", () => {
    expect(presetNamed("b", [first, second])).toBe(first);
    expect(() => presetNamed("c", [first, second])).toThrow("known are b, a");
  });

  test("the list is text, or the models themselves", async () => {
    const [text, json] = [await run("presets"), await run("presets", "--json")];
    expect([text.code, json.code]).toEqual([0, 0]);
    const models = JSON.parse(json.stdout) as readonly { readonly id: string }[];
    for (const { id } of models) expect(text.stdout).toContain(`${id} version`);
    expect((await run("presets", "nobody")).code).toBe(2);
  });
});
