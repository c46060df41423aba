import "./check-node.mjs";

/*
 * `npm run -s ballast -- COMMAND …`: builds what the command line needs, without a word, and runs it. Standard output
 * holds what the command prints and nothing else; progress and faults go to standard error.
 */
const { default: path } = await import("node:path");
const { pathToFileURL } = await import("node:url");
const { runTool, ToolFailed } = await import("./run-tool.mjs");
const { root, tool } = await import("./workspace.mjs");
const { ensureInstalled } = await import("./install.mjs");
const { quietly } = await import("./progress.mjs");

try {
  await quietly(() => ensureInstalled());
  await runTool(tool("turbo"), ["run", "build", "--filter=@ballast/cli", "--output-logs=errors-only"]);
} catch (fault) {
  if (!(fault instanceof ToolFailed)) throw fault;
  process.stderr.write(`${fault.message}\n`);
  process.exit(1);
}

// Whoever reads only the first lines (`… | head`) has closed the pipe, and that is no fault.
process.stdout.on("error", (fault) => {
  if (fault.code !== "EPIPE") throw fault;
  process.exit();
});
const { main } = await import(pathToFileURL(path.join(root, "apps/cli/dist/main.js")).href);
process.exitCode = await main(process.argv.slice(2), process);
