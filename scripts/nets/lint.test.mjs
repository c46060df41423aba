import { expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import path from "node:path";
import { runTool } from "../run-tool.mjs";
import { root, tool, toolEnvironment } from "../workspace.mjs";
import { findings, linkToRepository, plantedTree } from "./planted-tree.mjs";

const pure = "packages/risk-core/src";
const door = "apps/api/src";

//  rule                                   where     bad                                                     good
const plants = [
  ["ballast(no-clock)", pure, "export const at = Date.now();", "export const at = new Date(0);"],
  ["ballast(no-clock)", pure, "export const at = new Date();", 'export const at = new Date("2020-03-12T00:00:00Z");'],
  ["ballast(no-clock)", pure, "export const at = Date();", "export const at = Date.UTC(2020, 2, 12);"],
  ["ballast(no-clock)", pure, "export const at = performance.now();", "export const now = 1;"],
  ["ballast(no-timers)", pure, "setTimeout(() => undefined, 1);", "export const setTimeoutMs = 1;"],
  ["ballast(no-timers)", pure, "export const wait = setInterval;", "export const x = { setInterval: 1 };"],
  ["ballast(no-chance)", pure, "export const die = Math.random();", "export const die = Math.max(1, 2);"],
  ["ballast(no-chance)", pure, "export const id = crypto.randomUUID();", "export const id = 1;"],
  [
    "ballast(no-chance)",
    pure,
    "declare const randomUUID: () => string;\nexport const id = randomUUID();",
    "export {};",
  ],
  ["ballast(no-environment)", pure, "export const pid = process.pid;", "export const processed = 1;"],
  ["ballast(no-environment)", pure, 'console.log("x");', "export const x = { console: 1 };"],
  ["ballast(no-environment)", pure, "export const f = globalThis;", "export const f = 1;"],
  ["ballast(no-environment)", pure, "export const f = Buffer.alloc(1);", "export const f = new Uint8Array(1);"],
  [
    "ballast(no-float-money)",
    pure,
    "export const f = (x: { toNumber(): number }): number => x.toNumber();",
    "export const f = (x: { toFixed(): string }): string => x.toFixed();",
  ],
  [
    "ballast(no-float-money)",
    pure,
    "export const f = (x?: { toNumber(): number }): number | undefined => x?.toNumber();",
    "export const f = (x?: { toFixed(): string }): string | undefined => x?.toFixed();",
  ],
  ["ballast(no-float-money)", door, 'export const f = Number("1");', "export const f = Number.isFinite(1);"],
  ["ballast(no-float-money)", door, 'export const f = parseFloat("1");', 'export const f = Number.parseInt("1", 10);'],
  ["ballast(no-float-money)", door, 'export const f = Number.parseFloat("1");', "export const f = Number.EPSILON;"],
  ["ballast(no-float-money)", door, 'const text = "1";\nexport const f = +text;', "export const f = -1;"],
  ["import(no-default-export)", door, "export default 1;", "export const one = 1;"],
  [
    "eslint(eqeqeq)",
    door,
    "export const f = (a: number, b: number) => a == b;",
    "export const f = (a: 1, b: 2) => a !== b;",
  ],
  [
    "eslint(no-empty)",
    door,
    'export function f() {\n  try {\n    return JSON.parse("1");\n  } catch {}\n}',
    'export function f(): unknown {\n  try {\n    return JSON.parse("1");\n  } catch (fault) {\n    return fault;\n  }\n}',
  ],
  ["eslint(no-unused-vars)", door, "const unused = 1;\nexport {};", "const _unused = 1;\nexport {};"],
  ["eslint(no-var)", door, "export var a = 1;", "export const a = 1;"],
  ["eslint(no-warning-comments)", door, "// TODO: later\nexport {};", "// Done.\nexport {};"],
  ["eslint(prefer-const)", door, "let a = 1;\nexport const b = a;", "let a = 1;\na += 1;\nexport const b = a;"],
  ["typescript(ban-ts-comment)", door, '// @ts-ignore\nexport const a: number = "x";', "export const a = 1;"],
  ["typescript(no-explicit-any)", door, "export const a: any = 1;", "export const a: unknown = 1;"],
  [
    "typescript(no-floating-promises)",
    door,
    "async function f() {\n  await Promise.resolve();\n}\nf();",
    "async function f() {\n  await Promise.resolve();\n}\nawait f();",
  ],
  [
    "typescript(no-misused-promises)",
    door,
    "export const f = (x: Promise<boolean>) => (x ? 1 : 2);",
    "export const f = async (x: Promise<boolean>) => ((await x) ? 1 : 2);",
  ],
];

const tests = [
  [
    "jest(expect-expect)",
    'import { test } from "@jest/globals";\ntest("nothing is asserted", () => {});',
    'import { expect, test } from "@jest/globals";\ntest("something is", () => {\n  expect(1).toBe(1);\n});',
  ],
  [
    "jest(no-focused-tests)",
    'import { expect, test } from "@jest/globals";\ntest.only("alone", () => {\n  expect(1).toBe(1);\n});',
    'import fc from "fast-check";\nimport { test } from "@jest/globals";\ntest("p", () => {\n  fc.assert(fc.property(fc.nat(), (n) => n >= 0));\n});',
  ],
];

const cases = [
  ...plants.map(([rule, folder, bad, good], index) => ({
    rule,
    bad: [`${folder}/planted-${index}.ts`, bad],
    good: [`${folder}/clean-${index}.ts`, good],
  })),
  ...tests.map(([rule, bad, good], index) => ({
    rule,
    bad: [`${door}/planted-${index}.test.ts`, bad],
    good: [`${door}/clean-${index}.test.ts`, good],
  })),
  {
    rule: "unicorn(filename-case)",
    bad: [`${door}/PlantedName.ts`, "export {};"],
    good: [`${door}/clean-name.ts`, "export {};"],
  },
];

/** Where a decimal may become a float, and where a clock is no sin: the same words, not reported. */
const allowed = {
  "packages/money/src/float64.ts": "export const f = (x: { toNumber(): number }): number => x.toNumber();",
  "packages/risk-core/src/scan.f64.ts": "export const f = (x: { toNumber(): number }): number => x.toNumber();",
  "apps/api/src/clock.ts": "export const at = Date.now();",
};

const lint = async (folder) => {
  const { stdout } = await runTool(tool("oxlint"), ["--type-aware", "--format=json"], {
    cwd: folder,
    env: toolEnvironment(),
    accept: [0, 1],
  });
  return findings(JSON.parse(stdout).diagnostics.map(({ filename, code }) => ({ file: filename, rule: code })));
};

test("every lint rule reports its planted violation, and only that; the clean file beside it passes", async () => {
  const files = { ...Object.fromEntries(cases.flatMap(({ bad, good }) => [bad, good])), ...allowed };
  const tree = plantedTree(files);
  // The type-aware rules need the types that the project names.
  linkToRepository(tree.folder, "apps/api/node_modules", "apps/api/node_modules");
  try {
    expect(await lint(tree.folder)).toEqual(findings(cases.map(({ rule, bad: [file] }) => ({ file, rule }))));
  } finally {
    tree.remove();
  }
});

test("every lint rule that the configuration names has a planted violation", () => {
  const { rules, overrides } = JSON.parse(readFileSync(path.join(root, ".oxlintrc.json"), "utf8"));
  const named = [rules, ...overrides.map((override) => override.rules)].flatMap((group) =>
    Object.entries(group)
      .filter(([, level]) => [level].flat()[0] === "error")
      .map(([name]) => name.replace(/^([^/]+)\/(.+)$/, "$1($2)")),
  );
  const planted = new Set(cases.map(({ rule }) => rule));
  expect(named.filter((name) => !planted.has(name))).toEqual([]);
});
