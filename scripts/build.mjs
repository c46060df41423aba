import { step } from "./progress.mjs";
import { runTool } from "./run-tool.mjs";
import { tool } from "./workspace.mjs";

/** Generates the Prisma client and compiles every package and application; what has not changed comes from a cache. */
export async function build() {
  await step("build", (note) => runTool(tool("turbo"), ["run", "build", "--output-logs=errors-only"], { note }));
}

/** Generates the Prisma client only: tests run on the sources, and it is the one source that is not in the tree. */
export async function generate() {
  await runTool(tool("turbo"), ["run", "generate", "--output-logs=errors-only"]);
}
