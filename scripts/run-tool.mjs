import { spawn } from "node:child_process";
import { root, toolEnvironment } from "./workspace.mjs";

/** A tool that answered with an error. The message is what a person needs to read. */
export class ToolFailed extends Error {
  name = "ToolFailed";
}

const escapes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[A-Za-z]`, "g");

/** Tools still at work. When we are told to stop in the middle, they stop with us. */
const running = new Set();
process.on("exit", () => {
  for (const child of running) child.kill("SIGTERM");
});

/**
 * Runs a command to its end and returns its output. When it fails, throws `ToolFailed` with the last lines of it.
 *
 * @param options.note  called with each line as it comes, to show that something moves
 * @param options.accept  exit codes that are answers, not failures (default: 0)
 */
export function runTool(command, args, options = {}) {
  const { note = () => {}, accept = [0], env = toolEnvironment(), cwd = root, stdin = "ignore" } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: [stdin, "pipe", "pipe"] });
    running.add(child);
    let output = "";
    let stdout = "";
    const hear = (chunk) => {
      output += chunk;
      const lines = chunk.replace(escapes, "").split(/[\r\n]+/);
      const last = lines.findLast((line) => line.trim() !== "");
      if (last !== undefined) note(last.trim().slice(0, 100));
    };
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      stdout += chunk;
      hear(chunk);
    });
    child.stderr.setEncoding("utf8").on("data", hear);
    child.on("error", (fault) => reject(new ToolFailed(`${command} could not be run: ${fault.message}`)));
    child.on("close", (code, signal) => {
      running.delete(child);
      if (code !== null && accept.includes(code)) {
        resolve({ code, output, stdout });
        return;
      }
      const tail = output.trimEnd().split("\n").slice(-60).join("\n");
      reject(new ToolFailed(`${[command, ...args].join(" ")} ended with ${signal ?? `code ${code}`}\n${tail}`));
    });
  });
}
