import { compareAnswer, type Mismatch } from "./compare.js";
import type { Answer, Answered, Evaluator, Evaluators, Json, ParityCase, ParityContext } from "./parity-case.js";
import { splitDocument } from "./split-document.js";

/** What became of one case. */
export type Outcome = { readonly id: string; readonly family: string } & (
  | { readonly kind: "passed" }
  | { readonly kind: "failed"; readonly mismatches: readonly Mismatch[] }
  | { readonly kind: "unsupported"; readonly why: string }
  /** The file keeps its answer to itself; this is ours. */
  | { readonly kind: "blind"; readonly value: Answered }
);

export interface ParityRun {
  /** What a market data file holds, by its name; undefined when it is not there. */
  readonly data: (name: string) => string | undefined;
  /** Cases of other files of the same run, for inputs that refer to one by its id. */
  readonly elsewhere?: (id: string) => ParityCase | undefined;
  /** Called before each case. */
  readonly progress?: (parityCase: ParityCase, at: number, total: number) => void;
}

/**
 * Computes every case of a vector file and compares it with what the file says, in the order of the file. An evaluator
 * that throws has failed its case and no other.
 *
 * @throws UnknownForm when the document has none of the known forms.
 */
export function runParity(document: Json, evaluators: Evaluators, run: ParityRun): readonly Outcome[] {
  const cases = splitDocument(document);
  const byId = new Map(cases.map((parityCase) => [parityCase.id, parityCase]));
  const context: ParityContext = { data: run.data, other: (id) => byId.get(id) ?? run.elsewhere?.(id) };
  return cases.map((parityCase, at) => {
    run.progress?.(parityCase, at, cases.length);
    return outcomeOf(parityCase, evaluatorOf(parityCase.family, evaluators), context);
  });
}

/** Who answers a family. A name may end in a remark, `risk-matrix (X:PM account)`, that the evaluator reads for itself. */
function evaluatorOf(family: string, evaluators: Evaluators): Evaluator | undefined {
  const plain = family.replace(/ \(.*$/s, "");
  const name = [family, plain].find((candidate) => Object.hasOwn(evaluators, candidate));
  return name === undefined ? undefined : evaluators[name];
}

function outcomeOf(parityCase: ParityCase, evaluator: Evaluator | undefined, context: ParityContext): Outcome {
  const { id, family } = parityCase;
  if (evaluator === undefined) return { id, family, kind: "unsupported", why: `no preset computes ${family}` };
  let answer: Answer;
  try {
    answer = evaluator(parityCase, context);
  } catch (fault) {
    return failed(parityCase, [{ path: "", expected: "an answer", got: sentenceOf(fault) }]);
  }
  return judge(parityCase, answer);
}

function judge(parityCase: ParityCase, answer: Answer): Outcome {
  const { id, family } = parityCase;
  if (answer.kind === "unsupported") return { id, family, kind: "unsupported", why: answer.why };
  const blind = isBlind(parityCase);
  const { compared, mismatches } =
    answer.kind === "checked"
      ? { compared: answer.checks.length, mismatches: answer.checks.filter(({ passed }) => !passed) }
      : compareAnswer(parityCase.expected, answer.value, parityCase.tolerance, blind);
  if (mismatches.length > 0)
    return failed(
      parityCase,
      mismatches.map(({ path, expected, got }) => ({ path, expected, got })),
    );
  if (compared > 0) return { id, family, kind: "passed" };
  if (blind) return { id, family, kind: "blind", value: answer.value };
  return failed(parityCase, [{ path: "", expected: "something to compare", got: "nothing was compared" }]);
}

const failed = ({ id, family }: ParityCase, mismatches: readonly Mismatch[]): Outcome => ({
  id,
  family,
  kind: "failed",
  mismatches,
});

/** A case whose file says that the answer is kept apart, or that has no answer in it. */
function isBlind({ raw }: ParityCase): boolean {
  if (typeof raw["notes"] === "string" && raw["notes"].includes("[blind]")) return true;
  return !Object.hasOwn(raw, "expected") && !Object.hasOwn(raw, "out");
}

function sentenceOf(fault: unknown): string {
  if (!(fault instanceof Error)) return `thrown: ${String(fault)}`;
  const code = "code" in fault && typeof fault.code === "string" ? ` ${fault.code}` : "";
  return `${fault.name}${code}: ${fault.message}`;
}

/** How many cases of each family came out how, in the order in which the families appear. */
export function tally(outcomes: readonly Outcome[]): readonly Tally[] {
  const families = [...new Set(outcomes.map(({ family }) => family))];
  return families.map((family) => ({ family, ...counts(outcomes.filter((outcome) => outcome.family === family)) }));
}

export type Counts = { readonly [Kind in Outcome["kind"]]: number };
export type Tally = Counts & { readonly family: string };

export function counts(outcomes: readonly Outcome[]): Counts {
  const count = (kind: Outcome["kind"]) => outcomes.filter((outcome) => outcome.kind === kind).length;
  return {
    passed: count("passed"),
    failed: count("failed"),
    unsupported: count("unsupported"),
    blind: count("blind"),
  };
}
