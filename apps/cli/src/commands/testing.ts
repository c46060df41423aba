import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { main } from "../main.js";

/* For tests only: the command line run in this process, and documents written where it can read them. */

/** What a command line printed and answered. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line. */
export async function ran(...args: readonly string[]): Promise<Ran> {
  let [stdout, stderr] = ["", ""];
  const code = await main(args, {
    stdout: { write: (text: string) => (stdout += text) },
    stderr: { write: (text: string) => (stderr += text) },
  });
  return { code, stdout, stderr };
}

/** A folder that lives as long as a test file: `written` puts a document there and answers its path. */
export function scratchFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), "ballast-"));
  return {
    written(name: string, document: unknown): string {
      const file = path.join(folder, name);
      writeFileSync(file, typeof document === "string" ? document : JSON.stringify(document));
      return file;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}

/** The top of the repository. */
export const ROOT = path.join(import.meta.dirname, "../../../..");
