import { spawnSync } from "node:child_process";
import path from "node:path";
import { root, tool, toolEnvironment } from "./workspace.mjs";

/*
 * Generates the Prisma client into packages/store/src/generated.
 *
 * The query side of Prisma 7 has no native engine, yet its command line refuses to run without the path of one. Any
 * existing file will do for `generate`, so this file names itself, and nothing is downloaded.
 */
const result = spawnSync(tool("prisma"), ["generate"], {
  cwd: root,
  stdio: ["ignore", "pipe", "pipe"],
  encoding: "utf8",
  env: toolEnvironment({ PRISMA_SCHEMA_ENGINE_BINARY: path.join(import.meta.dirname, "generate.mjs") }),
});

if (result.status !== 0) {
  process.stderr.write(`${result.stdout ?? ""}${result.stderr ?? ""}${result.error?.message ?? ""}\n`);
  process.exit(1);
}
