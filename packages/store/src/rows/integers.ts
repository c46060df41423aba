import { assertInvariant } from "@ballast/model";

/** A count or sequence number of a BIGINT column, which the driver hands over as text. */
export function fromBigint(text: string | bigint): number {
  const value = Number.parseInt(String(text), 10);
  assertInvariant(Number.isSafeInteger(value), "STORE-1 a count fits a safe integer", { found: String(text) });
  return value;
}
