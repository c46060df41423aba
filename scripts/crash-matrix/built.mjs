import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../workspace.mjs";

/** A built package or application of the tree. */
export function built(file) {
  return import(pathToFileURL(path.join(root, file)).href);
}

/** The database driver, the very copy that the store uses. */
export function driver() {
  return createRequire(path.join(root, "packages/store/package.json"))("pg");
}
