import "./check-node.mjs";

/*
 * `npm run -s sim -- --seed N --events M`: builds what the simulator needs, without a word, and runs it. What it prints
 * is a function of the seed, so nothing of ours may get between its lines.
 */
const { createHash } = await import("node:crypto");
const { default: path } = await import("node:path");
const { pathToFileURL } = await import("node:url");
const { runTool, ToolFailed } = await import("./run-tool.mjs");
const { root, tool } = await import("./workspace.mjs");
const { ensureInstalled } = await import("./install.mjs");
const { quietly } = await import("./progress.mjs");

try {
  await quietly(() => ensureInstalled());
  await runTool(tool("turbo"), ["run", "build", "--filter=@ballast/simulator", "--output-logs=errors-only"]);
} catch (fault) {
  if (!(fault instanceof ToolFailed)) throw fault;
  process.stderr.write(`${fault.message}\n`);
  process.exit(1);
}

// The simulator is pure: it is handed its arguments and a hash, and answers with a text and a code.
const simulator = pathToFileURL(path.join(root, "packages/simulator/dist/index.js")).href;
const { playCommandLine } = await import(simulator);
const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const { output, code } = playCommandLine(process.argv.slice(2), sha256);
process.stdout.write(output);
process.exitCode = code;
