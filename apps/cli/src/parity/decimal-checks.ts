import { Decimal } from "@ballast/money";
import { type Answer, type Answered, checked, computed, type ParityCase } from "./parity-case.js";
import { isObject } from "./split-document.js";
import { decimalFrom } from "./inputs.js";

/** Decimals, and what has a tag instead, as an answer: text that keeps every digit. */
export function answered(value: Decimal | null | undefined): string | null {
  return value === null || value === undefined ? null : value.toFixed();
}

/**
 * Compares top-level decimals with the case's answers, each within its own absolute bound; for groups whose tolerance is
 * not one number. Answers that the file keeps to itself are computed and not compared.
 */
export function checkedWithin(
  { expected }: ParityCase,
  value: Readonly<Record<string, Decimal>>,
  bounds: Readonly<Record<string, Decimal>>,
): Answer {
  const printed: Answered = Object.fromEntries(Object.entries(value).map(([key, got]) => [key, got.toFixed()]));
  if (!isObject(expected)) return computed(printed);
  const checks = Object.entries(expected).flatMap(([path, wanted]) => {
    if (wanted === null) return [];
    const [got, bound] = [value[path], bounds[path] ?? new Decimal(0)];
    const target = decimalFrom(wanted, path);
    return [
      {
        path,
        passed: got !== undefined && got.sub(target).abs().lte(bound),
        expected: `${target.toFixed()} ± ${bound.toFixed()}`,
        got: got?.toFixed() ?? "nothing",
      },
    ];
  });
  return checks.length === 0 ? computed(printed) : checked(checks, printed);
}
