import { execFileSync, spawnSync } from "node:child_process";
import { statSync } from "node:fs";

/*
 * PostgreSQL refuses to run as root, so root lends it another user: `postgres` if the machine has one, else `nobody`.
 * That user must be able to walk to the program and to the data, which it cannot below a folder only root may enter.
 */

/** The user to run PostgreSQL as: its ids when we are root, undefined when we are nobody special. */
export function postgresUser(dataFolder) {
  if (process.getuid?.() !== 0) return undefined;
  const owner = ownerOf(dataFolder);
  if (owner !== undefined && owner.uid !== 0) return owner;
  const user = idsOf("postgres") ?? idsOf("nobody");
  if (user === undefined) {
    throw new Error("PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody");
  }
  return user;
}

/** May that user (undefined: ourselves) enter the folder? */
export function canEnter(user, folder) {
  if (user === undefined) return true;
  const answer = spawnSync("/bin/sh", ["-c", 'cd "$1"', "sh", folder], { ...user, cwd: "/", stdio: "ignore" });
  return answer.status === 0;
}

/** May that user (undefined: ourselves) run the program? */
export function canRun(user, program) {
  if (user === undefined) return true;
  const answer = spawnSync("/bin/sh", ["-c", 'test -x "$1"', "sh", program], { ...user, cwd: "/", stdio: "ignore" });
  return answer.status === 0;
}

/** A data folder that exists already belongs to somebody; the server must go on as the same user. */
function ownerOf(folder) {
  const found = statSync(folder, { throwIfNoEntry: false });
  return found === undefined ? undefined : { uid: found.uid, gid: found.gid };
}

function idsOf(name) {
  try {
    const id = (flag) => Number.parseInt(execFileSync("id", [flag, name], { stdio: ["ignore", "pipe", "ignore"] }), 10);
    return { uid: id("-u"), gid: id("-g") };
  } catch {
    // `id` answers with an error for a user that does not exist: that is the answer we asked for.
    return undefined;
  }
}
