import path from "node:path";
import { step } from "./progress.mjs";
import { referenceProblems } from "./check-references.mjs";
import { methodProblems } from "./trace-method.mjs";
import { runTool, ToolFailed } from "./run-tool.mjs";
import { root, tool } from "./workspace.mjs";

/*
 * The checks that are not tests: each reads the whole tree and has one answer. `npm test` counts each as one test.
 */

const checks = [
  ["format", () => runTool(tool("biome"), ["format", "."])],
  ["references", async () => refuse(await referenceProblems(root))],
  ["method", async () => refuse(methodProblems(root))],
  ["types", () => runTool(tool("tsc"), ["-b"])],
  ["lint", () => runTool(tool("oxlint"), ["--type-aware", "--deny-warnings"])],
  [
    "dependency rule",
    () =>
      runTool(process.execPath, [
        path.join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs"),
        "--config=.dependency-cruiser.cjs",
        "packages",
        "apps",
      ]),
  ],
];

function refuse(problems) {
  if (problems.length > 0) throw new ToolFailed(problems.join("\n"));
}

/** Runs every check, says what each found, and counts. */
export async function runChecks() {
  let passed = 0;
  const failures = [];
  for (const [name, check] of checks) {
    try {
      await step(`check ${name}`, () => check());
      passed += 1;
    } catch (fault) {
      failures.push({ name, found: fault.message });
    }
  }
  return { passed, failures };
}
