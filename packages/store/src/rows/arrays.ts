/*
 * Columns as PostgreSQL arrays in text form, for `unnest`. The driver can write arrays too, but it looks at every
 * element several times; with ten columns of several thousand rows that is most of the cost of an insert.
 */

/** An array of texts of which none needs quoting: numbers, hashes, booleans. */
export function plainArray(values: readonly (string | number | boolean)[]): string {
  return `{${values.join(",")}}`;
}

/**
 * An array of identifiers, books and kinds: their grammar needs no quoting, save that a text spelling null, in whatever
 * case, would be NULL.
 */
export function idArray(values: readonly string[]): string {
  return `{${values.map((value) => (value.length === 4 ? `"${value}"` : value)).join(",")}}`;
}

/** An array of any texts; null stays NULL. */
export function textArray(values: readonly (string | null)[]): string {
  return `{${values.map(element).join(",")}}`;
}

/** An array of JSON documents. */
export function jsonArray(values: readonly unknown[]): string {
  return textArray(values.map((value) => JSON.stringify(value)));
}

const NEEDS_NO_QUOTES = /^[A-Za-z0-9._/|:-]+$/;

function element(value: string | null): string {
  if (value === null) return "NULL";
  if (NEEDS_NO_QUOTES.test(value) && value.length !== 4) return value;
  // Quoted: also every text of four letters, for null's sake.
  return `"${value.replace(/[\\"]/g, "\\$&")}"`;
}
