import { existsSync, readdirSync } from "node:fs";
import path from "node:path";

const folders = ["packages", "apps"].flatMap((group) =>
  readdirSync(path.join(import.meta.dirname, group)).map((name) => `${group}/${name}`),
);

/** Every package and application that has tests of its own, the tools, and the browser. */
export default {
  projects: [...folders, "scripts", "e2e"]
    .filter((folder) => existsSync(path.join(import.meta.dirname, folder, "jest.config.mjs")))
    .map((folder) => `<rootDir>/${folder}`),
};
