/*
 * A small CSV: no quotes, because none of our columns can hold a comma. Every cell knows its line and its column, so that
 * a refusal can say where to look.
 */

/** A scenario file that cannot be played. The message names file, line and column. */
export class ScenarioRefused extends Error {
  override readonly name = "ScenarioRefused";
}

export interface CsvRow {
  /** Line in the file, from 1. */
  readonly line: number;
  /** The text of a column; empty when the file has no such column. */
  text(column: string): string;
  /** What to say about this row, naming the column. */
  refusal(column: string, sentence: string): ScenarioRefused;
}

export interface CsvTable {
  readonly columns: readonly string[];
  readonly rows: readonly CsvRow[];
}

/**
 * Returns the rows of a CSV text. Empty lines and lines that start with `#` are comments; the first other line names the
 * columns.
 *
 * @throws ScenarioRefused when a required column is missing, a column comes twice, or a row has another number of cells.
 */
export function readCsv(file: string, text: string, required: readonly string[]): CsvTable {
  const lines = text.split(/\r?\n/).map((content, index) => ({ content: content.trim(), line: index + 1 }));
  const [header, ...body] = lines.filter(({ content }) => content !== "" && !content.startsWith("#"));
  if (header === undefined) throw new ScenarioRefused(`${file}: expected a line with column names; found nothing`);

  const columns = header.content.split(",").map((name) => name.trim());
  for (const name of required) {
    if (!columns.includes(name)) {
      throw new ScenarioRefused(
        `${file} line ${header.line}: expected a column ${name}; found ${columns.join(", ").slice(0, 200)}`,
      );
    }
  }
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) throw new ScenarioRefused(`${file} line ${header.line}: column ${twice} comes twice`);

  return { columns, rows: body.map(({ content, line }) => row(file, line, content.split(","), columns)) };
}

function row(file: string, line: number, cells: readonly string[], columns: readonly string[]): CsvRow {
  if (cells.length !== columns.length) {
    throw new ScenarioRefused(`${file} line ${line}: expected ${columns.length} cells; found ${cells.length}`);
  }
  return {
    line,
    text: (column) => (cells[columns.indexOf(column)] ?? "").trim(),
    refusal: (column, sentence) => new ScenarioRefused(`${file} line ${line}, column ${column}: ${sentence}`),
  };
}
