import { expect, test } from "@jest/globals";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { runTool } from "../run-tool.mjs";
import { root } from "../workspace.mjs";
import { findings, members, plantedTree } from "./planted-tree.mjs";

const { apps, packages } = createRequire(import.meta.url)("../dependency-rule.cjs");
const { forbidden } = createRequire(import.meta.url)("../../.dependency-cruiser.cjs");

//  rule                                             file                                     what it imports
const plants = [
  ["money-imports", "packages/money/src/planted.ts", "@ballast/model"],
  ["model-imports", "packages/model/src/planted.ts", "@ballast/ledger"],
  ["risk-core-imports", "packages/risk-core/src/planted.ts", "@ballast/ledger"],
  ["ledger-imports", "packages/ledger/src/planted.ts", "@ballast/risk-core"],
  ["store-imports", "packages/store/src/planted.ts", "@ballast/queues"],
  ["queues-imports", "packages/queues/src/planted.ts", "@ballast/store"],
  ["api-contract-imports", "packages/api-contract/src/planted.ts", "@ballast/risk-core"],
  ["simulator-imports", "packages/simulator/src/planted.ts", "@ballast/store"],
  ["testkit-imports", "packages/testkit/src/planted.ts", "@ballast/queues"],
  ["api-imports", "apps/api/src/planted.ts", "@ballast/simulator"],
  ["liquidator-imports", "apps/liquidator/src/planted.ts", "@ballast/api-contract"],
  ["admin-imports", "apps/admin/src/planted.tsx", "@ballast/store"],
  ["exchange-imports", "apps/exchange/src/planted.ts", "@ballast/ledger"],
  ["cli-imports", "apps/cli/src/planted.ts", "@ballast/store"],
  ["packages-never-import-applications", "packages/store/src/planted-2.ts", "../../../apps/api/src/index.js"],
  ["applications-never-import-applications", "apps/api/src/planted-2.ts", "../../liquidator/src/index.js"],
  ["test-kit-for-tests", "apps/api/src/planted-3.ts", "@ballast/testkit"],
  ["testing-doors-for-tests", "apps/api/src/planted-4.ts", "@ballast/model/testing"],
  ["one-door", "packages/ledger/src/planted-2.ts", "../../model/src/account.js"],
  ["pure-packages-touch-no-machine", "packages/risk-core/src/planted-2.ts", "node:fs"],
  ["pure-packages-touch-no-machine", "packages/ledger/src/planted-3.ts", "crypto"],
  ["only-the-store-speaks-prisma", "apps/api/src/planted-5.ts", "@prisma/client"],
  ["only-the-store-and-the-queue-open-connections", "apps/api/src/planted-6.ts", "pg"],
  ["only-queues-and-applications-speak-bullmq", "packages/store/src/planted-3.ts", "bullmq"],
  ["only-applications-speak-frameworks", "packages/queues/src/planted-2.ts", "@nestjs/common"],
  ["only-applications-speak-frameworks", "packages/api-contract/src/planted-2.ts", "react"],
  ["float64-zone-knows-no-money", "packages/risk-core/src/planted.f64.ts", "@ballast/money"],
  ["money-owns-the-decimal", "packages/model/src/planted-2.ts", "decimal.js"],
  ["no-cycles", "packages/model/src/planted-3.ts", "./planted-3.js"],
  ["everything-resolves", "apps/api/src/planted-7.ts", "a-package-that-is-nowhere"],
];

//  clean counterparts: the same kinds of import, where they belong
const clean = [
  ["packages/model/src/clean.ts", "@ballast/money"],
  ["packages/risk-core/src/clean.ts", "@ballast/model"],
  ["packages/risk-core/src/clean.test.ts", "@ballast/model/testing"],
  ["packages/risk-core/src/clean-2.test.ts", "node:fs"],
  ["packages/risk-core/src/clean.f64.ts", "./clean-columns.js"],
  ["packages/model/src/testing.ts", "@ballast/money/testing"],
  ["packages/money/src/clean.ts", "decimal.js"],
  ["packages/store/src/clean.ts", "@prisma/client"],
  ["packages/store/src/clean-2.ts", "pg"],
  ["packages/store/src/clean.test.ts", "@ballast/testkit"],
  ["packages/queues/src/clean.ts", "bullmq"],
  ["packages/testkit/src/clean.ts", "pg"],
  ["apps/api/src/clean.ts", "@ballast/risk-core"],
  ["apps/api/src/clean-2.ts", "@ballast/ledger"],
  ["apps/api/src/clean-3.ts", "@nestjs/common"],
  ["apps/api/src/clean-4.ts", "bullmq"],
  ["apps/admin/src/clean.tsx", "react"],
  ["apps/exchange/src/clean.ts", "@ballast/simulator"],
];

const thirdParty = ["decimal.js", "pg", "bullmq", "react", "@nestjs/common", "@prisma/client"];

/** The planted tree, in which, unlike under pnpm, every package can be reached from everywhere. */
function treeWithImports() {
  const source = (target) => `import "${target}";\nexport {};\n`;
  const doors = members().flatMap(({ group, name }) => [
    [`${group}/${name}/src/index.ts`, "export {};\n"],
    [`${group}/${name}/src/testing.ts`, "export {};\n"],
  ]);
  const tree = plantedTree({
    ...Object.fromEntries(doors),
    "packages/model/src/account.ts": "export {};\n",
    "packages/risk-core/src/clean-columns.ts": "export {};\n",
    ...Object.fromEntries(
      [...plants.map(([, file, target]) => [file, target]), ...clean].map(([f, t]) => [f, source(t)]),
    ),
  });
  mkdirSync(path.join(tree.folder, "node_modules/@ballast"), { recursive: true });
  for (const { group, name } of members()) {
    symlinkSync(path.join(tree.folder, group, name), path.join(tree.folder, "node_modules/@ballast", name));
  }
  for (const name of thirdParty) {
    const folder = path.join(tree.folder, "node_modules", name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, "package.json"), JSON.stringify({ name, version: "1.0.0", main: "index.js" }));
    writeFileSync(path.join(folder, "index.js"), "");
  }
  return tree;
}

test("every import rule reports its planted violation, and only that; the clean imports pass", async () => {
  const tree = treeWithImports();
  try {
    const cruise = path.join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
    const { stdout } = await runTool(
      process.execPath,
      [cruise, "--config=.dependency-cruiser.cjs", "--output-type=json", "packages", "apps"],
      { cwd: tree.folder, accept: Array.from({ length: 256 }, (_, code) => code) },
    );
    const { violations } = JSON.parse(stdout).summary;
    expect(findings(violations.map(({ from, rule }) => ({ file: from, rule: rule.name })))).toEqual(
      findings(plants.map(([rule, file]) => ({ file, rule }))),
    );
  } finally {
    tree.remove();
  }
});

test("every import rule has a planted violation and says why it is there", () => {
  const planted = new Set(plants.map(([rule]) => rule));
  expect(forbidden.filter(({ name }) => !planted.has(name)).map(({ name }) => name)).toEqual([]);
  expect(forbidden.filter(({ comment }) => !comment).map(({ name }) => name)).toEqual([]);
});

test("the dependency rule names every package and application", () => {
  expect(members().filter(({ group, name }) => !{ packages, apps }[group][name])).toEqual([]);
});
