import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { startJob, startService } from "./children.mjs";
import { isRunning, waitUntilGone } from "./processes.mjs";
import { eventually } from "./testing.mjs";

let folder;
let told;
const tell = (sentence) => told.push(sentence);

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "ballast children "));
  told = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A script in the test's folder. Paths of services are taken from the clone, and an absolute one stays as it is. */
function script(name, code) {
  const file = path.join(folder, `${name}.mjs`);
  writeFileSync(file, code);
  return path.relative(path.resolve(import.meta.dirname, ".."), file);
}

const serving = `
  import { createServer } from "node:http";
  const server = createServer((_, response) => response.end(String(process.pid)));
  server.listen(0, "127.0.0.1", () => console.log("READY http://127.0.0.1:" + server.address().port));
  process.on("SIGTERM", () => server.close());
`;

const service = (name, code) =>
  startService({ name, script: script(name, code), env: process.env, logFile: path.join(folder, `${name}.log`), tell });

test("a service is ready when it says so, and gone when it was stopped", async () => {
  const api = service("api", serving);
  expect(await (await fetch(await api.ready)).text()).toBe(String(api.pid()));
  await api.stop();
  expect(isRunning(api.pid())).toBe(false);
  expect(told).toEqual([]);
});

test("a service that dies is started again, and the screen says so", async () => {
  const api = service("api", serving);
  await api.ready;
  const first = api.pid();
  process.kill(first, "SIGKILL");
  await eventually(() => told.includes("api is back"));
  expect(told[0]).toMatch(/^api ended with SIGKILL; starting it again/);
  expect(api.pid()).not.toBe(first);
  await api.stop();
});

test("a service that dies before it was ready fails, with the end of its log", async () => {
  const api = service("api", `console.error("no such database"); process.exit(3);`);
  await expect(api.ready).rejects.toThrow(/api ended with code 3 before it was ready\n.*no such database/s);
  await api.stop();
  expect(told).toEqual([]);
});

test("the log of the start before is kept beside the new one", async () => {
  const log = path.join(folder, "api.log");
  writeFileSync(log, "an older start\n");
  const api = service("api", serving);
  await api.ready;
  await api.stop();
  expect(readFileSync(`${log}.1`, "utf8")).toBe("an older start\n");
  expect(readFileSync(log, "utf8")).toMatch(/^READY http/);
});

//  what the job does                           answer
test.each([
  ["process.exit(0);", 0],
  ["process.exit(7);", 7],
  ['process.kill(process.pid, "SIGKILL");', 1],
])("a job that does %s ends with %s", async (code, answer) => {
  expect(await startJob({ script: script("job", code), env: process.env, tell }).ended).toBe(answer);
});

test("a job that is stopped gets SIGTERM and time to finish", async () => {
  const mark = path.join(folder, "finished");
  const job = startJob({
    script: script(
      "job",
      `import { writeFileSync } from "node:fs";
       process.on("SIGTERM", () => { writeFileSync(${JSON.stringify(mark)}, "yes"); process.exit(0); });
       writeFileSync(${JSON.stringify(`${mark}.begun`)}, "yes");
       setInterval(() => undefined, 1000);`,
    ),
    env: process.env,
    tell,
  });
  await eventually(() => readFileSync(`${mark}.begun`, "utf8") === "yes");
  await job.stop();
  expect(readFileSync(mark, "utf8")).toBe("yes");
});

test("when the starter is killed outright, its children leave as well", async () => {
  mkdirSync(path.join(folder, "logs"));
  const file = path.join(folder, "starter.mjs");
  const children = pathToFileURL(path.join(import.meta.dirname, "children.mjs")).href;
  writeFileSync(
    file,
    `import { startService } from ${JSON.stringify(children)};
     const service = startService({ name: "api", script: ${JSON.stringify(script("api", serving))}, env: process.env,
       logFile: ${JSON.stringify(path.join(folder, "logs", "api.log"))}, tell: () => {} });
     await service.ready;
     console.log(service.pid());`,
  );
  const starter = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "inherit"] });
  const pid = await new Promise((resolve) => starter.stdout.once("data", (text) => resolve(Number.parseInt(text, 10))));
  expect(isRunning(pid)).toBe(true);
  starter.kill("SIGKILL");
  await expect(waitUntilGone(pid, 10_000)).resolves.toBeUndefined();
});
