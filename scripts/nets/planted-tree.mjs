import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { root } from "../workspace.mjs";

/*
 * A net that catches nothing looks just like a clean tree. So every rule that a tool holds is tested here with a
 * planted violation: the real configuration, a made-up tree around it, one bad file a rule, and beside it a clean file
 * that must pass.
 */

const CONFIGURATION = [
  ".oxlintrc.json",
  ".dependency-cruiser.cjs",
  "biome.json",
  ".gitignore",
  "tsconfig.base.json",
  "package.json",
  "scripts/dependency-rule.cjs",
  "scripts/lint",
];

/**
 * Makes a tree with the repository's configuration, the package.json and tsconfig.json of every package and
 * application, and these files in it.
 *
 * @param files  path → content; paths as in the repository
 * @returns folder, and remove()
 */
export function plantedTree(files) {
  const folder = mkdtempSync(path.join(tmpdir(), "ballast-nets-"));
  for (const item of CONFIGURATION) cpSync(path.join(root, item), path.join(folder, item), { recursive: true });
  for (const { group, name } of members()) {
    for (const file of ["package.json", "tsconfig.json"]) {
      cpSync(path.join(root, group, name, file), path.join(folder, group, name, file));
    }
  }
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), content);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Every package and application: its group (`packages` or `apps`) and its name. */
export function members() {
  return ["packages", "apps"].flatMap((group) =>
    readdirSync(path.join(root, group), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => ({ group, name })),
  );
}

/** Makes `from` in the tree a link to `to` in the repository. */
export function linkToRepository(folder, from, to) {
  mkdirSync(path.dirname(path.join(folder, from)), { recursive: true });
  symlinkSync(path.join(root, to), path.join(folder, from));
}

/** The violations found, as `file: rule`, sorted, so that a test can say exactly which ones it expects. */
export function findings(pairs) {
  return [...new Set(pairs.map(({ file, rule }) => `${file}: ${rule}`))].sort();
}
