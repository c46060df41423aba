import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";

/*
 * Stands between a script and its PostgreSQL server, in a process group of its own.
 *
 * Ctrl-C in a terminal reaches every process of the foreground group. The database must be the last to hear of it, so
 * it lives outside that group, and is told to stop by the end of this process's standard input. That end also comes
 * when the script is killed outright, so no server is left behind.
 */

const { binary, args, cwd, uid, gid, logFile, env } = JSON.parse(process.argv[2]);

const log = createWriteStream(logFile, { flags: "a" });
const server = spawn(binary, args, { cwd, env, uid, gid, stdio: ["ignore", "pipe", "pipe"] });

let heard = "";
const hear = (chunk) => {
  log.write(chunk);
  if (heard === undefined) return;
  heard += chunk;
  if (heard.includes("database system is ready to accept connections")) {
    heard = undefined;
    tellParent("READY\n");
  }
};
server.stdout.setEncoding("utf8").on("data", hear);
server.stderr.setEncoding("utf8").on("data", hear);

function tellParent(text) {
  if (process.stdout.writable) process.stdout.write(text);
}
// The parent may be gone; then there is nobody to tell, and the end of standard input does the rest.
process.stdout.on("error", () => process.stdout.destroy());

// SIGINT is PostgreSQL's fast shutdown: sessions are ended, data is written, the server leaves.
process.stdin.on("end", () => server.kill("SIGINT")).resume();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => server.kill("SIGINT"));
}

server.on("error", (fault) => {
  process.stderr.write(`${fault.message}\n`);
  process.exit(1);
});
server.on("close", (code) => {
  log.end(() => process.exit(code ?? 1));
});
