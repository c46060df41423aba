import { counts, type Counts, type Outcome, tally } from "./run-parity.js";

/** The outcomes of one vector file. */
export interface FileOutcomes {
  readonly file: string;
  readonly outcomes: readonly Outcome[];
}

const COLUMNS = ["passed", "failed", "unsupported", "blind"] as const satisfies readonly (keyof Counts)[];

/** What a run came to, for a person: a table of families for each file, then everything that is not a pass. */
export function printReport(files: readonly FileOutcomes[]): string {
  const sections = files.flatMap(({ file, outcomes }) => [
    file,
    table(outcomes),
    ...outcomes.flatMap(linesOf),
    ...unsupportedLines(outcomes),
    "",
  ]);
  const all = counts(files.flatMap(({ outcomes }) => outcomes));
  return [...sections, COLUMNS.map((kind) => `${all[kind]} ${kind}`).join(", "), ""].join("\n");
}

/** The same as one JSON document: totals, and every case with its outcome. */
export function printJson(files: readonly FileOutcomes[]): string {
  const document = {
    totals: counts(files.flatMap(({ outcomes }) => outcomes)),
    files: files.map(({ file, outcomes }) => ({
      file,
      totals: counts(outcomes),
      families: tally(outcomes),
      cases: outcomes.map(({ kind, ...outcome }) => ({ ...outcome, outcome: kind })),
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function table(outcomes: readonly Outcome[]): string {
  const rows = [...tally(outcomes), { family: "all", ...counts(outcomes) }];
  const width = Math.max(...rows.map(({ family }) => family.length));
  const line = (first: string, cells: readonly string[]) =>
    `  ${first.padEnd(width)}${cells.map((cell) => cell.padStart(13)).join("")}`;
  return [
    line("", COLUMNS),
    ...rows.map((row) =>
      line(
        row.family,
        COLUMNS.map((kind) => (row[kind] === 0 ? "·" : String(row[kind]))),
      ),
    ),
  ].join("\n");
}

function linesOf(outcome: Outcome): readonly string[] {
  const name = `${outcome.id} (${outcome.family})`;
  switch (outcome.kind) {
    case "passed":
    case "unsupported":
      return [];
    case "failed":
      return [
        `  FAILED ${name}`,
        ...outcome.mismatches.map(
          ({ path, expected, got }) => `    ${path || "answer"}: expected ${expected}, got ${got}`,
        ),
      ];
    case "blind":
      return [`  computed ${name}: ${JSON.stringify(outcome.value)}`];
  }
}

/** One line for each reason of a family: a family that nobody computes is one fact, not two hundred. */
function unsupportedLines(outcomes: readonly Outcome[]): readonly string[] {
  const ids = new Map<string, string[]>();
  for (const outcome of outcomes) {
    if (outcome.kind !== "unsupported") continue;
    const reason = `${outcome.family}: ${outcome.why}`;
    ids.set(reason, [...(ids.get(reason) ?? []), outcome.id]);
  }
  return [...ids].map(([reason, { 0: first, length }]) =>
    length === 1 ? `  unsupported ${reason} (${first})` : `  unsupported ${reason} (${length} cases)`,
  );
}
