import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@jest/globals";
import type { Json } from "./parity-case.js";
import { EVALUATORS } from "./registry.js";
import { runParity } from "./run-parity.js";

const folder = path.join(import.meta.dirname, "../../../../vectors/parity");
const files = readdirSync(folder).filter((name) => name.endsWith(".json") && name !== "runner.json");

test.each(files)("every case of %s passes", (file) => {
  const document = JSON.parse(readFileSync(path.join(folder, file), "utf8")) as Json;
  const outcomes = runParity(document, EVALUATORS, { data: () => undefined });
  expect(outcomes.filter(({ kind }) => kind !== "passed")).toEqual([]);
  expect(outcomes.length).toBeGreaterThan(0);
});
