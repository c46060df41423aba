import { step } from "./progress.mjs";
import { runTool } from "./run-tool.mjs";
import { tool } from "./workspace.mjs";

/** Generates what is generated and compiles every package and application; what has not changed comes from a cache. */
export async function build() {
  await step("build", (note) => runTool(tool("turbo"), ["run", "build", "--output-logs=errors-only"], { note }));
}

/** Generates only: tests run on the sources, and two are not in the tree, the Prisma client and the margin kernel. */
export async function generate() {
  await runTool(tool("turbo"), ["run", "generate", "--output-logs=errors-only"]);
}
