import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

/** Is there a process of that id, whoever owns it? */
export function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (fault) {
    return fault.code === "EPERM";
  }
}

/** The command line of a process, blanks between its arguments; empty when there is none. */
export function commandOf(pid) {
  const file = `/proc/${pid}/cmdline`;
  if (existsSync(file)) return readFileSync(file, "utf8").replaceAll("\0", " ");
  const answer = spawnSync("ps", ["-p", String(pid), "-o", "command="], { encoding: "utf8" });
  return answer.stdout ?? "";
}

/** Answers when the process has left (one that nobody has buried yet counts as gone); fails after `msMax`. */
export async function waitUntilGone(pid, msMax) {
  const deadline = performance.now() + msMax;
  while (isRunning(pid) && commandOf(pid) !== "") {
    if (performance.now() > deadline) throw new Error(`process ${pid} did not stop within ${msMax / 1000} s`);
    await pause(25);
  }
}
