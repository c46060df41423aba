import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/*
 * Holds the method and the code together. A clause is a heading `## NAME-N …` in docs/method; code cites it behind
 * `@method`, at the beginning of a string (the name of an invariant) or in a comment; a test cites it at the beginning of
 * its name. docs/method/README.md tells authors the same.
 */

const METHOD = "docs/method";
const CODE = ["packages", "apps", "prisma", "scripts"];
const SOURCE = /\.(?:ts|tsx|mjs|cjs|sql|prisma)$/;
const TEST = /\.test(?:-d)?\.(?:ts|tsx|mjs)$/;
/** Not ours to read: what is installed or generated, and the nets, which plant citations that are wrong on purpose. */
const PASSED_OVER = new Set(["node_modules", "dist", "generated", "nets", ".turbo"]);

const HEADING = /^## ([A-Z]+-[1-9]\d*)\b(.*)$/gm;
const TAG = /[*] @method\b((?:[\s*]+[A-Z]+-\d+)*)/g;
/** The names at the beginning of a test's own: `test("A-1: …")`, `describe("A-1 A-2: …")`, `test.each(…)("A-1: …")`. */
const TITLE = /(?:\b(?:test|it|describe)(?:\.\w+)*|[)`])\(\s*["'`]((?:[A-Z]{2,}-\d+[ ,]*)+):/g;
const STRING = /["'`]([A-Z]{4,}-\d+) /g;
const NAME = /\b([A-Z]{2,})-\d+\b/g;

/**
 * Compares the clauses of the method with what cites them.
 *
 * @returns one sentence for each clause that is written twice, that no code or no test cites, and for each citation of a
 * clause that does not exist; empty when all is well
 */
export function methodProblems(root) {
  const { clauses, problems } = readClauses(root);
  const chapters = new Set([...clauses.keys()].map((clause) => clause.split("-")[0]));
  const citedBy = { code: new Set(), tests: new Set() };
  for (const file of CODE.flatMap((folder) => filesBelow(root, folder, SOURCE))) {
    const text = readFileSync(path.join(root, file), "utf8");
    const isTest = TEST.test(file);
    const tags = [...text.matchAll(TAG)];
    const titles = isTest ? namesIn(text.matchAll(TITLE)) : [];
    const strict = [...namesIn(tags), ...namesIn(text.matchAll(STRING)), ...titles];
    const mentioned = [...text.matchAll(NAME)].filter(([, chapter]) => chapters.has(chapter)).map(([name]) => name);
    for (const name of new Set([...strict, ...mentioned])) {
      if (!clauses.has(name)) problems.push(`${file} cites ${name}, which no chapter of ${METHOD} has`);
    }
    if (tags.some(([, names]) => names === "")) problems.push(`${file} has an @method that names no clause`);
    for (const name of isTest ? titles : mentioned) citedBy[isTest ? "tests" : "code"].add(name);
  }
  for (const [clause, { file, withdrawn }] of clauses) {
    if (withdrawn) continue;
    if (!citedBy.code.has(clause)) problems.push(`${file}: no code cites ${clause}`);
    if (!citedBy.tests.has(clause)) problems.push(`${file}: no test is named after ${clause}`);
  }
  return problems;
}

function readClauses(root) {
  const clauses = new Map();
  const problems = [];
  for (const file of filesBelow(root, METHOD, /\.md$/)) {
    for (const [, name, rest] of readFileSync(path.join(root, file), "utf8").matchAll(HEADING)) {
      const other = clauses.get(name);
      if (other !== undefined) problems.push(`${file} has ${name}, which is in ${other.file} too`);
      else clauses.set(name, { file, withdrawn: /\bwithdrawn\b/i.test(rest) });
    }
  }
  return { clauses, problems };
}

function namesIn(matches) {
  return [...matches].flatMap(([, names]) => [...names.matchAll(NAME)].map(([name]) => name));
}

function filesBelow(root, folder, form) {
  return readdirSync(path.join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !PASSED_OVER.has(name))
    .flatMap((entry) => {
      const place = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return filesBelow(root, place, form);
      return form.test(entry.name) ? [place] : [];
    })
    .sort();
}
