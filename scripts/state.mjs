import { createHash, randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { canEnter, postgresUser } from "./postgres-user.mjs";
import { commandOf, isRunning } from "./processes.mjs";
import { root } from "./workspace.mjs";

/*
 * What stays between two starts: the database, the secrets, the logs.
 */

/**
 * The state folder, created if it is not there: BALLAST_STATE_DIR, or `.ballast` in the clone, or, when the clone lies
 * under a folder that the database server may not enter (root's home, say), a folder of this clone's own elsewhere.
 */
export function stateFolder() {
  const chosen = process.env.BALLAST_STATE_DIR;
  if (chosen !== undefined && chosen !== "") {
    const folder = path.resolve(chosen);
    const outcome = usable(folder);
    if (outcome !== "usable") throw new Error(`BALLAST_STATE_DIR=${folder} cannot be used: ${outcome}`);
    return folder;
  }
  const name = `ballast-${createHash("sha256").update(realpathSync(root)).digest("hex").slice(0, 12)}`;
  const stateHome = process.env.XDG_STATE_HOME ?? path.join(homedir(), ".local", "state");
  const candidates = [
    path.join(root, ".ballast"),
    path.join(stateHome, name),
    `/var/lib/${name}`,
    path.join(tmpdir(), name),
  ];
  const refused = [];
  for (const folder of candidates) {
    const outcome = usable(folder);
    if (outcome === "usable") return folder;
    refused.push(`${folder} (${outcome})`);
  }
  throw new Error(`no folder for the database; set BALLAST_STATE_DIR. Tried: ${refused.join(", ")}`);
}

function usable(folder) {
  const isNew = !existsSync(folder);
  try {
    mkdirSync(folder, { recursive: true });
    // Whatever the umask says: to be walked through by the database server's user, not to be listed.
    if (isNew) chmodSync(folder, 0o711);
  } catch (fault) {
    return fault.code;
  }
  if (canEnter(postgresUser(path.join(folder, "postgres", "data")), folder)) return "usable";
  if (isNew) rmSync(folder, { recursive: true });
  return "the database server's user may not enter it";
}

/**
 * The secrets of this installation, made at the first start and kept in a file that only its owner can read.
 * Their names are those of the environment variables that carry them.
 */
export function secrets(folder) {
  const file = path.join(folder, "secrets.json");
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const hex = () => randomBytes(32).toString("hex");
  const all = {
    POSTGRES_PASSWORD: hex(),
    BALLAST_ENCRYPTION_KEY: hex(),
    BALLAST_SESSION_SECRET: hex(),
    BALLAST_EXCHANGE_KEY_ID: "exchange",
    BALLAST_EXCHANGE_KEY_SECRET: hex(),
    BALLAST_ADMIN_NAME: "admin",
    BALLAST_ADMIN_PASSWORD: randomBytes(12).toString("base64url"),
    ...kept,
  };
  if (Object.keys(all).length !== Object.keys(kept).length) {
    writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 });
  }
  return all;
}

/**
 * Takes the state folder for this process, or says who has it. Two starts on one database would drive it twice.
 * The lock of a process that was killed is recognised as stale and taken over.
 *
 * @returns a function that gives the folder back
 */
export function lockState(folder) {
  const file = path.join(folder, "running.json");
  if (existsSync(file)) {
    const { pid } = JSON.parse(readFileSync(file, "utf8"));
    if (pid !== process.pid && isRunning(pid) && commandOf(pid).includes("start.mjs")) {
      throw new Error(
        `Ballast runs from this folder already (process ${pid}, state in ${folder}); stop that one first`,
      );
    }
  }
  writeFileSync(file, JSON.stringify({ pid: process.pid }));
  return () => rmSync(file, { force: true });
}
