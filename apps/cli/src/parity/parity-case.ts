/*
 * What a vector file is made of. The files in circulation have five forms (a list of cases with a `model`, `vectors`
 * with a `model`, `groups`, `sections`, and two of our own); `split-document.ts` turns each into these cases, so that a
 * family's evaluator knows inputs and answers and nothing of files.
 */

/** JSON as it stands in a vector file. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** One case of a vector file. */
export interface ParityCase {
  readonly id: string;
  /** What is asked for: the model, `peer/group`, or section of the file. The registry answers it with an evaluator. */
  readonly family: string;
  readonly inputs: JsonObject;
  /** Null, or with leaves that are null, where the file keeps the answer to itself. */
  readonly expected: Json;
  /** For a computed answer; an evaluator that compares for itself (`checked`) has its own. */
  readonly tolerance: Tolerance;
  /** The case as it stands in the file, the section or group it stands in, and the whole file. */
  readonly raw: JsonObject;
  readonly section: JsonObject;
  readonly document: Json;
}

/** `got` agrees with `expected` when |got − expected| ≤ max(absolute, relative × |expected|). */
export interface Tolerance {
  readonly absolute: number;
  readonly relative: number;
}

/** One comparison that an evaluator made itself: a one-sided bound, the quality of a fit, a tolerance that scales. */
export interface Check {
  /** Where in the answer, as `out.price` or `pnl[3]`. */
  readonly path: string;
  readonly passed: boolean;
  readonly expected: string;
  readonly got: string;
}

/** A value with the shape of `expected`; amounts as decimal text or numbers. */
export type Answered = null | boolean | number | string | readonly Answered[] | { readonly [key: string]: Answered };

export type Answer =
  /** The runner compares every leaf of `expected` with the same path here; what is here and not there is ignored. */
  | { readonly kind: "computed"; readonly value: Answered }
  | { readonly kind: "checked"; readonly checks: readonly Check[]; readonly value: Answered }
  | { readonly kind: "unsupported"; readonly why: string };

/** What surrounds a run. */
export interface ParityContext {
  /** The text of a market data file by its name (`daily-closes.csv`); undefined when it is not there. Kept once read. */
  readonly data: (name: string) => string | undefined;
  /** Another case of the same run, the same file first, for inputs that refer to one by id. */
  readonly other: (id: string) => ParityCase | undefined;
}

/** Computes one case. What it throws is reported as a failure of that case. */
export type Evaluator = (parityCase: ParityCase, context: ParityContext) => Answer;

/** The families one file of `evaluators/` answers; keys are family names. */
export type Evaluators = Readonly<Record<string, Evaluator>>;

export const computed = (value: Answered): Answer => ({ kind: "computed", value });
export const unsupported = (why: string): Answer => ({ kind: "unsupported", why });
export const checked = (checks: readonly Check[], value: Answered): Answer => ({ kind: "checked", checks, value });

/** Compares two floats within an absolute bound; NaN never passes. */
export function checkWithin(path: string, expected: number, got: number, absolute: number): Check {
  return { path, passed: Math.abs(got - expected) <= absolute, expected: String(expected), got: String(got) };
}
