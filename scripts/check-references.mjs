import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const { apps, packages, testOnly } = createRequire(import.meta.url)("./dependency-rule.cjs");

/**
 * Compares, for every package and application, three lists that must say the same: the rule, the dependencies in
 * package.json, and the project references in tsconfig.json. The compiler follows the third, the package manager the
 * second, and nobody else compares them.
 *
 * @returns one sentence for each difference; empty when there is none
 */
export async function referenceProblems(root) {
  const problems = [];
  for (const [group, table] of [
    ["packages", packages],
    ["apps", apps],
  ]) {
    for (const [name, { may }] of Object.entries(table)) {
      const folder = path.join(root, group, name);
      if (!existsSync(folder)) {
        problems.push(`${group}/${name} is in the dependency rule and not in the tree`);
        continue;
      }
      problems.push(...compare(`${group}/${name}`, folder, may));
    }
  }
  return problems;
}

function compare(where, folder, may) {
  const manifest = readJson(path.join(folder, "package.json"));
  const declared = ours({ ...manifest.dependencies, ...manifest.devDependencies });
  const references = referencesOf(path.join(folder, "tsconfig.json"));
  return [
    ...declared
      .filter((name) => !may.includes(name))
      .map((name) =>
        name === testOnly
          ? `${where}/package.json depends on the ${testOnly}: tests reach it by path, so that the store can use it too`
          : `${where}/package.json depends on ${name}, which the dependency rule does not allow`,
      ),
    ...declared
      .filter((name) => !references.includes(name))
      .map((name) => `${where}/tsconfig.json lacks a reference to ${name}, on which package.json depends`),
    ...references
      .filter((name) => !declared.includes(name))
      .map((name) => `${where}/tsconfig.json refers to ${name}, on which package.json does not depend`),
  ];
}

function ours(dependencies) {
  return Object.keys(dependencies)
    .filter((name) => name.startsWith("@ballast/"))
    .map((name) => name.slice("@ballast/".length));
}

/** The packages a project refers to, by the name of their folder. */
function referencesOf(file) {
  return (readJson(file).references ?? []).map(({ path: target }) => path.basename(target));
}

function readJson(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}
