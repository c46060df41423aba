import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startPostgres } from "./embedded-postgres.mjs";
import { redisProgram, startRedis } from "./redis.mjs";

/*
 * What tests may lean on. Each service says what it puts into the environment, how to stop it, and, when this machine
 * does not have it, why the tests that want it are skipped.
 */

/** A PostgreSQL server for tests and benchmarks, empty, gone afterwards. Nothing on it survives a power cut. */
export async function postgresForTests() {
  const folder = mkdtempSync(path.join(tmpdir(), "ballast-test-"));
  const server = await startPostgres({
    folder,
    password: randomBytes(16).toString("hex"),
    settings: { fsync: "off", synchronous_commit: "off", full_page_writes: "off" },
  });
  return {
    environment: { TEST_DATABASE_URL: server.url("postgres") },
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The Redis of REDIS_URL, or one of our own when the program is installed. */
export async function redisForTests() {
  if (process.env.REDIS_URL) return { environment: { TEST_REDIS_URL: process.env.REDIS_URL }, stop: async () => {} };
  const program = redisProgram();
  if (program === undefined) {
    return {
      skipped: "Redis: REDIS_URL is not set and there is no redis-server on the PATH",
      environment: {},
      stop: async () => {},
    };
  }
  const server = await startRedis(program);
  return { environment: { TEST_REDIS_URL: server.url }, stop: server.stop };
}

/** The browser of CHROMIUM_PATH, or the one in its usual place. */
export function browserForTests() {
  const usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const found = process.env.CHROMIUM_PATH || usual.find((file) => existsSync(file));
  if (found === undefined || !existsSync(found)) {
    return { skipped: "browser: CHROMIUM_PATH is not set and there is no Chromium in /usr/bin", environment: {} };
  }
  return { environment: { CHROMIUM_PATH: found } };
}
