import { spawnSync } from "node:child_process";
import { root, tool, toolEnvironment } from "./workspace.mjs";

// `node scripts/turbo.mjs build`: turbo with the environment of the workspace.
const result = spawnSync(tool("turbo"), ["run", ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
  env: toolEnvironment(),
});
process.exit(result.status ?? 1);
