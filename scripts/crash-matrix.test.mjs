import { spawn } from "node:child_process";
import path from "node:path";
import { describe, expect, test } from "@jest/globals";
import { diagonalOf, FAULTS, STEPS } from "./crash-matrix/cells.mjs";

describe("CASE-11: the crash matrix", () => {
  test("its diagonal meets every step and every fault", () => {
    const cells = diagonalOf(1, ["postgres"]);
    expect(new Set(cells.map(({ step }) => step))).toEqual(new Set(STEPS));
    expect(new Set(cells.map(({ fault }) => fault))).toEqual(new Set(FAULTS.map(({ name }) => name)));
  });

  test("every cell of the diagonal ends in the ledger of the undisturbed run, and nothing is stuck", async () => {
    const summary = await play("--diagonal", "--seeds", "1", "--json");
    expect(summary).toMatchObject({ played: STEPS.length, failed: 0, failures: [] });
  }, 600_000);
});

/** Runs the command as a person would, and answers what it printed. */
function play(...args) {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "crash-matrix.mjs"), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let words = "";
  child.stdout.setEncoding("utf8").on("data", (chunk) => (output += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk) => (words += chunk));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => {
      try {
        resolve(JSON.parse(output));
      } catch {
        reject(new Error(`the crash matrix said no JSON: ${output}\n${words}`));
      }
    });
  });
}
