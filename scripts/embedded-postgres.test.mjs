import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import pg from "pg";
import { startPostgres } from "./embedded-postgres.mjs";
import { waitUntilGone } from "./processes.mjs";

let folder;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "ballast postgres "));
  chmodSync(folder, 0o711);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function query(server, sql) {
  const client = new pg.Client({ connectionString: server.url("postgres") });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test("the data is kept from one start to the next, in a folder with a blank in its name", async () => {
  const first = await startPostgres({ folder, password: "secret" });
  await query(first, "CREATE TABLE kept AS SELECT 42 AS answer");
  await first.stop();
  const second = await startPostgres({ folder, password: "secret" });
  expect(await query(second, "SELECT answer FROM kept")).toEqual([{ answer: 42 }]);
  await second.stop();
});

test("only the right password enters, and only the server's user can read the data", async () => {
  const server = await startPostgres({ folder, password: "secret" });
  const client = new pg.Client({ connectionString: server.url("postgres").replace("secret", "guess") });
  await expect(client.connect()).rejects.toThrow(/password authentication failed/);
  expect(statSync(path.join(folder, "data")).mode & 0o777).toBe(0o700);
  await server.stop();
});

test("a server whose script was killed outright leaves by itself", async () => {
  const file = path.join(folder, "starter.mjs");
  const embedded = pathToFileURL(path.join(import.meta.dirname, "embedded-postgres.mjs")).href;
  writeFileSync(
    file,
    `import { startPostgres } from ${JSON.stringify(embedded)};
     await startPostgres({ folder: ${JSON.stringify(path.join(folder, "db"))}, password: "secret" });
     console.log("started");`,
  );
  const starter = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "inherit"] });
  await new Promise((resolve) => starter.stdout.once("data", resolve));
  const pid = serverPid(path.join(folder, "db"));
  starter.kill("SIGKILL");
  await expect(waitUntilGone(pid, 10_000)).resolves.toBeUndefined();
});

test("a server that was left behind is ended by the next start, which finds the data whole", async () => {
  const first = await startPostgres({ folder, password: "secret" });
  await query(first, "CREATE TABLE kept AS SELECT 42 AS answer");
  // The keeper is killed outright: nobody is left to tell the server.
  const orphan = serverPid(folder);
  process.kill(first.keeperPid, "SIGKILL");
  await first.ended;
  const second = await startPostgres({ folder, password: "secret" });
  expect(serverPid(folder)).not.toBe(orphan);
  expect(await query(second, "SELECT answer FROM kept")).toEqual([{ answer: 42 }]);
  await second.stop();
});

function serverPid(place) {
  return Number.parseInt(readFileSync(path.join(place, "data", "postmaster.pid"), "utf8"), 10);
}
