import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "./ports.mjs";

/** The Redis or Valkey server program on this machine, or undefined. */
export function redisProgram() {
  return ["redis-server", "valkey-server"].find(
    (name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0,
  );
}

/** Starts a Redis of our own for tests: on 127.0.0.1, in memory only. Answers its address and how to stop it. */
export async function startRedis(program) {
  const port = await freePort();
  const folder = mkdtempSync(path.join(tmpdir(), "ballast-redis-"));
  const server = spawn(
    program,
    ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const leave = () => server.kill("SIGTERM");
  process.once("exit", leave);
  const ended = new Promise((resolve) => server.once("close", resolve));
  await new Promise((resolve, reject) => {
    let output = "";
    server.stdout.setEncoding("utf8").on("data", (chunk) => {
      output += chunk;
      if (/ready to accept connections/i.test(output)) resolve();
    });
    server.once("error", reject);
    void ended.then(() => reject(new Error(`${program} did not start:\n${output}`)));
  });
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      process.removeListener("exit", leave);
      leave();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
