import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startPostgres } from "../embedded-postgres.mjs";
import { root, toolEnvironment } from "../workspace.mjs";

/*
 * start.ready_s: how long a second `npm start` takes until the API, the liquidator and the console serve. The first
 * start, which makes the database, is not measured. Baseline: the same database server alone, started a second time.
 */

const REPEATS = 3;

export async function run({ progress }) {
  const state = mkdtempSync(path.join(tmpdir(), "ballast-bench-"));
  chmodSync(state, 0o711);
  try {
    progress("first start, not measured");
    await readySeconds(state);
    const starts = [];
    for (let repeat = 1; repeat <= REPEATS; repeat++) {
      starts.push(await readySeconds(state));
      progress(`start ${repeat} of ${REPEATS}: ${starts.at(-1)} s`);
    }
    const value = Math.min(...starts);
    const baseline = await serverSeconds(path.join(state, "bare"));
    return { name: "start.ready_s", value, unit: "s", baseline, ratio: value / baseline };
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

/** Seconds from launching the process to its line "ready in …", as a person at the screen would measure them. */
async function readySeconds(state) {
  const begun = performance.now();
  const { DATABASE_URL: _database, ...env } = toolEnvironment({ BALLAST_STATE_DIR: state });
  const start = spawn(process.execPath, [path.join(root, "scripts/start.mjs"), "--no-job", "--exit"], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let ready;
  const hear = (chunk) => {
    output += chunk;
    if (ready === undefined && output.includes("ready in")) ready = performance.now() - begun;
  };
  start.stdout.setEncoding("utf8").on("data", hear);
  start.stderr.setEncoding("utf8").on("data", hear);
  const code = await new Promise((resolve, reject) => {
    start.once("error", reject);
    start.once("close", resolve);
  });
  if (code !== 0 || ready === undefined) throw new Error(`npm start ended with code ${code}:\n${output}`);
  return Math.round(ready) / 1000;
}

async function serverSeconds(folder) {
  const once = async () => {
    const begun = performance.now();
    const server = await startPostgres({ folder, password: "bench" });
    const ready = performance.now() - begun;
    await server.stop();
    return ready;
  };
  await once();
  const starts = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) starts.push(await once());
  return Math.round(Math.min(...starts)) / 1000;
}
