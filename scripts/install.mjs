import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { step } from "./progress.mjs";
import { runTool, ToolFailed } from "./run-tool.mjs";
import { root, tool, toolEnvironment } from "./workspace.mjs";

/** Lives in node_modules, so that deleting node_modules makes the next start install again. */
const stampFile = path.join(root, "node_modules", ".ballast-installed");

/**
 * Installs the workspace when the lockfile, the workspace file or the platform changed since the last time.
 *
 * Otherwise it touches neither npm nor the network, so an installed clone works offline.
 */
export async function ensureInstalled() {
  const wanted = fingerprint();
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === wanted) return;
  await step("install packages", async (note) => {
    const [command, args] = packageManager();
    note(command === "npx" ? "fetching pnpm" : "reading the lockfile");
    try {
      await runTool(command, [...args, "install", "--frozen-lockfile", "--prefer-offline"], {
        note,
        // pnpm asks before it replaces a node_modules made by something else; there is nobody to answer.
        env: toolEnvironment({ npm_config_confirm_modules_purge: "false" }),
      });
    } catch (fault) {
      if (!(fault instanceof ToolFailed)) throw fault;
      throw new ToolFailed(`${fault.message}\n\nThe packages could not be installed. Is the npm registry reachable?`);
    }
    writeFileSync(stampFile, wanted);
  });
}

function fingerprint() {
  const hash = createHash("sha256");
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml"]) {
    hash.update(readFileSync(path.join(root, file)));
  }
  hash.update(`${process.platform} ${process.arch}`);
  return hash.digest("hex");
}

/** The pnpm of the last install when there is one, else the pinned version through npx. */
function packageManager() {
  const { packageManager: pinned } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  const local = path.join(root, "node_modules", "pnpm", "package.json");
  if (existsSync(tool("pnpm")) && existsSync(local)) {
    const { version } = JSON.parse(readFileSync(local, "utf8"));
    if (`pnpm@${version}` === pinned) return [tool("pnpm"), []];
  }
  return ["npx", ["--yes", pinned]];
}
