import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { root, toolEnvironment } from "./workspace.mjs";

/**
 * Runs Jest on the given folders (none: all) and counts. Jest writes to our screen while it runs.
 *
 * A suite that could not be run at all counts as one failed test: its own tests never had a chance to.
 */
export async function runJest({ folders, environment }) {
  const place = mkdtempSync(path.join(tmpdir(), "ballast-jest-"));
  const report = path.join(place, "report.json");
  const code = await spawnJest(
    [...folders.map(pathPattern), "--maxWorkers=2", "--testTimeout=120000", "--json", `--outputFile=${report}`],
    environment,
  );
  const result = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : undefined;
  rmSync(place, { recursive: true, force: true });
  if (result === undefined) return { passed: 0, failed: 1, skipped: 0, suites: 0, code };
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  return {
    passed: result.numPassedTests,
    // Jest may fail for a reason that belongs to no test (an open handle in a worker, say): it must not be lost.
    failed: failed === 0 && !result.success ? 1 : failed,
    skipped: result.numPendingTests + result.numTodoTests,
    suites: result.numTotalTestSuites,
    code,
  };
}

/** Jest takes patterns, people name folders: exactly this folder or file of the clone. */
function pathPattern(folder) {
  return `^${path.join(root, folder).replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(/|$)`;
}

function spawnJest(args, environment) {
  const flags = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];
  const program = path.join(root, "node_modules", "jest", "bin", "jest.js");
  // A server of the user's is not a place for tests: they get their own, under other names.
  const { DATABASE_URL: _database, REDIS_URL: _redis, ...inherited } = toolEnvironment();
  return new Promise((resolve, reject) => {
    const jest = spawn(process.execPath, [...flags, program, ...args], {
      cwd: root,
      env: { ...inherited, ...environment },
      // The JSON goes to its file; the report for people goes to standard error, which is ours.
      stdio: ["ignore", "ignore", "inherit"],
    });
    const leave = () => jest.kill("SIGTERM");
    process.once("exit", leave);
    jest.once("error", reject);
    jest.once("close", (code) => {
      process.removeListener("exit", leave);
      resolve(code ?? 1);
    });
  });
}
