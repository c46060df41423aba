import { fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { startPostgres } from "../embedded-postgres.mjs";
import { giveBack } from "../ports.mjs";
import { redisProgram, startRedis } from "../redis.mjs";
import { runTool } from "../run-tool.mjs";
import { root, toolEnvironment } from "../workspace.mjs";
import { built, driver } from "./built.mjs";
import { startVenue } from "./venue.mjs";

/*
 * A place to play cells in, one after the other: a PostgreSQL server of its own, because some cells stop it, a Redis where
 * the machine has one, a venue, and workers that are loaded before they are needed.
 */

const { applyMigrations } = await built("packages/store/dist/index.js");
const { Client } = driver();

/** PostgreSQL's code for a deadlock. */
const DEADLOCK = "40P01";

export async function openLane() {
  const folder = mkdtempSync(path.join(tmpdir(), "ballast-crash-"));
  const password = randomBytes(16).toString("hex");
  // A commit reaches the operating system before it is answered, so it survives a server that is stopped at once.
  const settings = { fsync: "off", full_page_writes: "off" };
  const start = (port) => startPostgres({ folder, password, port, settings });
  let server = await start(0);
  const { port } = server;
  const program = redisProgram();
  const redis = program === undefined ? null : await startRedis(program);
  const venue = await startVenue();
  /** Workers that are loaded, or loading, and have nothing to do. */
  const idle = [];

  const sql = async (database, text) => {
    const client = new Client({ connectionString: server.url(database) });
    await client.connect();
    try {
      return await client.query(text);
    } finally {
      await client.end();
    }
  };

  return {
    venue,
    redisUrl: redis?.url,
    url: (database) => server.url(database),
    sql,

    /** Makes an empty, migrated database with the queue's tables. */
    async createDatabase(name) {
      await sql("postgres", `CREATE DATABASE ${name}`);
      await applyMigrations(server.url(name));
      await runTool(process.execPath, [path.join(root, "packages/queues/dist/migrate-cli.js")], {
        env: toolEnvironment({ DATABASE_URL: server.url(name) }),
      });
    },
    async cloneDatabase(template, name) {
      await sql("postgres", `CREATE DATABASE ${name} TEMPLATE ${template}`);
      // A clone takes over numbers that its template's sequences have fetched ahead, without a record of them in its own
      // log: after a stop at once they would be given twice. After a checkpoint the next number writes such a record.
      await sql("postgres", "CHECKPOINT");
    },
    async dropDatabase(name) {
      await sql("postgres", `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },

    /** Loses everything that the queue has. */
    async flushQueue(database, redisUrl) {
      if (redisUrl !== undefined) return flushRedis(redisUrl);
      const { rows } = await sql(
        database,
        `SELECT 'bullmq.' || quote_ident(tablename) AS name FROM pg_tables
          WHERE schemaname = 'bullmq' AND tablename NOT LIKE '%migration%'`,
      );
      const tables = rows.map(({ name }) => name).join(", ");
      // The queue locks its tables in an order of its own, so we may be the one that is sacrificed.
      for (;;) {
        try {
          return await sql(database, `TRUNCATE ${tables}`);
        } catch (cause) {
          if (cause.code !== DEADLOCK) throw cause;
        }
      }
    },

    /** Ends every connection to a database but our own. */
    async cutConnections(database) {
      await sql(
        "postgres",
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = '${database}' AND application_name <> 'crash-matrix'`,
      );
    },

    /** Stops the server, at once or after ending its sessions, and starts it again at the same address. */
    async restartDatabase(atOnce) {
      const pid = Number.parseInt(readFileSync(path.join(folder, "data", "postmaster.pid"), "utf8"), 10);
      process.kill(pid, atOnce ? "SIGQUIT" : "SIGINT");
      await server.ended;
      giveBack(port);
      server = await start(port);
      if (server.port !== port) throw new Error(`PostgreSQL came back at port ${server.port} instead of ${port}`);
    },

    /** A worker that has nothing to do; one more is loaded meanwhile. */
    async worker() {
      const taken = idle.pop() ?? loadWorker();
      if (idle.length === 0) idle.unshift(loadWorker());
      await taken.loaded;
      return taken;
    },
    /** Takes a worker back that has stopped its work and is alive: the next cell finds it warm. */
    giveBack(worker) {
      worker.forget();
      idle.push(worker);
    },

    async close() {
      for (const worker of idle) worker.end();
      await venue.close();
      await redis?.stop();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A process that has loaded the worker and waits for its plan. */
function loadWorker() {
  const child = fork(path.join(import.meta.dirname, "worker.mjs"), [], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    env: toolEnvironment(),
  });
  const waiting = new Map();
  let heard = [];
  let words = "";
  child.stderr.setEncoding("utf8").on("data", (chunk) => {
    words = `${words}${chunk}`.slice(-4_000);
  });
  child.on("message", (message) => {
    heard.push(message);
    waiting.get(message.type)?.(message);
  });
  const exited = new Promise((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })));
  /** The first message of a type since the last plan. */
  const next = (type) =>
    new Promise((resolve) => {
      const early = heard.find((message) => message.type === type);
      if (early === undefined) waiting.set(type, resolve);
      else resolve(early);
    });
  const loaded = Promise.race([
    next("loaded"),
    exited.then(() => Promise.reject(new Error(`a worker left before it was needed:\n${words}`))),
  ]);
  // Whoever takes the worker hears of it; a spare one that nobody takes is ended with the lane.
  loaded.catch(() => {});
  return {
    loaded,
    exited,
    next,
    heard: (type) => heard.filter((message) => message.type === type),
    words: () => words,
    start: (plan) => child.send({ type: "start", plan }),
    go: () => child.connected && child.send({ type: "go" }),
    /** Answers whether it has stopped and is still there. */
    async stop() {
      if (!child.connected) return false;
      child.send({ type: "stop" });
      const late = new Promise((resolve) => setTimeout(resolve, 20_000, "late"));
      const end = await Promise.race([next("stopped"), exited, late]);
      return end !== "late" && end.type === "stopped";
    },
    forget() {
      heard = [];
      waiting.clear();
    },
    end: () => child.kill("SIGKILL"),
  };
}

function flushRedis(url) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number.parseInt(port, 10), hostname, () => socket.write("FLUSHALL\r\n"));
    socket.once("data", () => socket.end(resolve));
    socket.once("error", reject);
  });
}
