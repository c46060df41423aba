import { readFileSync } from "node:fs";
import type { Json } from "../parity/parity-case.js";
import { BadUse } from "./command.js";

/**
 * The JSON document of a file; of standard input where the name is `-`.
 *
 * @throws BadUse `FILE_UNREADABLE` when it cannot be read, `FILE_MALFORMED` when it holds no JSON.
 */
export function readJsonFile(file: string): Json {
  const text = readText(file);
  try {
    return JSON.parse(text) as Json;
  } catch (fault) {
    throw new BadUse("FILE_MALFORMED", `${file}: expected JSON; found ${messageOf(fault)}`);
  }
}

/**
 * The text of a file; of standard input where the name is `-`.
 *
 * @throws BadUse `FILE_UNREADABLE` when it cannot be read.
 */
export function readText(file: string): string {
  try {
    return readFileSync(file === "-" ? STANDARD_INPUT : file, "utf8");
  } catch (fault) {
    throw new BadUse("FILE_UNREADABLE", `${file}: expected a file that can be read; found ${messageOf(fault)}`);
  }
}

const STANDARD_INPUT = 0;

const messageOf = (fault: unknown): string => (fault instanceof Error ? fault.message : String(fault));
