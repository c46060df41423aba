import { Decimal } from "@ballast/money";
import type { Answered, Json, Tolerance } from "./parity-case.js";
import { isList, isObject } from "./split-document.js";
import { isExact } from "./tolerance.js";

/** One place where an answer is not what the file says. */
export interface Mismatch {
  /** As `out.price` or `pnl[3]`; empty for the answer as a whole. */
  readonly path: string;
  readonly expected: string;
  readonly got: string;
}

export interface Comparison {
  /** How many leaves were compared. */
  readonly compared: number;
  readonly mismatches: readonly Mismatch[];
}

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,4})?$/;
/** A published figure with so many places after its point is a rounding: the last place is not known. */
const ROUNDED_PLACES = 12;

/**
 * Compares every leaf of `expected` with the same path of `got`; what only `got` has is ignored, but a list is as long
 * as it is said to be. Numbers and decimal text compare by value, everything else must be the same.
 *
 * @param blind  the file keeps its answers to itself: a leaf that is null is not compared
 */
export function compareAnswer(expected: Json, got: Answered, tolerance: Tolerance, blind: boolean): Comparison {
  const mismatches: Mismatch[] = [];
  let compared = 0;

  const visit = (path: string, wanted: Json, found: Answered | undefined): void => {
    if (isObject(wanted) && Object.keys(wanted).length > 0) {
      for (const [key, value] of Object.entries(wanted)) {
        visit(path === "" ? key : `${path}.${key}`, value, isObject(found) ? found[key] : undefined);
      }
      return;
    }
    if (blind && wanted === null) return;
    if (isList(wanted)) {
      const length = isList(found) ? found.length : -1;
      if (length !== wanted.length && !(blind && wanted.every((value) => value === null))) {
        compared += 1;
        mismatches.push({
          path,
          expected: `a list of ${wanted.length}`,
          got: length < 0 ? print(found) : `a list of ${length}`,
        });
        return;
      }
      if (wanted.length === 0) compared += 1;
      wanted.forEach((value, at) => visit(`${path}[${at}]`, value, isList(found) ? found[at] : undefined));
      return;
    }
    compared += 1;
    if (!agrees(wanted, found, tolerance)) mismatches.push({ path, expected: print(wanted), got: print(found) });
  };

  visit("", expected, got);
  return { compared, mismatches };
}

/** A leaf, or an object without keys: the same kind and the same value. */
function agrees(wanted: Json, found: Answered | undefined, tolerance: Tolerance): boolean {
  const [left, right] = [decimalOf(wanted), decimalOf(found)];
  if (left !== undefined && right !== undefined) {
    const off = right.sub(left).abs();
    if (typeof wanted === "string" && typeof found === "string" && isExact(tolerance)) return off.lte(lastPlace(left));
    return off.lte(Decimal.max(tolerance.absolute, left.abs().mul(tolerance.relative)));
  }
  if (isObject(wanted)) return isObject(found);
  return wanted === found;
}

/** What may be missing where both sides are decimal text and the file says "exact". */
function lastPlace(published: Decimal): Decimal {
  const places = published.decimalPlaces();
  return places < ROUNDED_PLACES ? new Decimal(0) : new Decimal(10).pow(-places);
}

function decimalOf(value: Answered | undefined): Decimal | undefined {
  if (typeof value === "number" && Number.isFinite(value)) return new Decimal(value);
  return typeof value === "string" && NUMBER.test(value) ? new Decimal(value) : undefined;
}

function print(value: Answered | undefined): string {
  if (value === undefined) return "nothing";
  // JSON turns NaN into null, which is a different answer.
  return typeof value === "number" ? String(value) : JSON.stringify(value);
}
