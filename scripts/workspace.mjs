import path from "node:path";

/** The folder of the clone: every script works from here, wherever it was called. */
export const root = path.resolve(import.meta.dirname, "..");

const binFolder = path.join(root, "node_modules", ".bin");

/** Path of a tool that the workspace has installed, such as `turbo`. */
export function tool(name) {
  return path.join(binFolder, name);
}

/**
 * The environment for the tools: the workspace's own binaries first (turbo looks for pnpm), no telemetry, no update
 * messages. `NODE_ENV` is left out, because `production` would hide the development tools.
 */
export function toolEnvironment(extra = {}) {
  const { NODE_ENV: _hidden, ...inherited } = process.env;
  return {
    ...inherited,
    PATH: `${binFolder}${path.delimiter}${process.env.PATH ?? ""}`,
    CHECKPOINT_DISABLE: "1",
    DO_NOT_TRACK: "1",
    PRISMA_HIDE_UPDATE_MESSAGE: "1",
    TURBO_NO_UPDATE_NOTIFIER: "1",
    TURBO_TELEMETRY_DISABLED: "1",
    ...extra,
  };
}
