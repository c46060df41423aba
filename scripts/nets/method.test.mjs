import { expect, test } from "@jest/globals";
import { methodProblems } from "../trace-method.mjs";
import { plantedTree } from "./planted-tree.mjs";

const chapter = "docs/method/planted.md";
const code = "packages/money/src/planted.ts";
const tests = "packages/money/src/planted.test.ts";

/** A clause that code and a test cite: nothing to complain about. */
const clean = {
  [chapter]: "# Planted\n\n## PLANTED-1 A rule\n\nText.\n",
  [code]: "/**\n * Does it.\n *\n * @method PLANTED-1\n */\nexport const planted = 1;\n",
  [tests]: 'test("PLANTED-1: it does it", () => {});\n',
  "prisma/schema.prisma": "",
};

const tag = (names) => `/** @method ${names} */\nexport const planted = 1;\n`;

//  what is planted                          the files that differ                                      the answer
test.each([
  ["nothing", {}, []],
  ["a clause that no code cites", { [code]: "export {};\n" }, [`${chapter}: no code cites PLANTED-1`]],
  [
    "a clause that a test mentions and is not named after",
    { [tests]: 'test("it does it", () => { expect(f).toThrow("PLANTED-1 a rule"); });\n' },
    [`${chapter}: no test is named after PLANTED-1`],
  ],
  [
    "a clause written twice",
    { "docs/method/second.md": "## PLANTED-1 The same rule\n" },
    ["docs/method/second.md has PLANTED-1, which is in docs/method/planted.md too"],
  ],
  ["a clause that was withdrawn", { [chapter]: `${clean[chapter]}\n## PLANTED-2 Withdrawn: another\n` }, []],
  [
    "a tag that cites a clause of no chapter",
    { [code]: tag("PLANTED-1 PLANTD-1") },
    [`${code} cites PLANTD-1, which no chapter of docs/method has`],
  ],
  [
    "a tag without a clause",
    { "apps/cli/src/planted.ts": tag("") },
    ["apps/cli/src/planted.ts has an @method that names no clause"],
  ],
  [
    "a comment that cites a clause its chapter does not have",
    { "prisma/planted.sql": "-- PLANTED-1, PLANTED-7, and UTF-8, which is no clause\n" },
    ["prisma/planted.sql cites PLANTED-7, which no chapter of docs/method has"],
  ],
  [
    "an invariant of a clause that does not exist",
    { "apps/cli/src/planted.ts": 'assertInvariant(ok, "PLANTED-9 holds");\n' },
    ["apps/cli/src/planted.ts cites PLANTED-9, which no chapter of docs/method has"],
  ],
  [
    "tests named after clauses, one of them unknown",
    { [tests]: 'describe("PLANTED-1 OTHER-2: both", () => {});\ntest.each([])("PLANTED-1: %s", () => {});\n' },
    [`${tests} cites OTHER-2, which no chapter of docs/method has`],
  ],
])("%s", (_what, files, answer) => {
  const tree = plantedTree({ ...clean, ...files });
  try {
    expect(methodProblems(tree.folder).filter((problem) => !problem.startsWith("scripts/"))).toEqual(answer);
  } finally {
    tree.remove();
  }
});
