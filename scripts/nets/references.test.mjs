import { expect, test } from "@jest/globals";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { referenceProblems } from "../check-references.mjs";
import { plantedTree } from "./planted-tree.mjs";

/** The problems found after one JSON file of an otherwise clean tree was changed. */
async function problemsAfter(file, change) {
  const tree = plantedTree({});
  try {
    const place = path.join(tree.folder, file);
    const content = JSON.parse(readFileSync(place, "utf8"));
    change(content);
    writeFileSync(place, JSON.stringify(content));
    return await referenceProblems(tree.folder);
  } finally {
    tree.remove();
  }
}

test("the three lists of this repository agree", async () => {
  expect(await problemsAfter("packages/money/package.json", () => {})).toEqual([]);
});

//  what is planted                          where                            the change                            the answer
test.each([
  [
    "a dependency that the rule forbids",
    "packages/risk-core/package.json",
    (manifest) => {
      manifest.dependencies["@ballast/ledger"] = "workspace:*";
    },
    [
      "packages/risk-core/package.json depends on ledger, which the dependency rule does not allow",
      "packages/risk-core/tsconfig.json lacks a reference to ledger, on which package.json depends",
    ],
  ],
  [
    "the test kit as a dependency",
    "packages/store/package.json",
    (manifest) => {
      manifest.devDependencies["@ballast/testkit"] = "workspace:*";
    },
    [
      "packages/store/package.json depends on the testkit: tests reach it by path, so that the store can use it too",
      "packages/store/tsconfig.json lacks a reference to testkit, on which package.json depends",
    ],
  ],
  [
    "a reference left out",
    "packages/ledger/tsconfig.json",
    (project) => {
      project.references = project.references.filter(({ path: target }) => target !== "../money");
    },
    ["packages/ledger/tsconfig.json lacks a reference to money, on which package.json depends"],
  ],
  [
    "a reference too many",
    "packages/ledger/tsconfig.json",
    (project) => {
      project.references.push({ path: "../risk-core" });
    },
    ["packages/ledger/tsconfig.json refers to risk-core, on which package.json does not depend"],
  ],
])("%s is reported", async (_what, file, change, answer) => {
  expect(await problemsAfter(file, change)).toEqual(answer);
});
