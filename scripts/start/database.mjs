import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { startPostgres } from "../embedded-postgres.mjs";
import { step } from "../progress.mjs";
import { runTool } from "../run-tool.mjs";
import { root, toolEnvironment } from "../workspace.mjs";

const DATABASE = "ballast";
const PREFERRED_PORT = 7302;

/**
 * The database to work on: the server that DATABASE_URL names, or one of our own, started now.
 *
 * @returns url; described: a few words for the screen; ended: answers when our server leaves; stop()
 */
export async function openDatabase({ state, password, fresh }) {
  const given = process.env.DATABASE_URL;
  if (given !== undefined && given !== "") {
    if (fresh) throw new Error("--fresh drops the embedded database only; DATABASE_URL names a server of yours");
    return { url: given, described: "DATABASE_URL", ended: new Promise(() => {}), stop: async () => {} };
  }
  const folder = path.join(state, "postgres");
  if (fresh) rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const server = await step("start PostgreSQL", () =>
    startPostgres({
      folder,
      password,
      port: PREFERRED_PORT,
      // A power cut may lose the last half second, whole transactions at a time; nothing is ever half written.
      settings: { synchronous_commit: "off" },
    }),
  );
  await createDatabase(server);
  return {
    url: server.url(DATABASE),
    described: `embedded PostgreSQL, data in ${folder}`,
    ended: server.ended,
    stop: server.stop,
  };
}

async function createDatabase(server) {
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: server.url("postgres") });
  await client.connect();
  try {
    const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}

/** Brings the tables, and the queue's tables when the queue is in PostgreSQL, to the newest version. */
export async function migrate(url) {
  const env = toolEnvironment({ DATABASE_URL: url });
  const run = (file) => runTool(process.execPath, [path.join(root, file)], { env });
  await step("migrate", () =>
    Promise.all([
      run("packages/store/dist/migrate-cli.js"),
      ...(process.env.REDIS_URL ? [] : [run("packages/queues/dist/migrate-cli.js")]),
    ]),
  );
}
