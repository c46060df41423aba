import { expect, test } from "@jest/globals";
import { createRequire } from "node:module";
import { runTool } from "../run-tool.mjs";
import { tool } from "../workspace.mjs";
import { findings, linkToRepository, plantedTree } from "./planted-tree.mjs";

const { pure } = createRequire(import.meta.url)("../dependency-rule.cjs");

//  what a pure package may not even name                     how TypeScript says so
const machine = [
  ["process", "export const pid = process.pid;", "TS2591"],
  ["console", 'console.log("x");', "TS2584"],
  ["setTimeout", "setTimeout(() => undefined, 1);", "TS2304"],
  ["fetch", 'export const page = fetch("x");', "TS2304"],
  ["node-fs", 'import { readFileSync } from "node:fs";\nexport const f = readFileSync;', "TS2591"],
  ["document", "export const page = document;", "TS2584"],
];

/** The errors of one package of the tree, compiled by its own tsconfig.json and nothing else. */
async function compile(tree, name) {
  const { output } = await runTool(tool("tsc"), ["-p", `packages/${name}`, "--noEmit", "--pretty", "false"], {
    cwd: tree.folder,
    accept: [0, 1, 2],
  });
  const found = [...output.matchAll(/^(\S+?)\(\d+,\d+\): error (TS\d+)/gm)];
  return findings(found.map(([, file, rule]) => ({ file, rule })));
}

test.each(pure)("the machine does not compile in %s", async (name) => {
  const tree = plantedTree({
    ...Object.fromEntries(machine.map(([what, code]) => [`packages/${name}/src/planted-${what}.ts`, code])),
    [`packages/${name}/src/clean.ts`]: "export const sizes: readonly number[] = [1, 2].toSorted();\n",
  });
  try {
    expect(await compile(tree, name)).toEqual(
      findings(machine.map(([what, , code]) => ({ file: `packages/${name}/src/planted-${what}.ts`, rule: code }))),
    );
  } finally {
    tree.remove();
  }
});

test("an import of a package that package.json does not name does not resolve", async () => {
  const tree = plantedTree({
    "packages/risk-core/src/planted.ts": 'export * from "@ballast/ledger";\n',
    "packages/risk-core/src/clean.ts": 'export * from "@ballast/money";\n',
  });
  try {
    linkToRepository(tree.folder, "packages/risk-core/node_modules", "packages/risk-core/node_modules");
    expect(await compile(tree, "risk-core")).toEqual(["packages/risk-core/src/planted.ts: TS2307"]);
  } finally {
    tree.remove();
  }
});
