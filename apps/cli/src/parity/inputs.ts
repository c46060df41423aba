import { Decimal } from "@ballast/money";
import type { Json, JsonObject } from "./parity-case.js";
import { isList, isObject } from "./split-document.js";

/*
 * Reading the inputs of a case. Vector files write amounts as decimal text or as numbers, as their sources did; either is
 * read. What is missing or of another kind is said by name: it fails the case, and is never taken for zero.
 */

/** An input that is not what its name promises. */
export class UnreadableInput extends Error {
  override readonly name = "UnreadableInput";
  readonly code = "PARITY_INPUT_UNREADABLE";
  constructor(key: string, expected: string, found: Json | undefined) {
    super(
      `${key}: expected ${expected}; found ${found === undefined ? "nothing" : JSON.stringify(found).slice(0, 80)}`,
    );
  }
}

/** A decimal that may begin a text, as in `0.01 (implied)`. */
const LEADING_DECIMAL = /^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,4})?)(?![\w.])/;

/** The decimal of `key`: a number, or text that begins with one. */
export function decimalAt(object: JsonObject, key: string): Decimal {
  return decimalFrom(object[key], key);
}

/** The decimal of `key`, or undefined where the file has none (absent or null). */
export function decimalIfAt(object: JsonObject, key: string): Decimal | undefined {
  const value = object[key];
  return value === undefined || value === null ? undefined : decimalFrom(value, key);
}

export function decimalFrom(value: Json | undefined, name: string): Decimal {
  if (typeof value === "number") return new Decimal(value);
  const text = typeof value === "string" ? LEADING_DECIMAL.exec(value)?.[1] : undefined;
  if (text === undefined) throw new UnreadableInput(name, "a decimal", value);
  return new Decimal(text);
}

/** The whole number of `key`, of any size; decimal text without a fraction, or a number that is one. */
export function wholeAt(object: JsonObject, key: string): bigint {
  return wholeFrom(object[key], key);
}

/** The same, or `missing` where the file has none. */
export function wholeOr(object: JsonObject, key: string, missing: bigint): bigint {
  const value = object[key];
  return value === undefined || value === null ? missing : wholeFrom(value, key);
}

function wholeFrom(value: Json | undefined, name: string): bigint {
  const decimal = decimalFrom(value, name);
  if (!decimal.isInteger()) throw new UnreadableInput(name, "a whole number", value);
  return BigInt(decimal.toFixed(0));
}

/** The number of `key`, as it stands or as its text spells it. */
export function numberAt(object: JsonObject, key: string): number {
  const value = object[key];
  return typeof value === "number" ? value : (JSON.parse(decimalFrom(value, key).toFixed()) as number);
}

export function textAt(object: JsonObject, key: string): string {
  const value = object[key];
  if (typeof value !== "string") throw new UnreadableInput(key, "text", value);
  return value;
}

export function listAt(object: JsonObject, key: string): readonly Json[] {
  const value = object[key];
  if (!isList(value)) throw new UnreadableInput(key, "a list", value);
  return value;
}

export function objectAt(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  if (!isObject(value)) throw new UnreadableInput(key, "an object", value);
  return value;
}

export function objectsAt(object: JsonObject, key: string): readonly JsonObject[] {
  return listAt(object, key).map((value, at) => {
    if (!isObject(value)) throw new UnreadableInput(`${key}[${at}]`, "an object", value);
    return value;
  });
}

export function decimalsAt(object: JsonObject, key: string): readonly Decimal[] {
  return listAt(object, key).map((value, at) => decimalFrom(value, `${key}[${at}]`));
}

/** +1 for `long` or `buy`, −1 for `short` or `sell`. */
export function signAt(object: JsonObject, key: string): 1 | -1 {
  const side = textAt(object, key);
  if (side === "long" || side === "buy") return 1;
  if (side === "short" || side === "sell") return -1;
  throw new UnreadableInput(key, "long, short, buy or sell", side);
}
