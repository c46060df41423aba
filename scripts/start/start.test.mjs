import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { postgresForTests } from "../test-services.mjs";
import { eventually } from "../testing.mjs";
import { root, toolEnvironment } from "../workspace.mjs";

/*
 * The whole of `npm start` but the main job, on the applications as they are built.
 */

let state;
beforeAll(() => {
  state = mkdtempSync(path.join(tmpdir(), "ballast start "));
  chmodSync(state, 0o711);
});
afterAll(() => rmSync(state, { recursive: true, force: true }));

/** `npm start` with these options: its output so far, its exit code in the end, and a way to press Ctrl-C. */
function start(options, extra = {}) {
  const { DATABASE_URL: _database, REDIS_URL: _redis, ...env } = toolEnvironment();
  const child = spawn(process.execPath, [path.join(root, "scripts/start.mjs"), ...options], {
    cwd: root,
    env: { ...env, BALLAST_STATE_DIR: state, ...extra },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (output += text));
  const ended = new Promise((resolve) => child.once("close", (code) => resolve(code)));
  return { output: () => output, ended, interrupt: () => child.kill("SIGINT") };
}

const secretsFile = () => path.join(state, "secrets.json");

test("the first start makes a database and secrets, serves the console and the API, and stops on Ctrl-C", async () => {
  const first = start(["--no-job"]);
  await Promise.race([eventually(() => first.output().includes("Ctrl-C stops everything")), first.ended]);
  const [, consoleUrl] = /Console\s+(\S+)/.exec(first.output()) ?? [];
  const page = await fetch(consoleUrl);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain("<title>Ballast");
  expect(statSync(secretsFile()).mode & 0o777).toBe(0o600);

  const rival = start(["--no-job", "--exit"]);
  expect(await rival.ended).toBe(1);
  expect(rival.output()).toContain("Ballast runs from this folder already");

  first.interrupt();
  expect(await first.ended).toBe(0);
  expect(first.output()).toContain("Stopped cleanly");
  expect(existsSync(path.join(state, "postgres/data/postmaster.pid"))).toBe(false);
});

test("the second start finds the same database and the same secrets", async () => {
  const made = statSync(path.join(state, "postgres/data/PG_VERSION")).mtimeMs;
  const second = start(["--no-job", "--exit"]);
  expect(await second.ended).toBe(0);
  expect(second.output()).toMatch(/ready in \d+\.\d s/);
  expect(statSync(path.join(state, "postgres/data/PG_VERSION")).mtimeMs).toBe(made);
});

test("DATABASE_URL is used, and no server of ours is started", async () => {
  const server = await postgresForTests();
  const given = start(["--no-job", "--exit"], { DATABASE_URL: server.environment.TEST_DATABASE_URL });
  expect(await given.ended).toBe(0);
  expect(given.output()).toContain("Database   DATABASE_URL");
  expect(given.output()).not.toContain("start PostgreSQL");
  await server.stop();
});

test("--fresh never drops a database of the user's", async () => {
  const given = start(["--fresh", "--no-job", "--exit"], { DATABASE_URL: "postgresql://127.0.0.1:1/none" });
  expect(await given.ended).toBe(1);
  expect(given.output()).toContain("--fresh drops the embedded database only");
});

test("a command line that is not understood is answered with the usage", async () => {
  const wrong = start(["--sed", "1"]);
  expect(await wrong.ended).toBe(1);
  expect(wrong.output()).toContain("Unknown option '--sed'");
  expect(wrong.output()).toContain("--fresh");
});
