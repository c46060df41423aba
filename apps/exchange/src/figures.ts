import type { Decimal } from "@ballast/money";

/* Figures for people: thousands apart, a fixed number of digits, a sign where it matters. Rounded half-even, for show only. */

/** A whole number with thousands apart. */
export function count(value: number): string {
  return grouped(String(value));
}

/** A decimal with `digits` digits after the point. */
export function figure(value: Decimal, digits: number): string {
  const text = value.toFixed(digits);
  return grouped(/^-0(\.0+)?$/.test(text) ? text.slice(1) : text);
}

/** Whole dollars. */
export function dollars(value: Decimal): string {
  const text = figure(value, 0);
  return text.startsWith("-") ? `-$${text.slice(1)}` : `$${text}`;
}

/** Whole dollars with the sign in front, also when they are more. */
export function change(value: Decimal): string {
  const text = dollars(value);
  return text.startsWith("-") || text === "$0" ? text : `+${text}`;
}

/** A decimal as it stands, thousands apart: nothing rounded away. */
export function exactly(value: Decimal): string {
  return grouped(value.isZero() ? "0" : value.toFixed());
}

function grouped(text: string): string {
  const [whole, fraction] = text.split(".") as [string, string | undefined];
  const spaced = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? spaced : `${spaced}.${fraction}`;
}
