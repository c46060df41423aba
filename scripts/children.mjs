import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { root } from "./workspace.mjs";

/*
 * The processes of the applications. Each lives in a process group of its own, so that Ctrl-C reaches only the script
 * that started them, which then stops them in the right order.
 */

const READY_MS_MAX = 60_000;
const STOP_MS_MAX = 15_000;
const RESTART_PAUSE_MS = 500;
const RESTART_PAUSE_MS_MAX = 10_000;
/** A child that lived this long had started well; its next death is a new matter. */
const SETTLED_MS = 30_000;

const nodeFlags = [
  "--enable-source-maps",
  "--disable-warning=ExperimentalWarning",
  "--import",
  pathToFileURL(path.join(import.meta.dirname, "leave-with-parent.mjs")).href,
];

/**
 * Starts a service: a script that prints `READY <url>` when it serves, and stops on SIGTERM.
 *
 * Its output goes to `logFile` (the log before it to `logFile.1`). Once it has been ready, it is started again whenever
 * it dies; a death before that fails `ready`.
 *
 * @param options.tell  receives a sentence for the person at the screen
 * @returns ready: promise of the address; stop(): answers when it is gone; pid(): of the process of the moment
 */
export function startService({ name, script, args = [], env, logFile, tell }) {
  if (existsSync(logFile)) renameSync(logFile, `${logFile}.1`);
  // Written at once, not streamed: what a dying child said last must be in the file when we read it.
  const log = openSync(logFile, "a");
  const write = (text) => writeSync(log, text);
  let process_;
  let gone = Promise.resolve();
  let stopping = false;

  const launch = () =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [...nodeFlags, path.join(root, script), ...args], {
        cwd: root,
        env,
        detached: true,
        stdio: ["ignore", "pipe", "pipe", "ipc"],
      });
      process_ = child;
      const late = setTimeout(() => {
        reject(new Error(`${name} was not ready after ${READY_MS_MAX / 1000} s; its log: ${logFile}`));
      }, READY_MS_MAX);
      child.stdout.setEncoding("utf8");
      child.stderr.setEncoding("utf8");
      let line = "";
      child.stdout.on("data", (chunk) => {
        write(chunk);
        line += chunk;
        const address = /^READY (\S+)/m.exec(line)?.[1];
        if (address !== undefined) {
          clearTimeout(late);
          resolve(address);
        }
        line = line.slice(line.lastIndexOf("\n") + 1);
      });
      child.stderr.on("data", write);
      gone = new Promise((left) => {
        child.once("close", (code, signal) => {
          clearTimeout(late);
          reject(new Error(`${name} ended with ${signal ?? `code ${code}`} before it was ready\n${endOf(logFile)}`));
          left({ code, signal });
        });
      });
      child.once("error", reject);
    });

  const watch = async () => {
    let wait = RESTART_PAUSE_MS;
    for (;;) {
      const begun = performance.now();
      const { code, signal } = await gone;
      if (stopping) return;
      if (performance.now() - begun > SETTLED_MS) wait = RESTART_PAUSE_MS;
      tell(`${name} ended with ${signal ?? `code ${code}`}; starting it again (log: ${logFile})`);
      await pause(wait);
      if (stopping) return;
      wait = Math.min(wait * 2, RESTART_PAUSE_MS_MAX);
      await launch().then(
        () => tell(`${name} is back`),
        // Its death is seen at the top of the loop, which tries again.
        (fault) => write(`${fault.message}\n`),
      );
    }
  };

  const ready = launch().then((address) => {
    void watch();
    return address;
  });

  return {
    name,
    ready,
    pid: () => process_?.pid,
    async stop() {
      stopping = true;
      await stopProcess(process_, gone, () =>
        tell(`${name} did not stop within ${STOP_MS_MAX / 1000} s and was killed`),
      );
      closeSync(log);
    },
  };
}

/**
 * Runs a script to its end with our own output.
 *
 * @returns ended: promise of its exit code; stop(): asks it to leave and answers when it has
 */
export function startJob({ script, args = [], env, tell }) {
  const child = spawn(process.execPath, [...nodeFlags, path.join(root, script), ...args], {
    cwd: root,
    env,
    detached: true,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const ended = new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(signal === null ? code : 1));
  });
  return { ended, stop: () => stopProcess(child, ended, () => tell("the job did not stop in time and was killed")) };
}

async function stopProcess(child, gone, tellKilled) {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const late = setTimeout(() => {
    tellKilled();
    child.kill("SIGKILL");
  }, STOP_MS_MAX);
  await gone;
  clearTimeout(late);
}

function endOf(logFile) {
  if (!existsSync(logFile)) return "";
  return readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-30).join("\n");
}
