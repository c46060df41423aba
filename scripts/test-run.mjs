import { existsSync } from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { build, generate } from "./build.mjs";
import { runChecks } from "./checks.mjs";
import { ensureInstalled } from "./install.mjs";
import { runJest } from "./jest-run.mjs";
import { say, seconds, step } from "./progress.mjs";
import { browserForTests, postgresForTests, redisForTests } from "./test-services.mjs";
import { root } from "./workspace.mjs";

const { pure } = createRequire(import.meta.url)("./dependency-rule.cjs");

/**
 * `npm test`: everything the tests need, then the checks and the tests, and one line at the end with their sum.
 * With folders (`npm test -- packages/money`) only the tests below them, and no checks.
 *
 * @returns the exit code: 0 only when something ran and nothing failed
 */
export async function test(folders) {
  const missing = folders.filter((folder) => !existsSync(path.join(root, folder)));
  if (missing.length > 0) {
    say(`There is no ${missing.join(", ")}. Usage: npm test -- [folder or test file …]`);
    return 2;
  }
  let outcome;
  try {
    outcome = await runEverything(folders);
  } catch (fault) {
    say(`\n${fault.message}`);
    outcome = { passed: 0, failed: 1 };
  }
  say();
  say(`${outcome.passed} passed, ${outcome.failed} failed`);
  return outcome.failed === 0 && outcome.passed > 0 ? 0 : 1;
}

const none = { environment: {}, stop: async () => {} };

/** Tests of a pure package run on its sources alone: no build, no server. */
function isPure(folder) {
  return pure.some((name) => `${folder}/`.startsWith(`packages/${name}/`));
}

async function runEverything(folders) {
  await ensureInstalled();
  const everything = folders.length === 0;
  const onlyPure = !everything && folders.every(isPure);
  await (!everything && folders.every((folder) => folder.startsWith("packages/")) ? generate() : build());
  const checks = everything ? await runChecks() : { passed: 0, failures: [] };

  const postgres = onlyPure ? none : await step("start PostgreSQL for tests", () => postgresForTests());
  const redis = onlyPure ? none : await redisForTests();
  const browser = browserForTests();
  const stopServices = async () => {
    await redis.stop();
    await postgres.stop();
  };
  stopOnSignal(stopServices);
  try {
    const environment = { ...postgres.environment, ...redis.environment, ...browser.environment };
    const jest = await runJest({ folders, environment });
    say();
    for (const { name, found } of checks.failures) say(`check ${name} failed:\n${found}\n`);
    for (const { skipped } of [redis, browser]) {
      if (skipped !== undefined) say(`Skipped, and not counted: tests that want ${skipped}.`);
    }
    if (jest.skipped > 0) say(`Skipped, and not counted: ${jest.skipped} tests.`);
    if (jest.suites === 0) say("No test was found.");
    if (!everything) say("The checks were left out, because folders were named.");
    say(`${jest.suites} suites, ${seconds(performance.now())}.`);
    return {
      passed: checks.passed + jest.passed,
      failed: checks.failures.length + jest.failed + (jest.suites === 0 ? 1 : 0),
    };
  } finally {
    await stopServices();
  }
}

/** Ctrl-C in the middle: the servers are stopped, and the answer is that nothing is known. */
function stopOnSignal(stopServices) {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.once(signal, () => {
      say("\nStopping …");
      stopServices().then(() => process.exit(130));
    });
  }
}
