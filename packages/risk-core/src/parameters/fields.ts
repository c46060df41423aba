import { Decimal, isDecimalString, parseDecimal } from "@ballast/money";
import { InvalidParameters } from "./invalid-parameters.js";

/** JSON as it arrives and as it is printed. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A piece of a document and where it stands in it. */
export interface Field {
  readonly value: unknown;
  readonly path: string;
}

/** Refuses the field. @throws InvalidParameters always. */
export function refuse(field: Field, expected: string): never {
  throw new InvalidParameters(field.path, expected);
}

/** The fields of an object that has exactly these keys, no more and no fewer. @throws InvalidParameters */
export function strictObject<const Keys extends readonly string[]>(
  field: Field,
  keys: Keys,
): { readonly [Key in Keys[number]]: Field } {
  const found = entries(field);
  for (const [key, child] of found) if (!keys.includes(key)) refuse(child, "no such field");
  const byKey = new Map(found);
  return Object.fromEntries(
    keys.map((key) => [key, byKey.get(key) ?? refuse({ value: undefined, path: join(field.path, key) }, "a value")]),
  ) as { readonly [Key in Keys[number]]: Field };
}

/** The fields of an object with any keys, in the order of the document. @throws InvalidParameters */
export function entries(field: Field): readonly (readonly [string, Field])[] {
  const { value, path } = field;
  if (typeof value !== "object" || value === null || Array.isArray(value)) refuse(field, "an object");
  return Object.entries(value as object).map(([key, child]) => [key, { value: child, path: join(path, key) }] as const);
}

/** The elements of a list that is not empty. @throws InvalidParameters */
export function list(field: Field): readonly Field[] {
  const { value, path } = field;
  if (!Array.isArray(value) || value.length === 0) refuse(field, "a list of at least one element");
  return (value as readonly unknown[]).map((child, at) => ({ value: child, path: `${path}[${at}]` }));
}

/** One of a few words. @throws InvalidParameters */
export function oneOf<const Words extends readonly string[]>(field: Field, words: Words): Words[number] {
  const found = words.find((word) => word === field.value);
  return found ?? refuse(field, `one of ${words.map((word) => JSON.stringify(word)).join(", ")}`);
}

/** A whole number, as JSON has it. @throws InvalidParameters */
export function wholeNumber(field: Field, least: number, most: number): number {
  const { value } = field;
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < least || value > most) {
    refuse(field, `a whole number from ${least} to ${most}`);
  }
  return value;
}

/** Text, read by a constructor that throws what it does not like. @throws InvalidParameters */
export function text<Read>(field: Field, read: (text: string) => Read, expected: string): Read {
  const { value } = field;
  if (typeof value !== "string") refuse(field, expected);
  try {
    return read(value);
  } catch (cause) {
    // Only the constructor's own refusal becomes ours; it names the rule, and the path says where.
    throw Object.assign(new InvalidParameters(field.path, expected), { cause });
  }
}

/** What a decimal must satisfy: `open` ends are excluded. */
export interface Range {
  readonly least?: string;
  readonly leastOpen?: string;
  readonly most?: string;
  readonly mostOpen?: string;
}

/** A decimal string in the money grammar and inside a range. @throws InvalidParameters */
export function decimal(field: Field, range: Range): Decimal {
  if (!isDecimalString(field.value)) refuse(field, `a decimal string ${describe(range)}`);
  const found = parseDecimal(field.value);
  const inside =
    (range.least === undefined || found.gte(range.least)) &&
    (range.leastOpen === undefined || found.gt(range.leastOpen)) &&
    (range.most === undefined || found.lte(range.most)) &&
    (range.mostOpen === undefined || found.lt(range.mostOpen));
  return inside ? found : refuse(field, `a decimal string ${describe(range)}`);
}

function describe({ least, leastOpen, most, mostOpen }: Range): string {
  const ends = [
    least === undefined ? "" : `at least ${least}`,
    leastOpen === undefined ? "" : `above ${leastOpen}`,
    most === undefined ? "" : `at most ${most}`,
    mostOpen === undefined ? "" : `below ${mostOpen}`,
  ];
  return ends.filter((end) => end !== "").join(" and ");
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}
